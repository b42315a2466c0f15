import type { HubWire } from "../../report/wire.ts";
import type { SipKey } from "../../lib/siphash.ts";
import { STALE_MS } from "../../lib/propagation.ts";
import type { Later, Platform } from "../platform.ts";
import { Copies, type CopySources } from "./copies.ts";
import { Hub } from "./hub.ts";
import { KnownPolicies } from "./known-policies.ts";
import { elapsed, NEVER, Kv, KV_TIMEOUT_MS, type KvValue, type ReadKeys } from "./kv.ts";
import type { Entry, Route, Source } from "./policy-memory.ts";
import { within } from "./within.ts";

/** What the keys of a request lead to. */
export type Loaded =
  | {
      readonly found: "route";
      readonly route: Route;
      readonly index: number;
      /** Where this answer came from. */
      readonly source: Source | "memory";
    }
  | { readonly found: "nothing" | "invalid" | "unavailable" };

/** A request waits so long (ms) for KV where anything else may answer it. */
export const KV_WAIT_MS = 700;

/** Past its time in memory a policy is served for so long (ms) while it is refreshed, where a hub answers too. */
export const HUB_STALE_MS = 10_000;

/** How often a request looks whether another one's refresh has ended (ms): in workerd nobody can wait for another's promise. */
const LOOK_MS = 10;

const NOTHING_READ: ReadonlyMap<string, KvValue> = new Map();

/** Where policies come from. All but KV is optional. */
export interface Sources extends CopySources {
  readonly read: ReadKeys;
  readonly hub?: HubWire | undefined;
}

interface Settings {
  readonly memoryTtlMs: number;
  readonly maxRoutes: number;
  readonly allowPrivateOrigins: boolean;
  readonly originBindings?: readonly string[] | undefined;
  readonly reportIntervalMs: number;
  readonly freshWaitMs: number;
  readonly coloCopyHost: string;
  readonly visitorKey?: SipKey | undefined;
  readonly worker?: string | undefined;
}

/** What one request has asked for, and what has come of it so far. */
interface Asked {
  readonly keys: readonly string[];
  readonly begin: number;
  /** What came: the bound on memory may already have dropped it again. */
  readonly come: Map<string, Entry>;
  /** Keys that the hub has never heard of. */
  readonly unknown: Set<string>;
  isDone: boolean;
}

/**
 * Policies by key, read through memory. Fresh: from memory. Stale: from memory, while it refreshes
 * behind the response. Older: KV and the hub are asked together. All fail, or the new text is invalid: the
 * last good one. Only finished values are shared between requests, never a promise: workerd ties I/O to
 * the request that began it.
 */
export class PolicyCache {
  readonly #policies: KnownPolicies;
  readonly #settings: Settings;
  readonly #platform: Platform;
  readonly #kv: Kv;
  /** What is counted goes there. */
  readonly hub: Hub;
  readonly #copies: Copies;
  /** Keys that a request is asking for, and until when it may be (ms). */
  readonly #askedUntil = new Map<string, number>();
  /** Whether the last cold request was led by the first key that it did not know. */
  #isFirstThere = false;

  constructor(sources: Sources, settings: Settings, platform: Platform) {
    this.#settings = settings;
    this.#platform = platform;
    this.#policies = new KnownPolicies(settings, platform);
    this.#kv = new Kv(sources.read, platform);
    this.#copies = new Copies(sources, settings, platform);
    this.hub = new Hub(sources.hub, this.#policies, this.#copies, settings, platform);
  }

  /** Keys in memory, absent ones included. */
  get size(): number {
    return this.#policies.size;
  }

  /** Counts a request that a route serves, for the hub. */
  served({ key }: Route, later: Later): void {
    this.hub.served(key, later);
  }

  /** Whether a request waits for something newer: the text is so old, and there is somebody who may have it. */
  #isWaitedFor(key: string, age: number, now: number): boolean {
    const staleMs = this.hub.isUp(key) ? HUB_STALE_MS : STALE_MS;
    if (age < this.#settings.memoryTtlMs + staleMs) return false;
    if (!this.#kv.isFailing(now) || this.hub.mayTell(key)) return true;
    return elapsed(now, this.hub.askedSince(key) ?? NEVER) < this.#settings.freshWaitMs;
  }

  /**
   * When an entry was last known to be the newest (ms). KV's word does not count as long as the hub,
   * which was being asked when KV answered, is waited for.
   */
  #checkedAt(key: string, { checkedAt, kvAt }: Entry, now: number): number {
    if (kvAt <= checkedAt) return checkedAt;
    const since = this.hub.askedSince(key) ?? Infinity;
    return since <= kvAt && elapsed(now, kvAt) < this.#settings.freshWaitMs ? checkedAt : kvAt;
  }

  /** Whether somebody should be asked about a key before it is served as fresh. */
  #isStale(key: string, now: number): boolean {
    const entry = this.#policies.get(key);
    const checkedAt = entry && this.#checkedAt(key, entry, now);
    return elapsed(now, checkedAt ?? NEVER) >= this.#settings.memoryTtlMs;
  }

  /**
   * What memory alone can answer: the first of `keys`, in order of precedence, that has a policy.
   * `undefined` where others have to be asked first. `later` takes a refresh that may run behind the response.
   */
  peek(keys: readonly string[], later: Later): Loaded | undefined {
    const now = this.#platform.now();
    let stale: string[] | undefined;
    let result: Loaded = { found: "nothing" };
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const entry = this.#policies.get(key);
      if (entry === undefined) return undefined;
      const age = elapsed(now, this.#checkedAt(key, entry, now));
      if (age >= this.#settings.memoryTtlMs) {
        if (this.#isWaitedFor(key, age, now)) return undefined;
        if (!this.#isAsked(key) && !this.#kv.rests(now)) (stale ??= []).push(key);
      }
      if (entry.route !== undefined)
        result = { found: "route", route: entry.route, index, source: "memory" };
      else if (entry.text !== null) result = { found: "invalid" };
      else continue;
      break;
    }
    if (stale !== undefined) this.#ask(keys, stale, now, later);
    return result;
  }

  /** Asks KV and the hub together for stale keys; all that comes of it is kept, also where nobody waits any more. */
  #ask(keys: readonly string[], stale: readonly string[], begin: number, later: Later) {
    const isOthers = (key: string) => this.#isAsked(key);
    const others = stale.filter(isOthers);
    const own = stale.filter((key) => !others.includes(key));
    const asked: Asked = { keys, begin, come: new Map(), unknown: new Set(), isDone: false };
    // What was lost with the request that asked must not pile up.
    if (this.#askedUntil.size > this.#settings.maxRoutes) this.#askedUntil.clear();
    for (const key of own) this.#askedUntil.set(key, begin + KV_TIMEOUT_MS);
    // A cold request reads for itself, whoever else does.
    const kv = this.#readKv(
      stale.filter((key) => own.includes(key) || this.#policies.get(key) === undefined),
      asked,
    );
    const isAwaited = (key: string) => this.hub.askedSince(key) !== undefined;
    const awaited = stale.filter((key) => others.includes(key) || isAwaited(key));
    const hub = this.hub.ask(own, later, asked.unknown);
    const all = Promise.all([kv, hub]);
    later(this.#finish(all, own, keys, later));
    return { asked, kv, hub: hub ?? (awaited.length > 0 ? this.#end(awaited) : undefined), all };
  }

  async #finish(
    all: Promise<unknown>,
    own: readonly string[],
    keys: readonly string[],
    later: Later,
  ): Promise<void> {
    const served = keys.find((key) => this.#policies.hasText(key));
    await all;
    for (const key of own) this.#askedUntil.delete(key);
    await this.#copies.keep(keys, this.#policies);
    // What served is gone: the keys behind it, which nobody asked for, are asked for before a visitor needs them.
    if (served !== undefined && !this.#policies.hasText(served))
      await (this.peek(keys, later) ?? this.load(keys, later));
  }

  /** Whether a request is asking for a key. */
  #isAsked(key: string): boolean {
    const left = (this.#askedUntil.get(key) ?? 0) - this.#platform.now();
    return left > 0 && left <= KV_TIMEOUT_MS;
  }

  /** Ends when other requests have their answers. */
  async #end(keys: readonly string[]): Promise<void> {
    const { now, sleep } = this.#platform;
    const isWaitedFor = (key: string) =>
      (this.#isAsked(key) || this.hub.askedSince(key) !== undefined) && this.#isStale(key, now());
    for (let waited = 0; waited < KV_WAIT_MS && keys.some(isWaitedFor); waited += LOOK_MS)
      await sleep(LOOK_MS);
  }

  /**
   * What the keys lead to, once others were asked: up to the key that had a policy last time, or, as long as
   * cold requests find theirs there and KV is well, the first one unknown. Where there is none, the others follow.
   */
  async load(keys: readonly string[], later: Later): Promise<Loaded> {
    const unknown = keys.findIndex((key) => this.#policies.get(key) === undefined);
    const isFirst = this.#isFirstThere && !this.#kv.isFailing(this.#platform.now());
    const end = keys.findIndex(
      (key, index) => this.#policies.hasText(key) || (isFirst && index === unknown),
    );
    let loaded = await this.#load(end < 0 ? keys : keys.slice(0, end + 1), later);
    if (loaded.found === "nothing" && end >= 0)
      loaded = this.peek(keys, later) ?? (await this.#load(keys, later));
    if (unknown >= 0 && loaded.found === "route" && loaded.index >= unknown)
      this.#isFirstThere = loaded.index === unknown;
    return loaded;
  }

  /**
   * Asks KV and the hub together, then answers from memory: with something new, or the last good one.
   * Where there is neither in time, the colo's copy and the snapshot follow, and then what comes late.
   */
  async #load(keys: readonly string[], later: Later): Promise<Loaded> {
    const now = this.#platform.now();
    const entries = keys.map((key) => this.#policies.get(key));
    const isWarm = !entries.includes(undefined);
    const stale = keys.filter((key) => this.#isStale(key, now));
    const hasOthers = isWarm || this.hub.exists || this.#copies.exist;
    const kvMs = isWarm && this.#kv.isFailing(now) ? 0 : hasOthers ? KV_WAIT_MS : KV_TIMEOUT_MS;
    const { asked, kv, hub, all } = this.#ask(keys, stale, now, later);

    const freshMs = hub === undefined ? 0 : this.#settings.freshWaitMs;
    const both = kv.then(() => hub && within(freshMs, hub, this.#platform));
    // The hub's word is enough where it knows every key that matters.
    const first = hub?.then((): unknown => (this.#answer(asked, stale) ? undefined : both));
    await within(kvMs + freshMs, Promise.race([first ?? both, both]), this.#platform);

    if (!asked.isDone && !this.#answer(asked, stale)) this.#kv.isLate();
    const answer = this.#answer(asked, []) ?? (await this.#fromCopies(asked));
    if (answer !== undefined) return answer;
    await within(KV_TIMEOUT_MS - kvMs, Promise.all([all, hub]), this.#platform);
    return (await this.#fromCopies(asked)) ?? { found: "unavailable" };
  }

  async #readKv(keys: string[], asked: Asked): Promise<void> {
    const values = keys.length > 0 ? await this.#kv.read(keys) : NOTHING_READ;
    if (values === undefined) return;
    for (const key of keys) {
      const value = values.get(key) ?? { value: null, metadata: null };
      const old = this.#policies.get(key) ?? asked.come.get(key);
      asked.come.set(
        key,
        this.#policies.fromKv(key, value, old, {
          isSilent: this.hub.isSilent(key),
          since: this.hub.askedSince(key),
        }),
      );
    }
    asked.isDone = true;
  }

  /**
   * What is known by now; `undefined` where a key that matters is not, or is one of `unchecked` and has
   * not been checked since.
   */
  #answer({ keys, come, begin }: Asked, unchecked: readonly string[]): Loaded | undefined {
    for (const [index, key] of keys.entries()) {
      const entry = this.#policies.get(key) ?? come.get(key);
      const isNew = entry !== undefined && Math.max(entry.checkedAt, entry.kvAt) >= begin;
      if (entry === undefined || (!isNew && unchecked.includes(key))) return undefined;
      if (entry.route !== undefined) {
        const source = isNew || come.has(key) ? entry.source : "memory";
        return { found: "route", route: entry.route, index, source };
      }
      if (entry.text !== null) return { found: "invalid" };
    }
    return { found: "nothing" };
  }

  /** Fills in from copies what nobody has told, and answers; `undefined` where that is not enough. */
  async #fromCopies(asked: Asked): Promise<Loaded | undefined> {
    const { keys, come, unknown } = asked;
    for (const key of keys) {
      let entry = this.#policies.get(key) ?? come.get(key);
      if (entry === undefined) {
        const copy = await this.#copies.find(key);
        // KV says nothing, and the hub, which knows what KV lists, has never heard of it.
        if (copy === undefined && !unknown.has(key)) return undefined;
        come.set(key, (entry = this.#policies.fromCopy(key, copy)));
      }
      if (entry.text !== null) break;
    }
    return this.#answer(asked, []);
  }
}
