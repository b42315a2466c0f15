import { BASE64URL } from "./base64url.ts";
import { sipHash, type SipKey } from "./siphash.ts";

const TWO_32 = 4_294_967_296;

/** Characters of an id's check: 30 bits, so an invented id is good once in a milliard. */
export const CHECK_CHARS = 5;

const BITS_A_CHAR = 6;

const hex = (half: number) => half.toString(16).padStart(8, "0");

/** What the hub knows a visitor of a route by: 16 hexadecimal digits of SipHash-2-4 of `route ⏎ visitor`. */
export function visitorDigest(key: SipKey, route: string, visitor: string): string {
  const { high, low } = sipHash(key, `${route}\n${visitor}`);
  return hex(high) + hex(low);
}

/**
 * The check behind an id in the cookie: the low 30 bits of SipHash-2-4 of the id alone, in base64url.
 * A digest's text has a line feed and an id has none, so that neither tells anything of the other.
 */
export function idCheck(key: SipKey, id: string): string {
  const { low } = sipHash(key, id);
  let check = "";
  for (let shift = BITS_A_CHAR * (CHECK_CHARS - 1); shift >= 0; shift -= BITS_A_CHAR)
    check += BASE64URL.charAt((low >>> shift) & 63);
  return check;
}

/** A visitor's place in 0…1: after `k` halvings those below 2^-k are in the sample. */
export function sampleUnit(digest: string): number {
  return Number.parseInt(digest.slice(0, 8), 16) / TWO_32;
}
