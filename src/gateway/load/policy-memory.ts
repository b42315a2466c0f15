import type { CompiledPolicy } from "../../policy/compiled.ts";
import { MAX_COMPILED_BYTES, MAX_TEXT_CHARS } from "../../policy/limits.ts";
import type { Heard } from "../../report/newer.ts";

/** A policy as it is served. */
export interface Route {
  readonly key: string;
  readonly policy: CompiledPolicy;
  /** A fingerprint of the stored text: MurmurHash3, seed 0, eight hexadecimal digits. */
  readonly version: string;
}

/** Where a text came from. */
export type Source = "kv" | "hub" | "colo" | "snapshot";

/** What is known of one key. */
export interface Entry {
  /** The text last read; null where there is no such key. */
  readonly text: string | null;
  /** The last good policy. */
  readonly route: Route | undefined;
  /** The ledger's number of the text; `undefined` for one without. */
  readonly version: number | undefined;
  /** What was ever heard of the key: nothing older is taken up again. */
  readonly heard: Heard;
  /** Who said last that this is the text. */
  source: Source;
  /** When the text was last known to be the newest (ms), as far as nobody who may know better is being asked. */
  checkedAt: number;
  /** When KV last said so while the hub was being asked too (ms): it counts when that wait is over. */
  kvAt: number;
  /** Whether the hub has never heard of the key, so that KV alone speaks for it. */
  isUnknown: boolean;
  /** `textDigest` of the text, once somebody asked for it. */
  digest: string | undefined;
  /** Digest of a text without a number that KV gave and that was not served: the hub is to look at it. */
  seen: string | undefined;
  /** When it was last copied for the colo (ms). */
  copiedAt: number;
}

/** A key's share of memory (bytes), its text and what is made of it: what takes more is kept apart, and pushes no policy within its share out. */
export const SHARE_BYTES = 524_288;

/** All policies within their share together (bytes): a quarter of an isolate's 128 MB. */
export const MAX_SMALL_BYTES = 33_554_432;

const BYTES_PER_CHAR = 2;

/** All policies beyond their share together (bytes): the largest fits. */
export const MAX_LARGE_BYTES = MAX_COMPILED_BYTES + BYTES_PER_CHAR * MAX_TEXT_CHARS;

/** One kind of entries, those longest unread first. */
class Pool {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  delete(key: string): void {
    this.#bytes -= bytesOf(this.#entries.get(key));
    this.#entries.delete(key);
  }

  /** Puts an entry at the end, where what is in use stands, and drops what there is no room for. */
  set(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += bytesOf(entry);
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#maxEntries || this.#bytes > this.#maxBytes;
      if (!isFull || this.#entries.size === 1) return;
      this.delete(oldest);
    }
  }
}

const bytesOf = (entry: Entry | undefined): number =>
  (entry?.text?.length ?? 0) * BYTES_PER_CHAR + (entry?.route?.policy.size ?? 0);

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
    this.#small = new Pool(maxRoutes, MAX_SMALL_BYTES);
    this.#large = new Pool(maxRoutes, MAX_LARGE_BYTES);
  }

  /** Keys in memory, absent ones included. */
  get size(): number {
    return this.#absent.size + this.#small.size + this.#large.size;
  }

  get(key: string): Entry | undefined {
    return this.#small.get(key) ?? this.#absent.get(key) ?? this.#large.get(key);
  }

  /** Whether a key was there when it was last read. */
  hasText(key: string): boolean {
    return typeof this.get(key)?.text === "string";
  }

  /** Forgets that a key is absent, or that any is. */
  forgetAbsent(key?: string): void {
    if (key === undefined) this.#absent.clear();
    else this.#absent.delete(key);
  }

  /** Keeps an entry as the one that was in use last. */
  set(key: string, entry: Entry): void {
    for (const pool of [this.#absent, this.#small, this.#large]) pool.delete(key);
    if (entry.text === null) this.#absent.set(key, entry);
    else (bytesOf(entry) > SHARE_BYTES ? this.#large : this.#small).set(key, entry);
  }
}
