import type { Platform } from "../platform.ts";
import { within } from "./within.ts";

/** What KV has under one key. */
export interface KvValue {
  readonly value: string | null;
  readonly metadata: unknown;
}

/** Reads many keys at once: KV, as far as the gateway knows it. */
export type ReadKeys = (keys: string[]) => Promise<ReadonlyMap<string, KvValue>>;

/** A KV read may take so long (ms) before it counts as failed. */
export const KV_TIMEOUT_MS = 3000;

/** After a failed read KV is left alone for so long (ms), and what is in memory serves. */
export const KV_RETRY_MS = 1000;

/**
 * So long after KV last failed (ms) nobody who can be served waits for it. Later it is asked first again: an
 * isolate that has slept since must not serve what was old even then.
 */
export const KV_FAILING_MS = 60_000;

/** A time that is long past. */
export const NEVER: number = Number.NEGATIVE_INFINITY;

/** How long ago a time was (ms); as long as can be where the clock says that it is to come, for it was set back. */
export function elapsed(now: number, time: number): number {
  const age = now - time;
  return age < 0 ? Infinity : age;
}

/** Reads of KV, and how it is. */
export class Kv {
  readonly #read: ReadKeys;
  readonly #platform: Platform;
  #failedAt = NEVER;
  /** When KV was last seen to be late or to fail, and has answered nothing since. */
  #failingSince = NEVER;

  constructor(read: ReadKeys, platform: Platform) {
    this.#read = read;
    this.#platform = platform;
  }

  /** Whether it has failed just now, and is left alone. */
  rests(now: number): boolean {
    return elapsed(now, this.#failedAt) < KV_RETRY_MS;
  }

  isFailing(now: number): boolean {
    return elapsed(now, this.#failingSince) < KV_FAILING_MS;
  }

  /** Says that somebody waited for it in vain. */
  isLate(): void {
    this.#failingSince = this.#platform.now();
  }

  /** What KV has, or `undefined` where it fails. */
  async read(keys: string[]): Promise<ReadonlyMap<string, KvValue> | undefined> {
    try {
      const values = await within(KV_TIMEOUT_MS, this.#read(keys), this.#platform);
      if (values === undefined) throw new Error("KV did not answer in time");
      this.#failingSince = NEVER;
      return values;
    } catch (error) {
      this.#failedAt = this.#failingSince = this.#platform.now();
      this.#platform.log("error", "KV read failed; serving what is in memory", {
        keys,
        error: String(error),
      });
      return undefined;
    }
  }
}
