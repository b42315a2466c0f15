/**
 * A threshold on one draw: the canary where `u * 100 < percent`.
 * Invariant: the visitors below a threshold are among those below any higher one, so raising the
 * percent only ever adds visitors.
 */
import { message, words } from "../../lib/strict-object.ts";
import * as v from "valibot";

import { SEED, drawn, ended, unit, type Hashing } from "../../lib/hash.ts";
import { millis } from "../../lib/instant-text.ts";
import type { Fields, Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { LeafNode, Variant } from "../compiled.ts";
import {
  checkRamp,
  compileRamp,
  rampPercent,
  stepInstants,
  waitingStep,
  type Ramp,
} from "../ramp.ts";
import { LeaseSchema, RampSchema, type LeaseInput, type RampInput } from "../time.ts";
import { OriginSchema, type OriginInput } from "../origin-values.ts";
import { percent } from "../values.ts";
import type { Choice, LeafStrategy } from "./definition.ts";
import { namedFields } from "./named-fields.ts";
import { keepsAtZero } from "./pins.ts";

/** A stable origin and a canary with a share of the visitors. */
export interface Canary extends Common {
  strategy: "canary";
  stable: OriginInput;
  canary: OriginInput;
  percent?: number;
  ramp?: RampInput;
  lease?: LeaseInput;
}

export interface CanaryNode extends LeafNode {
  readonly stable: Variant;
  readonly canary: Variant;
  readonly percent: number;
  readonly ramp: Ramp | undefined;
  readonly leaseUntilMs: number | undefined;
  /** The hash of its salt: the same for all visitors. */
  readonly draw: Hashing;
}

/** Whether the lease has lapsed: from `until` on the canary has nobody. */
function isLapsed(node: CanaryNode, now: number): boolean {
  return node.leaseUntilMs !== undefined && now >= node.leaseUntilMs;
}

/** The canary's share at a time, in percent. */
export function canaryPercent(node: CanaryNode, now: number): number {
  if (isLapsed(node, now)) return 0;
  return node.ramp === undefined ? node.percent : rampPercent(node.ramp, now);
}

function decide(node: CanaryNode, who: () => { readonly visitor: string }, now: number): Choice {
  if (isLapsed(node, now)) return { variant: node.stable, reason: "lease-expired" };
  const reason = node.ramp === undefined ? "split" : "ramp";
  const isIn = unit(ended(node.draw, who().visitor)) * 100 < canaryPercent(node, now);
  return { variant: isIn ? node.canary : node.stable, reason };
}

function waitsAt(node: CanaryNode, now: number): string | undefined {
  return words(() => {
    const step =
      node.ramp === undefined || isLapsed(node, now) ? undefined : waitingStep(node.ramp, now);
    return step === undefined
      ? ""
      : `waits at step ${step} of ${node.ramp?.steps.length} until the next is earned`;
  });
}

function check(written: Fields, report: Report): void {
  if ("percent" in written && "ramp" in written) {
    report(
      ["ramp"],
      message(
        '"percent" and "ramp" both say how many visitors the canary gets',
        "keep one of them",
      ),
    );
  } else if (!("percent" in written) && !("ramp" in written)) {
    report(
      [],
      message('the canary has neither "percent" nor "ramp"', 'add for example "percent": 5'),
    );
  }
  checkRamp(written, report);
}

/** A share of the visitors for the canary, the rest for stable. */
export const canary: LeafStrategy<Canary, CanaryNode> = {
  kind: "leaf",
  title: words("canary policy"),
  splits: true,
  pins: true,
  rescues: true,
  ...namedFields(["stable", "canary"]),
  entries: () => ({
    stable: OriginSchema,
    canary: OriginSchema,
    percent: v.exactOptional(percent()),
    ramp: v.exactOptional(RampSchema),
    lease: v.exactOptional(LeaseSchema),
  }),
  check,
  compile(written, leaf) {
    const [stable, second = stable] = leaf.variants;
    return {
      ...leaf,
      stable,
      canary: second,
      percent: written.percent ?? 0,
      ramp: written.ramp && compileRamp(written.ramp, leaf.guard?.earn ?? false),
      leaseUntilMs: written.lease && millis(written.lease.until),
      draw: drawn(SEED.split, leaf.salt),
    };
  },
  asksWho: () => true,
  marks: () => false,
  keeps: () => undefined,
  decide,
  shares(node, now) {
    const share = canaryPercent(node, now) / 100;
    return [1 - share, share];
  },
  instants: ({ ramp, leaseUntilMs }) => [
    ...(ramp === undefined ? [] : stepInstants(ramp)),
    ...(leaseUntilMs === undefined ? [] : [leaseUntilMs]),
  ],
  defaultVariant: (node) => node.stable,
  guard: {
    actions: ["abort", "pause", "force-control", "alert"],
    compares: true,
    waits: waitsAt,
    controls: () => ["stable"],
    advised: true,
    control: (node) => node.stable,
    ramp: ({ ramp }) => ramp,
    lapsesAt: ({ leaseUntilMs }) => leaseUntilMs,
  },
  honoursPin(node, variant, now) {
    if (variant === node.stable) return canaryPercent(node, now) < 100 || keepsAtZero(node);
    return !isLapsed(node, now) && (canaryPercent(node, now) > 0 || keepsAtZero(node));
  },
  /** Only to stable: a failing stable must never drive everybody onto the canary. */
  rescuer: (node, failed) => (failed === node.canary ? node.stable : undefined),
};
