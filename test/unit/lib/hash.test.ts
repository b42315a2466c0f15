import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begun, bucket, ended, murmur3, unit } from "../../../src/lib/hash.ts";
import { check } from "../../support/property.ts";

const rotated = (word: number, by: number) => (word << by) | (word >>> (32 - by));

/** MurmurHash3 x86-32 as its author wrote it: over bytes, block by block, with the tail at the end. */
function reference(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  const scrambled = (k: number) => Math.imul(rotated(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  let h = seed;
  const blocks = Math.floor(bytes.length / 4);
  for (let block = 0; block < blocks; block += 1) {
    h ^= scrambled(view.getUint32(block * 4, true));
    h = Math.imul(rotated(h, 13), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks * 4; at -= 1) tail = (tail << 8) | (bytes[at] ?? 0);
  h ^= scrambled(tail) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Characters of each length in UTF-8, halves of pairs among them, between runs of ASCII of every length. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme-ascii", maxLength: 9 }),
      fc.constantFrom("é", "\u007F", "\u0080", "\u07FF", "\u0800", "漢", "🎉", "\uD83C", "\uDF89"),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));
const seeds = fc.nat(4);

describe("MurmurHash3", () => {
  test("is that of the text's bytes in UTF-8", () => {
    check(
      fc.property(texts, seeds, (text, seed) => {
        expect(murmur3(text, seed)).toBe(reference(text, seed));
      }),
      { runs: 2000 },
    );
  });

  test("goes on from a beginning that texts share", () => {
    check(
      fc.property(texts, texts, seeds, (first, second, seed) => {
        const beginning = begun(`${first}\n`, seed);
        expect(ended(beginning, second)).toBe(murmur3(`${first}\n${second}`, seed));
        expect(ended(beginning, "")).toBe(murmur3(`${first}\n`, seed));
        expect(bucket(seed, first, second)).toBe(unit(murmur3(`${first}\n${second}`, seed)));
      }),
      { runs: 1000 },
    );
  });
});
