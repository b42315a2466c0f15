import { murmur3 } from "../../lib/hash.ts";

const TWO_32 = 4_294_967_296;

/** Gives a number from 0 up to 1, each time another one. */
export type Random = () => number;

/** The draws of one made-up visitor: the same for the same seed and number, whatever others draw meanwhile. */
export function randomOf(seed: number, visitor: number): Random {
  let draws = 0;
  return () => {
    draws += 1;
    return murmur3(`${visitor}/${draws}`, seed) / TWO_32;
  };
}
