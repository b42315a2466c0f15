import { allocationOf } from "../../decide/allocation.ts";
import type { LeafNode } from "../../policy/compiled.ts";
import type { Span } from "./experiments.ts";

/** Of one node: what it gives until the clock changes it. */
const current = new WeakMap<
  LeafNode,
  { readonly from: number; readonly until: number; readonly id: string }
>();

/** The id of the allocation in force at a time; worked out anew only where the clock changed it. */
function idAt(node: LeafNode, now: number): string {
  const known = current.get(node);
  if (known !== undefined && now >= known.from && now < known.until) return known.id;
  const { id } = allocationOf(node, now);
  const until = Math.min(...node.definition.instants(node).filter((at) => at > now));
  current.set(node, { from: now, until, id });
  return id;
}

/** What a timeline is brought up to date by. */
export interface Present {
  /** The split in the newest policy; `undefined` where it is in none. */
  readonly node: LeafNode | undefined;
  /** Since when that policy rules (ms); `undefined` where nobody knows. */
  readonly ruledFrom: number | undefined;
  /** The first that was heard of what was not yet known (ms). */
  readonly heardFrom: number;
  readonly now: number;
}

/**
 * The spans of time in which each allocation was in force, up to now: from when a policy was accepted,
 * and at the instants at which its clock changes it. The same list where nothing changed. Pure, but
 * for what it remembers of a node.
 */
export function broughtUpTo(
  timeline: readonly Span[],
  { node, ruledFrom, heardFrom, now }: Present,
): readonly Span[] {
  const last = timeline.at(-1);
  const id = node === undefined ? "" : idAt(node, now);
  if (last?.[1] === id || (last === undefined && id === "")) return timeline;
  // Of what was never heard of before nothing is known that lies behind.
  if (last === undefined) return [[Math.min(heardFrom, now), id]];
  const instants = node === undefined ? [] : node.definition.instants(node);
  const points =
    ruledFrom === undefined
      ? []
      : [ruledFrom, ...instants]
          .filter((at) => at >= ruledFrom && at > last[0] && at <= now)
          .toSorted((one, other) => one - other);
  const spans = [...timeline];
  for (const at of points) {
    const then = node === undefined ? "" : allocationOf(node, at).id;
    if (then !== spans.at(-1)?.[1]) spans.push([at, then]);
  }
  const [lastFrom, lastId] = spans.at(-1) ?? last;
  if (lastId !== id) spans.push([Math.max(lastFrom + 1, Math.min(heardFrom, now)), id]);
  return spans;
}

/** The allocation in force at a time; `undefined` before all that is known. */
export function inForceAt(timeline: readonly Span[], at: number): string | undefined {
  return timeline.findLast(([from]) => from <= at)?.[1];
}
