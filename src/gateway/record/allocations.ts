import { allocationOf, type Allocation } from "../../decide/allocation.ts";
import type { LeafNode } from "../../policy/compiled.ts";

/** An allocation and how long it lasts: from one instant to right before another (ms since the epoch). */
interface Lasting {
  readonly allocation: Allocation;
  readonly from: number;
  readonly until: number;
}

/**
 * Which allocation is in force, worked out once between two instants at which the clock changes it.
 * Until then each node gives the very same object.
 */
export class Allocations {
  readonly #known = new WeakMap<LeafNode, Lasting>();

  of(node: LeafNode, now: number): Allocation {
    const known = this.#known.get(node);
    if (known !== undefined && known.from <= now && now < known.until) return known.allocation;
    let [from, until] = [-Infinity, Infinity];
    for (const instant of node.definition.instants(node)) {
      if (instant > now) until = Math.min(until, instant);
      else from = Math.max(from, instant);
    }
    const allocation = allocationOf(node, now);
    this.#known.set(node, { allocation, from, until });
    return allocation;
  }
}
