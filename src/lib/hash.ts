/**
 * The stability contract: MurmurHash3 x86-32 (Austin Appleby, public domain, smhasher) over UTF-8.
 * Changing anything here moves visitors and is a breaking release; `test/vectors` holds it still.
 */

/** One seed per purpose, so that no two draws on one visitor are correlated. */
export const SEED = { split: 1, coverage: 2, group: 3, mirror: 4 } as const;

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const REPLACEMENT = 0xfffd;
const TWO_32 = 4_294_967_296;

function mixed(word: number): number {
  const k = Math.imul(word, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

function stirred(h: number, word: number): number {
  const x = h ^ mixed(word);
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
}

/** How far a hash has come: what texts with the same beginning share. */
export interface Hashing {
  readonly h: number;
  /** Bytes of the word that is not whole yet. */
  readonly word: number;
  /** Bytes so far. */
  readonly bytes: number;
}

/** A hash that has read one text more, which must not end with half a character where another follows. */
export function read(text: string, { h: from, word: open, bytes: before }: Hashing): Hashing {
  let h = from;
  let word = open;
  let bytes = before;
  const end = text.length;
  for (let i = 0; i < end; i += 1) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      const shift = (bytes & 3) << 3;
      // Nearly all that is hashed is ASCII: four characters are a word.
      if (i + 4 <= end) {
        // Written out, with no call and no list taken apart: a policy's text is read before the engine has optimised this.
        const second = text.charCodeAt(i + 1);
        const third = text.charCodeAt(i + 2);
        const fourth = text.charCodeAt(i + 3);
        if ((second | third | fourth) < 0x80) {
          const four = code | (second << 8) | (third << 16) | (fourth << 24);
          const k = Math.imul(word | (four << shift), C1);
          const x = h ^ Math.imul((k << 15) | (k >>> 17), C2);
          h = (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
          word = shift === 0 ? 0 : four >>> (32 - shift);
          bytes += 4;
          i += 3;
          continue;
        }
      }
      word |= code << shift;
      bytes += 1;
      if ((bytes & 3) === 0) {
        h = stirred(h, word);
        word = 0;
      }
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = i + 1 < end ? text.charCodeAt(i + 1) : 0;
      if (code <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 1;
      } else {
        code = REPLACEMENT;
      }
    }
    const length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let left = length - 1; left >= 0; left -= 1) {
      const bits = (code >>> (6 * left)) & 0x3f;
      const byte =
        left < length - 1 ? 0x80 | bits : ((0xf00 >> length) & 0xff) | (code >>> (6 * left));
      word |= byte << ((bytes & 3) << 3);
      bytes += 1;
      if ((bytes & 3) === 0) {
        h = stirred(h, word);
        word = 0;
      }
    }
  }
  return { h, word, bytes };
}

/** Begins the hash of all texts that begin with this one, which must not end with half a character. */
export const begun = (text: string, seed: number): Hashing =>
  read(text, { h: seed | 0, word: 0, bytes: 0 });

/** The hash of what was begun with and of the rest: `ended(begun(a, seed), b)` is `murmur3(a + b, seed)`. */
export function ended(beginning: Hashing, rest: string): number {
  const { h: almost, word, bytes } = read(rest, beginning);
  let h = (bytes & 3) === 0 ? almost : almost ^ mixed(word);
  h ^= bytes;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash of a text as an unsigned 32-bit number. Lone surrogates count as U+FFFD, as in `TextEncoder`. */
export const murmur3 = (text: string, seed: number): number =>
  ended({ h: seed | 0, word: 0, bytes: 0 }, text);

const FINGERPRINT_SEEDS = [1, 2];

/** Tells texts apart that no adversary chose: two hashes (seeds 1 and 2, base 36), `-` between. */
export const fingerprint = (text: string): string =>
  FINGERPRINT_SEEDS.map((seed) => murmur3(text, seed).toString(36)).join("-");

/** A hash as a number strictly between 0 and 1: `(hash + 0.5) / 2^32`. */
export function unit(hash: number): number {
  return (hash + 0.5) / TWO_32;
}

/** Begins all draws for one purpose under one salt. */
export const drawn = (seed: number, salt: string): Hashing => begun(`${salt}\n`, seed);

/** The visitor's place in (0, 1) for one purpose under one salt. */
export const bucket = (seed: number, salt: string, visitor: string): number =>
  unit(ended(drawn(seed, salt), visitor));
