import { decide } from "../decide/decide.ts";
import type { CompiledPolicy, LeafNode } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import { leavesOf } from "../policy/leaves.ts";
import { formatInstant } from "../lib/instant-text.ts";
import { previewPath, type Move } from "./preview-path.ts";
import { syntheticFacts, syntheticId, type Asked } from "./synthetic.ts";

/** Synthetic visitors sent at each later instant: shares are known to about four percentage points (99 %), and a plan stays quick. */
export const LATER_VISITORS = 1_000;

/** Synthetic visitors who find out which policies serve a path: rules may send some elsewhere. */
const SCOUTS = 20;

/** Instants looked at on one path, the nearest first: each costs a tenth of the path's own preview. */
export const MAX_INSTANTS = 4;

/** Who has moved by a later instant, held against what serves now. */
export interface LaterMoves {
  readonly at: string;
  readonly path: string;
  readonly visitors: number;
  readonly moved: number;
  readonly moves: readonly Move[];
}

const instantsOf = (leaves: Iterable<LeafNode>): number[] =>
  [...leaves].flatMap((leaf) => [...leaf.definition.instants(leaf)]);

/** The instants at which the clock alone changes what a policy does (ms since the epoch). */
export const instantsIn = (policy: CompiledPolicy): ReadonlySet<number> =>
  new Set(instantsOf(leavesOf(policy)));

/** How later instants are looked at. */
interface LaterOptions {
  readonly asked: Asked;
  /** Instants of the policy before: they are not news. */
  readonly known: ReadonlySet<number>;
  /** Synthetic visitors sent at each. */
  readonly visitors: number;
}

/** The leaves that serve a path. */
function servingLeaves(policy: CompiledPolicy, base: Facts, asked: Asked): Set<LeafNode> {
  const leaves = new Set<LeafNode>();
  const factsOf = syntheticFacts(base, asked);
  for (let n = 0; n < SCOUTS; n += 1) {
    const outcome = decide(policy, factsOf(syntheticId(n)));
    if (outcome.do === "forward") leaves.add(outcome.node);
  }
  return leaves;
}

/**
 * Who moves from one policy to another not at once but by the clock: at a cut-over, along a ramp, at
 * the end of a lease. Instants that were there before the change are not news, and those that move
 * nobody beyond what the one before them did are not shown; `leftOut` counts those that were not
 * looked at. Pure.
 */
export function laterMoves(
  before: CompiledPolicy,
  after: CompiledPolicy,
  base: Facts,
  { asked, known, visitors: count }: LaterOptions,
): { readonly shown: readonly LaterMoves[]; readonly leftOut: number } {
  const upcoming = instantsOf(servingLeaves(after, base, asked)).filter(
    (at) => at > base.now && !known.has(at),
  );
  const instants = [...new Set(upcoming)].toSorted((a, b) => a - b);
  const shown: LaterMoves[] = [];
  if (instants.length === 0) return { shown, leftOut: 0 };
  let last = "[]";
  for (const at of instants.slice(0, MAX_INSTANTS)) {
    const { path, visitors, moved, moves } = previewPath(before, after, base, count, at, asked);
    const text = JSON.stringify(moves);
    if (text !== last) shown.push({ at: formatInstant(at), path, visitors, moved, moves });
    last = text;
  }
  return { shown, leftOut: Math.max(0, instants.length - MAX_INSTANTS) };
}
