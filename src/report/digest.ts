import { fingerprint } from "../lib/hash.ts";

/**
 * A fingerprint of a policy text, the same in ledger, hub, isolate and KV's metadata: two hashes
 * (MurmurHash3, seeds 1 and 2, base 36) and the length, `-` between. It tells texts apart that no
 * adversary chose: whoever can write a text to KV rules it anyway. `absent` where there is none.
 */
export function textDigest(text: string | null): string {
  return text === null ? "absent" : `${fingerprint(text)}-${text.length}`;
}
