/**
 * One colour serves everybody; `next` changes it at one instant, by the clock and nothing else.
 * Invariant: the answer depends on the policy, the time and when the visitor was first seen, so
 * every machine with the same clock gives the same one.
 */
import type { BlueGreenNode, Variant } from "../../policy/compiled.ts";
import type { Strategy } from "./choice.ts";

/** The colour for newcomers at a time: the new one from the very instant of the cut-over. */
export function activeColour(node: BlueGreenNode, now: number): Variant {
  return node.next !== undefined && now >= node.next.atMs ? node.next.active : node.active;
}

/** One colour for everybody, but for those who were here before a cut-over that still drains. */
export const blueGreen: Strategy<BlueGreenNode> = (node, who, now) => {
  const { next } = node;
  const active = activeColour(node, now);
  const changes = next !== undefined && next.active !== node.active;
  if (!changes || next.drainMs === 0 || now >= next.atMs + next.drainMs)
    return { variant: active, reason: "active" };
  // Asked before the cut-over too: it is the cookie given then that marks who was here.
  const seenAt = who().known?.seenAt;
  const stays = now >= next.atMs && seenAt !== undefined && seenAt < next.atMs;
  return stays
    ? { variant: node.active, reason: "draining" }
    : { variant: active, reason: "active" };
};
