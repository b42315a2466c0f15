import type { CompiledPolicy } from "../../policy/compiled.ts";

/** A policy as it is served. */
export interface Route {
  readonly key: string;
  readonly policy: CompiledPolicy;
  /** A fingerprint of the stored text: MurmurHash3, seed 0, eight hexadecimal digits. */
  readonly version: string;
}

/** What is known of one key. */
export interface Entry {
  /** The text last read; null where KV has no such key. */
  readonly text: string | null;
  /** The last good policy. */
  readonly route: Route | undefined;
  readonly checkedAt: number;
  /** Nobody else refreshes before this time. */
  refreshUntil: number;
}

/** Characters of one policy text; a longer one is refused as invalid. */
export const MAX_POLICY_CHARS = 4_194_304;

/** A key's share of memory, in characters of its text: what is longer is kept apart, and pushes no policy within its share out. */
export const SHARE_CHARS = 65_536;

/** Characters of all policies within their share together: compiled they take several times that of an isolate's 128 MB. */
export const MAX_CACHED_CHARS = 6_291_456;

/** And of all longer ones: the longest fits. */
export const MAX_LARGE_CHARS = 4_194_304;

/** One kind of entries, those longest unread first. */
class Pool {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #maxChars: number;
  #chars = 0;

  constructor(maxEntries: number, maxChars: number) {
    this.#maxEntries = maxEntries;
    this.#maxChars = maxChars;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  delete(key: string): void {
    this.#chars -= charsOf(this.#entries.get(key));
    this.#entries.delete(key);
  }

  /** Puts an entry at the end, where what is in use stands, and drops what there is no room for. */
  set(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#chars += charsOf(entry);
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#maxEntries || this.#chars > this.#maxChars;
      if (!isFull || this.#entries.size === 1) return;
      this.delete(oldest);
    }
  }
}

const charsOf = (entry: Entry | undefined): number => entry?.text?.length ?? 0;

/**
 * What an isolate remembers of keys, within bounds. Absent keys, policies within a key's share, and
 * longer ones never push each other out: neither a stream of invented keys nor a tenant's giant
 * policy costs another tenant theirs.
 */
export class PolicyMemory {
  readonly #absent: Pool;
  readonly #small: Pool;
  readonly #large: Pool;

  /** `maxRoutes` policies at most, and as many absent keys. */
  constructor(maxRoutes: number) {
    this.#absent = new Pool(maxRoutes, Infinity);
    this.#small = new Pool(maxRoutes, MAX_CACHED_CHARS);
    this.#large = new Pool(maxRoutes, MAX_LARGE_CHARS);
  }

  /** Keys in memory, absent ones included. */
  get size(): number {
    return this.#absent.size + this.#small.size + this.#large.size;
  }

  get(key: string): Entry | undefined {
    return this.#small.get(key) ?? this.#absent.get(key) ?? this.#large.get(key);
  }

  set(key: string, entry: Entry): void {
    for (const pool of [this.#absent, this.#small, this.#large]) pool.delete(key);
    if (entry.text === null) this.#absent.set(key, entry);
    else (entry.text.length > SHARE_CHARS ? this.#large : this.#small).set(key, entry);
  }
}
