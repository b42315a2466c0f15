import { STALE_MS } from "../../lib/propagation.ts";
import type { Platform } from "../platform.ts";
import { PolicyMemory, type Entry, type Route } from "./policy-memory.ts";
import { readPolicy } from "./read-policy.ts";

/** What the keys of a request lead to. */
export type Loaded =
  | { readonly found: "route"; readonly route: Route; readonly index: number }
  | { readonly found: "nothing" | "invalid" | "unavailable" };

/** Reads many keys at once: KV, as far as the gateway knows it. */
export type ReadKeys = (keys: string[]) => Promise<Map<string, string | null>>;

/** Runs work on behind the response. */
export type Later = (work: Promise<unknown>) => void;

/** A KV read may take so long (ms) before it counts as failed. */
export const KV_TIMEOUT_MS = 3000;

/** A request that memory can answer with something old waits so long (ms) for something newer, and only while KV is well. */
export const WARM_WAIT_MS = 700;

/** After a failed read KV is left alone for so long (ms), and what is in memory serves. */
export const KV_RETRY_MS = 1000;

/**
 * So long after KV last failed (ms) nobody who can be served waits for it. Later it is asked first again: an
 * isolate that has slept since must not serve what was old even then.
 */
export const KV_FAILING_MS = 60_000;

interface Settings {
  readonly read: ReadKeys;
  readonly memoryTtlMs: number;
  readonly maxRoutes: number;
  readonly allowPrivateOrigins: boolean;
}

/**
 * Policies by key, read through memory. Fresh: from memory. Stale: from memory, while it refreshes
 * behind the response. KV failed or the new text is invalid: the last good one. Only finished
 * values are shared between requests, never a promise: workerd ties I/O to the request that began it.
 */
export class PolicyCache {
  readonly #memory: PolicyMemory;
  readonly #settings: Settings;
  readonly #platform: Platform;
  #kvFailedAt = Number.NEGATIVE_INFINITY;
  /** When KV was last seen to be late or to fail, and has answered nothing since. */
  #kvFailingSince = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings, platform: Platform) {
    this.#settings = settings;
    this.#platform = platform;
    this.#memory = new PolicyMemory(settings.maxRoutes);
  }

  /** Keys in memory, absent ones included. */
  get size(): number {
    return this.#memory.size;
  }

  /** How long ago that was (ms); as long as can be where the clock says that it is to come, for it was set back. */
  #since(time: number): number {
    const age = this.#platform.now() - time;
    return age < 0 ? Infinity : age;
  }

  /** Whether somebody else is refreshing it. */
  #isRefreshed({ refreshUntil }: Entry, now: number): boolean {
    return now < refreshUntil && refreshUntil - now <= KV_TIMEOUT_MS;
  }

  /**
   * What memory alone can answer: the first of `keys`, in order of precedence, that has a policy.
   * `undefined` where KV has to be asked first. `later` takes a refresh that may run behind the response.
   */
  peek(keys: readonly string[], later: Later): Loaded | undefined {
    const now = this.#platform.now();
    const kvRests = this.#since(this.#kvFailedAt) < KV_RETRY_MS;
    const kvIsFailing = this.#since(this.#kvFailingSince) < KV_FAILING_MS;
    let stale: string[] | undefined;
    let result: Loaded = { found: "nothing" };
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const entry = this.#memory.get(key);
      if (entry === undefined) return undefined;
      const age = this.#since(entry.checkedAt);
      if (age >= this.#settings.memoryTtlMs) {
        if (age >= this.#settings.memoryTtlMs + STALE_MS && !kvIsFailing) return undefined;
        if (!this.#isRefreshed(entry, now) && !kvRests) (stale ??= []).push(key);
      }
      if (entry.route !== undefined) result = { found: "route", route: entry.route, index };
      else if (entry.text !== null) result = { found: "invalid" };
      else continue;
      break;
    }
    if (stale !== undefined) {
      for (const key of stale) {
        const entry = this.#memory.get(key);
        if (entry !== undefined) entry.refreshUntil = now + KV_TIMEOUT_MS;
      }
      later(this.#refresh(stale));
    }
    return result;
  }

  /**
   * Asks KV for all keys in one read, then answers from memory; last good or `unavailable` where KV
   * fails. Where memory has an answer to all, KV is waited for only a little.
   */
  async load(keys: readonly string[], later: Later): Promise<Loaded> {
    const wanted = keys.filter((key) => {
      const entry = this.#memory.get(key);
      return entry === undefined || this.#since(entry.checkedAt) >= this.#settings.memoryTtlMs;
    });
    const isWarm = keys.every((key) => this.#memory.get(key) !== undefined);
    const reading = this.#refresh(wanted);
    // An answer straight from the read: the bound on memory may already have dropped an entry again.
    const read = isWarm ? await this.#within(WARM_WAIT_MS, reading, later) : await reading;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const entry = read.get(key) ?? this.#memory.get(key);
      if (entry === undefined) return { found: "unavailable" };
      if (entry.route !== undefined) return { found: "route", route: entry.route, index };
      if (entry.text !== null) return { found: "invalid" };
    }
    return { found: "nothing" };
  }

  /** What was read in time; nothing where it takes longer, and the read goes on behind the response. */
  async #within(
    waitMs: number,
    reading: Promise<Map<string, Entry>>,
    later: Later,
  ): Promise<Map<string, Entry>> {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, waitMs, undefined);
    });
    const read = await Promise.race([reading, late]);
    if (timer !== null) clearTimeout(timer);
    if (read !== undefined) return read;
    this.#kvFailingSince = this.#platform.now();
    later(reading);
    return new Map();
  }

  async #refresh(keys: string[]): Promise<Map<string, Entry>> {
    const fresh = new Map<string, Entry>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("KV did not answer in time")), KV_TIMEOUT_MS);
      });
      const texts = await Promise.race([this.#settings.read(keys), late]);
      this.#kvFailingSince = Number.NEGATIVE_INFINITY;
      for (const key of keys) fresh.set(key, this.#store(key, texts.get(key) ?? null));
    } catch (error) {
      this.#kvFailedAt = this.#platform.now();
      this.#kvFailingSince = this.#kvFailedAt;
      this.#platform.log("error", "KV read failed; serving what is in memory", {
        keys,
        error: String(error),
      });
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
    return fresh;
  }

  #store(key: string, text: string | null): Entry {
    const old = this.#memory.get(key);
    const route =
      text === null || old?.text === text
        ? old?.route
        : readPolicy(key, text, old?.route, this.#settings, this.#platform);
    const entry: Entry = {
      text,
      route: text === null ? undefined : route,
      checkedAt: this.#platform.now(),
      refreshUntil: 0,
    };
    this.#memory.set(key, entry);
    return entry;
  }
}
