import { STALE_MS } from "../../lib/propagation.ts";
import { compile } from "../../policy/compile.ts";
import type { CompiledPolicy } from "../../policy/compiled.ts";
import { murmur3 } from "../../lib/hash.ts";
import { renderIssue } from "../../lib/issue.ts";
import { parse } from "../../policy/parse.ts";
import type { Platform } from "../platform.ts";

/** A policy as it is served. */
export interface Route {
  readonly key: string;
  readonly policy: CompiledPolicy;
  /** A fingerprint of the stored text: MurmurHash3, seed 0, eight hexadecimal digits. */
  readonly version: string;
}

/** What the keys of a request lead to. */
export type Loaded =
  | { readonly found: "route"; readonly route: Route; readonly index: number }
  | { readonly found: "nothing" | "invalid" | "unavailable" };

/** Reads many keys at once: KV, as far as the gateway knows it. */
export type ReadKeys = (keys: string[]) => Promise<Map<string, string | null>>;
/** A KV read may take so long (ms) before it counts as failed. */
export const KV_TIMEOUT_MS = 3000;

/** After a failed read KV is left alone for so long (ms), and what is in memory serves. */
export const KV_RETRY_MS = 1000;

/** Characters of one policy text; a longer one is refused as invalid. */
export const MAX_POLICY_CHARS = 4_194_304;

/** Characters of all policy texts in memory together: compiled they take several times that of an isolate's 128 MB. */
export const MAX_CACHED_CHARS = 8_388_608;

interface Entry {
  /** The text last read; null where KV has no such key. */
  text: string | null;
  /** The last good policy. */
  route: Route | undefined;
  checkedAt: number;
  /** Nobody else refreshes before this time. */
  refreshUntil: number;
}

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
  readonly #present = new Map<string, Entry>();
  /** Apart from the policies, so that a stream of invented keys never pushes a last good policy out. */
  readonly #absent = new Map<string, Entry>();
  readonly #settings: Settings;
  readonly #platform: Platform;
  #chars = 0;
  #kvFailedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: Settings, platform: Platform) {
    this.#settings = settings;
    this.#platform = platform;
  }

  /** Keys in memory, absent ones included. */
  get size(): number {
    return this.#present.size + this.#absent.size;
  }

  #entry(key: string): Entry | undefined {
    return this.#present.get(key) ?? this.#absent.get(key);
  }

  /**
   * What memory alone can answer: the first of `keys`, in order of precedence, that has a policy.
   * `undefined` where KV has to be asked first. `later` takes a refresh that may run behind the response.
   */
  peek(keys: readonly string[], later: (work: Promise<void>) => void): Loaded | undefined {
    const now = this.#platform.now();
    let stale: string[] | undefined;
    let result: Loaded = { found: "nothing" };
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const entry = this.#entry(key);
      if (entry === undefined) return undefined;
      const age = now - entry.checkedAt;
      if (age >= this.#settings.memoryTtlMs) {
        const kvIsDown = now - this.#kvFailedAt < KV_RETRY_MS;
        if (age >= this.#settings.memoryTtlMs + STALE_MS && !kvIsDown) return undefined;
        if (now >= entry.refreshUntil && !kvIsDown) (stale ??= []).push(key);
      }
      if (entry.route !== undefined) result = { found: "route", route: entry.route, index };
      else if (entry.text !== null) result = { found: "invalid" };
      else continue;
      break;
    }
    if (stale !== undefined) {
      for (const key of stale) {
        const entry = this.#entry(key);
        if (entry !== undefined) entry.refreshUntil = now + KV_TIMEOUT_MS;
      }
      later(this.#refresh(stale).then(() => undefined));
    }
    return result;
  }

  /** Asks KV for all keys in one read, then answers from memory; last good or `unavailable` where KV fails. */
  async load(keys: readonly string[]): Promise<Loaded> {
    const now = this.#platform.now();
    const wanted = keys.filter((key) => {
      const entry = this.#entry(key);
      return entry === undefined || now - entry.checkedAt >= this.#settings.memoryTtlMs;
    });
    // An answer straight from the read: the bound on memory may already have dropped an entry again.
    const read = await this.#refresh(wanted);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const entry = read.get(key) ?? this.#entry(key);
      if (entry === undefined) return { found: "unavailable" };
      if (entry.route !== undefined) return { found: "route", route: entry.route, index };
      if (entry.text !== null) return { found: "invalid" };
    }
    return { found: "nothing" };
  }

  async #refresh(keys: string[]): Promise<Map<string, Entry>> {
    const fresh = new Map<string, Entry>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("KV did not answer in time")), KV_TIMEOUT_MS);
      });
      const texts = await Promise.race([this.#settings.read(keys), late]);
      for (const key of keys) fresh.set(key, this.#store(key, texts.get(key) ?? null));
    } catch (error) {
      this.#kvFailedAt = this.#platform.now();
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
    const now = this.#platform.now();
    const old = this.#entry(key);
    const entry: Entry =
      old !== undefined && old.text === text
        ? { ...old, checkedAt: now, refreshUntil: 0 }
        : { text, route: this.#compile(key, text, old?.route), checkedAt: now, refreshUntil: 0 };
    // Put back at the end: what is refreshed is in use, so the front of a map is what is not.
    this.#present.delete(key);
    this.#absent.delete(key);
    (text === null ? this.#absent : this.#present).set(key, entry);
    this.#chars += (text?.length ?? 0) - (old?.text?.length ?? 0);
    this.#trim();
    return entry;
  }

  #compile(key: string, text: string | null, lastGood: Route | undefined): Route | undefined {
    if (text === null) return undefined;
    const version = murmur3(text, 0).toString(16).padStart(8, "0");
    const parsed =
      text.length > MAX_POLICY_CHARS
        ? {
            ok: false as const,
            issues: [
              {
                path: "$",
                message: `the policy has more than ${MAX_POLICY_CHARS} characters`,
                fix: "give its parts keys of their own",
              },
            ],
          }
        : parse(text, this.#settings);
    if (parsed.ok) return { key, policy: compile(parsed.policy, key), version };
    const served = lastGood === undefined ? "nothing" : `version ${lastGood.version}`;
    this.#platform.log("error", `the policy is invalid; serving ${served}`, {
      route: key,
      version,
      issues: parsed.issues.map(renderIssue),
    });
    return lastGood;
  }

  #trim(): void {
    for (const map of [this.#present, this.#absent]) {
      while (
        map.size > this.#settings.maxRoutes ||
        (map === this.#present && map.size > 1 && this.#chars > MAX_CACHED_CHARS)
      ) {
        const [oldest] = map;
        if (oldest === undefined) return;
        map.delete(oldest[0]);
        this.#chars -= oldest[1].text?.length ?? 0;
      }
    }
  }
}
