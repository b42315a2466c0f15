/**
 * One colour serves everybody; `next` changes it at one instant, by the clock and nothing else.
 * Invariant: the answer depends on the policy, the time and when the visitor was first seen, so
 * every machine with the same clock gives the same one.
 */
import { message, words } from "../../lib/strict-object.ts";
import * as v from "valibot";

import { millis } from "../../lib/instant-text.ts";
import { isFields, type Fields, type Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { LeafNode, Variant } from "../compiled.ts";
import { mayKnowByCookie } from "../fields/sticky.ts";
import { NextSchema, type NextInput } from "../time.ts";
import { OriginSchema, type OriginInput } from "../origin-values.ts";
import { word } from "../values.ts";
import type { Asker, Choice, LeafStrategy } from "./definition.ts";
import { namedFields } from "./named-fields.ts";
import { heaviestOther } from "./rescuer.ts";

type Colour = "blue" | "green";

/** One colour serves everybody. */
export interface BlueGreen extends Common {
  strategy: "blue-green";
  blue: OriginInput;
  green: OriginInput;
  active: Colour;
  next?: NextInput;
}

export interface BlueGreenNode extends LeafNode {
  readonly active: Variant;
  readonly next:
    | { readonly active: Variant; readonly atMs: number; readonly drainMs: number }
    | undefined;
}

/** The colour for newcomers at a time: the new one from the very instant of the cut-over. */
function activeColour(node: BlueGreenNode, now: number): Variant {
  return node.next !== undefined && now >= node.next.atMs ? node.next.active : node.active;
}

/** Whether the cut-over moves visitors, and those who were here before it have not all left. */
function marks({ active, next }: BlueGreenNode, now: number): boolean {
  if (next === undefined || next.active === active || next.drainMs === 0) return false;
  return now < next.atMs + next.drainMs;
}

/** The colour before the cut-over, while it may still be there: until the drain is over, where there is one. */
function wayBack({ active, next }: BlueGreenNode, now: number): Variant | undefined {
  if (next === undefined || next.active === active || now < next.atMs) return undefined;
  const isGone = next.drainMs > 0 && now >= next.atMs + next.drainMs;
  return isGone ? undefined : active;
}

function keeps({ active, next }: BlueGreenNode, who: () => Asker, now: number): Choice | undefined {
  // Asked before the cut-over too: it is the cookie given then that marks who was here.
  const seenAt = who().known?.seenAt;
  const stays =
    next !== undefined && now >= next.atMs && seenAt !== undefined && seenAt < next.atMs;
  return stays ? { variant: active, reason: "draining" } : undefined;
}

/** A drain knows by the cookie who was here: without it, it would keep nobody and say nothing. */
function check({ next }: Fields, report: Report, { sticky }: Fields): void {
  const drain = isFields(next) ? next["drainSeconds"] : undefined;
  if (typeof drain !== "number" || drain <= 0 || mayKnowByCookie(sticky)) return;
  report(
    ["next", "drainSeconds"],
    message('keeps visitors who have a cookie, and "sticky" gives them none', () =>
      sticky === false
        ? 'take "sticky": false away, or "drainSeconds"'
        : 'add "cookie" to "by" of "sticky", or take "drainSeconds" away',
    ),
  );
}

/** One colour for everybody, but for those who were here before a cut-over that still drains. */
export const blueGreen: LeafStrategy<BlueGreen, BlueGreenNode> = {
  kind: "leaf",
  title: words("blue-green policy"),
  splits: true,
  pins: false,
  rescues: false,
  ...namedFields(["blue", "green"]),
  entries: () => ({
    blue: OriginSchema,
    green: OriginSchema,
    active: word(["blue", "green"]),
    next: v.exactOptional(NextSchema),
  }),
  check,
  compile(written, leaf) {
    const [blue, green = blue] = leaf.variants;
    const coloured = (name: Colour) => (name === "blue" ? blue : green);
    return {
      ...leaf,
      active: coloured(written.active),
      next: written.next && {
        active: coloured(written.next.active),
        atMs: millis(written.next.at),
        drainMs: (written.next.drainSeconds ?? 0) * 1000,
      },
    };
  },
  asksWho: ({ next }) => (next?.drainSeconds ?? 0) > 0,
  marks,
  keeps,
  decide: (node, _who, now) => ({ variant: activeColour(node, now), reason: "active" }),
  shares(node, now) {
    const active = activeColour(node, now);
    return node.variants.map((variant) => (variant === active ? 1 : 0));
  },
  instants: ({ next }) => (next === undefined ? [] : [next.atMs, next.atMs + next.drainMs]),
  defaultVariant: activeColour,
  guard: {
    actions: ["switch-back", "alert"],
    compares: false,
    controls: () => [],
    advised: false,
    control: wayBack,
    ramp: () => undefined,
    lapsesAt: () => undefined,
  },
  honoursPin: () => false,
  rescuer: heaviestOther,
};
