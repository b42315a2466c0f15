import type { LeafNode, Variant } from "../compiled.ts";

/** Who helps where no variant is the safe one: the heaviest other that has weight at all. */
export function heaviestOther({ variants }: LeafNode, failed: Variant): Variant | undefined {
  // Names, not places in the list, settle a tie: the order of variants means nothing.
  return variants
    .filter((other) => other !== failed && other.weight > 0)
    .toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))[0];
}
