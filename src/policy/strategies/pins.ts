import type { LeafNode } from "../compiled.ts";

/** Whether a pin outlives a weight or percent of 0. */
export function keepsAtZero({ sticky }: LeafNode): boolean {
  return sticky !== false && sticky.onZero === "keep";
}
