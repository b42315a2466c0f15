import type { CompiledPolicy, Variant } from "../policy/compiled.ts";
import { decide } from "../decide/decide.ts";
import type { Decision, Outcome } from "../decide/outcome.ts";
import type { Facts } from "../policy/facts.ts";
import type { LeafNode } from "../policy/compiled.ts";
import { askedBy, syntheticFacts, syntheticId } from "./synthetic.ts";

/** Synthetic visitors of one preview: a share is then known to about one percentage point (99 %). */
export const PREVIEW_VISITORS = 10_000;

/** Where a visitor ends: a variant and its origin. */
export interface Destination {
  readonly variant: string;
  readonly origin: string;
}

/** Visitors who go from one destination to another; `null` where no prefix matches. */
export interface Move {
  readonly from: Destination | null;
  readonly to: Destination | null;
  readonly visitors: number;
}

/** How many visitors a destination has. */
export interface Share {
  readonly at: Destination | null;
  readonly visitors: number;
}

/** What a change does to the visitors of one path. */
export interface PathPreview {
  readonly path: string;
  readonly visitors: number;
  /** Visitors whom another origin, or another variant of the same strategy, serves afterwards. */
  readonly moved: number;
  /** Of them, those whom no weight or percent moves, but a change of what is hashed. */
  readonly reshuffled: number;
  readonly before: readonly Share[];
  readonly after: readonly Share[];
  readonly moves: readonly Move[];
}

const HASHED = new Set(["split", "ramp", "not-covered"]);

const originOf = ({ origin }: Variant): string => origin.origin + origin.base;

function destination(outcome: Outcome): Destination | null {
  switch (outcome.do) {
    case "forward":
      return { variant: outcome.variant.name, origin: originOf(outcome.variant) };
    case "refuse":
      return null;
    default:
      return outcome satisfies never;
  }
}

/** All that a draw depends on beside the visitor; an epoch is left out, for changing one says what it does. */
function hashedBy(node: LeafNode): string {
  const by = node.sticky === false ? false : node.sticky.by;
  return JSON.stringify([node.strategy, node.salt.replace(/@\d+$/, ""), by, node.group?.name]);
}

function hasMoved(before: Outcome, after: Outcome): boolean {
  if (before.do !== "forward" || after.do !== "forward") return before.do !== after.do;
  if (originOf(before.variant) !== originOf(after.variant)) return true;
  return before.variant.name !== after.variant.name && before.node.strategy === after.node.strategy;
}

/** Whether the visitor's old variant is still there by name or origin, and yet was drawn anew. */
function isRedrawn(before: Decision, after: Decision): boolean {
  if (!HASHED.has(before.reason) || !HASHED.has(after.reason)) return false;
  if (before.variant.name === after.variant.name) return false;
  const named = after.node.variants.some(({ name }) => name === before.variant.name);
  const sameOrigin = after.node.variants.some((one) => originOf(one) === originOf(before.variant));
  // Names are part of a weighted draw: a new name for the same origin draws its visitors anew.
  const renamed = !named && sameOrigin && before.node.strategy === after.node.strategy;
  return renamed || (named && hashedBy(before.node) !== hashedBy(after.node));
}

class Tally<T> {
  readonly #counts = new Map<string, { readonly of: T; visitors: number }>();

  add(of: T): void {
    const key = JSON.stringify(of);
    const entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, { of, visitors: 1 });
    else entry.visitors += 1;
  }

  /** The most frequent first. */
  list(): readonly { readonly of: T; readonly visitors: number }[] {
    return [...this.#counts.values()].toSorted((a, b) => b.visitors - a.visitors);
  }
}

/**
 * Sends the same synthetic visitors through two policies by the engine that serves real ones, and
 * counts who ends elsewhere. `base` says what they all ask for, and when; under the second policy they
 * ask at `afterNow` (ms since the epoch). Pure: the same visitors every time.
 */
export function previewPath(
  before: CompiledPolicy,
  after: CompiledPolicy,
  base: Facts,
  visitors: number = PREVIEW_VISITORS,
  afterNow: number = base.now,
): PathPreview {
  const asked = askedBy([before, after]);
  const moves = new Tally<{ from: Destination | null; to: Destination | null }>();
  const [sharesBefore, sharesAfter] = [
    new Tally<Destination | null>(),
    new Tally<Destination | null>(),
  ];
  let moved = 0;
  let reshuffled = 0;
  for (let n = 0; n < visitors; n += 1) {
    const facts = syntheticFacts(syntheticId(n), base, asked);
    const [old, next] = [decide(before, facts), decide(after, { ...facts, now: afterNow })];
    const [from, to] = [destination(old), destination(next)];
    sharesBefore.add(from);
    sharesAfter.add(to);
    if (!hasMoved(old, next)) continue;
    moved += 1;
    moves.add({ from, to });
    if (old.do === "forward" && next.do === "forward" && isRedrawn(old, next)) reshuffled += 1;
  }
  const shares = (tally: Tally<Destination | null>): Share[] =>
    tally.list().map((one) => ({ at: one.of, visitors: one.visitors }));
  return {
    path: base.path,
    visitors,
    moved,
    reshuffled,
    before: shares(sharesBefore),
    after: shares(sharesAfter),
    moves: moves.list().map((one) => ({ ...one.of, visitors: one.visitors })),
  };
}
