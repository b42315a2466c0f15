/**
 * SipHash-2-4 (Aumasson and Bernstein 2012) over UTF-8: a hash that nobody can foretell without its key.
 * A 64-bit word is two of 32 bits, the low one first: bigints would cost ten times as much.
 */

const KEY = /^[\da-f]{32}$/i;
const WORD_BYTES = 8;
const MAX_ASCII = 0x7f;

/** The 2 and the 4 of the name: after each word, and at the end. */
const ROUNDS = 2;
const FINAL_ROUNDS = 4;

/** The 128 bits of a key: low and high half of its first word, then of its second. */
export type SipKey = readonly number[];

/** 64 bits as two unsigned halves. */
export interface Sip {
  readonly high: number;
  readonly low: number;
}

/** A text's UTF-8, where lone surrogates become U+FFFD. Ids are ASCII, for which the encoder takes longer than the hash. */
function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > MAX_ASCII) return new TextEncoder().encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/** The key that 32 hexadecimal digits stand for, byte by byte as in the paper; undefined for any other text. */
export function readKey(hex: string): SipKey | undefined {
  if (!KEY.test(hex)) return undefined;
  const digits = hex.replaceAll(/(..)(..)(..)(..)/g, "$4$3$2$1");
  return [0, 8, 16, 24].map((at) => Number.parseInt(digits.slice(at, at + 8), 16));
}

/** 1 where adding `part` made `sum` run over 32 bits. */
const carry = (sum: number, part: number): number => (sum >>> 0 < part >>> 0 ? 1 : 0);

/** The 64-bit hash of a text under a key. */
export function sipHash(key: SipKey, text: string): Sip {
  const bytes = utf8(text);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = key;
  // The paper's v0 to v3, each as low and high half. The numbers: "somepseudorandomlygeneratedbytes".
  let a0 = 0x70736575 ^ k0;
  let a1 = 0x736f6d65 ^ k1;
  let b0 = 0x6e646f6d ^ k2;
  let b1 = 0x646f7261 ^ k3;
  let c0 = 0x6e657261 ^ k0;
  let c1 = 0x6c796765 ^ k1;
  let d0 = 0x79746573 ^ k2;
  let d1 = 0x74656462 ^ k3;
  const { length } = bytes;
  for (let at = 0; at <= length + WORD_BYTES; at += WORD_BYTES) {
    let low = 0;
    let high = 0;
    let left = ROUNDS;
    if (at <= length) {
      for (let byte = 3; byte >= 0; byte -= 1) {
        low = (low << 8) | (bytes[at + byte] ?? 0);
        high = (high << 8) | (bytes[at + 4 + byte] ?? 0);
      }
      // The last word is what is left of the bytes, with their number on top.
      if (at + WORD_BYTES > length) high |= length << 24;
    } else {
      c0 ^= 0xff;
      left = FINAL_ROUNDS;
    }
    d0 ^= low;
    d1 ^= high;
    for (; left > 0; left -= 1) {
      a0 = (a0 + b0) | 0;
      a1 = (a1 + b1 + carry(a0, b0)) | 0;
      let old = b0;
      b0 = ((b0 << 13) | (b1 >>> 19)) ^ a0;
      b1 = ((b1 << 13) | (old >>> 19)) ^ a1;
      old = a0;
      a0 = a1;
      a1 = old;
      c0 = (c0 + d0) | 0;
      c1 = (c1 + d1 + carry(c0, d0)) | 0;
      old = d0;
      d0 = ((d0 << 16) | (d1 >>> 16)) ^ c0;
      d1 = ((d1 << 16) | (old >>> 16)) ^ c1;
      a0 = (a0 + d0) | 0;
      a1 = (a1 + d1 + carry(a0, d0)) | 0;
      old = d0;
      d0 = ((d0 << 21) | (d1 >>> 11)) ^ a0;
      d1 = ((d1 << 21) | (old >>> 11)) ^ a1;
      c0 = (c0 + b0) | 0;
      c1 = (c1 + b1 + carry(c0, b0)) | 0;
      old = b0;
      b0 = ((b0 << 17) | (b1 >>> 15)) ^ c0;
      b1 = ((b1 << 17) | (old >>> 15)) ^ c1;
      old = c0;
      c0 = c1;
      c1 = old;
    }
    a0 ^= low;
    a1 ^= high;
  }
  return { high: (a1 ^ b1 ^ c1 ^ d1) >>> 0, low: (a0 ^ b0 ^ c0 ^ d0) >>> 0 };
}
