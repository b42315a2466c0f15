/**
 * Weighted rendezvous (highest random weight; Thaler & Ravishankar 1998, weights by Schindelhauer &
 * Schomaker 2005): each variant scores `-weight / ln(u)` with a u of its own, the highest wins.
 * Invariant: a variant's score depends on nothing but itself, so changing one weight, adding or
 * removing one moves only visitors into or out of that one, and their order means nothing.
 */
import type { Variant, WeightedNode } from "../../policy/compiled.ts";
import { SEED, murmur3, unit } from "../../lib/hash.ts";
import type { Strategy } from "./choice.ts";

/** The winning variant for a visitor; a weight of 0 never wins while another is above 0. */
function rendezvous(
  variants: readonly [Variant, ...Variant[]],
  salt: string,
  visitor: string,
): Variant {
  const start = `${salt}\n${visitor}\n`;
  let best = variants[0];
  let highest = 0;
  for (const variant of variants) {
    if (variant.weight === 0) continue;
    const score = -variant.weight / Math.log(unit(murmur3(start + variant.name, SEED.split)));
    if (score > highest || (score === highest && variant.name < best.name)) {
      best = variant;
      highest = score;
    }
  }
  return best;
}

/** A/B/n by weight. */
export const weighted: Strategy<WeightedNode> = (node, who) => ({
  variant: rendezvous(node.variants, node.salt, who().visitor),
  reason: "split",
});
