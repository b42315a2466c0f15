import { murmur3 } from "../lib/hash.ts";
import { MAX_NAME_CHARS } from "../policy/limits.ts";

/** Any seed will do: the digest only tells long names apart. */
const SEED = 0;

/** A name as policies take it: of one that is too long, its beginning and a digest of the whole. */
function fitting(wanted: string): string {
  if (wanted.length <= MAX_NAME_CHARS) return wanted;
  const digest = `-${murmur3(wanted, SEED).toString(36)}`;
  return wanted.slice(0, MAX_NAME_CHARS - digest.length) + digest;
}

/** Gives names of which each is its own. */
export class Names {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** The name that is wanted, or that with the next number behind it. */
  take(wanted: string): string {
    let name = fitting(wanted);
    while (this.#taken.has(name)) {
      const count = (this.#counts.get(wanted) ?? 1) + 1;
      this.#counts.set(wanted, count);
      name = fitting(`${wanted}-${count}`);
    }
    this.#taken.add(name);
    return name;
  }
}
