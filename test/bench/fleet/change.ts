import { PolicyCache } from "../../../src/gateway/load/policy-cache.ts";
import type { Platform } from "../../../src/gateway/platform.ts";
import { USUAL_INTERVAL_MS } from "../../../src/report/wire.ts";
import { HubCore } from "../../../src/hub/core.ts";
import { Sqlite } from "../../support/sqlite.ts";
import { uniform } from "../draws.ts";
import { VirtualClock } from "./clock.ts";
import { FleetKv, type KvState, type Put } from "./kv.ts";

export type HubState = "absent" | "up" | "hanging";

/** One route, changed once, in a fleet of isolates that serve it. */
export interface ChangeInput {
  readonly isolates: number;
  /** Requests a second that each isolate gets. */
  readonly rate: number;
  readonly kv: KvState;
  readonly kvLateSeconds: number;
  readonly hub: HubState;
  /** There and back (ms). */
  readonly hubRoundTripMs: number;
  /** The gateway's vars FRESH_WAIT_MS, and REPORT_INTERVAL_SECONDS (ms); left out, their defaults. */
  readonly freshWaitMs?: number;
  readonly reportIntervalMs?: number;
  /** Before the change, so that memories and intervals have found their ways (s). */
  readonly warmUpSeconds: number;
  /** After it (s). */
  readonly seconds: number;
}

export interface ChangeResult {
  /** Requests after the change by the second, and those of them that got the old text. */
  readonly bySecond: readonly { readonly requests: number; readonly old: number }[];
  /** When each isolate that was asked in the last tenth of the time first answered with the new text (s after the change); Infinity for never. */
  readonly isolates: readonly number[];
  /** Requests after whose first new answer an isolate gave an old one. */
  readonly wentBack: number;
  readonly unavailable: number;
  /** How long requests waited that memory could not answer (ms), and how many there were of all. */
  readonly waitedMs: readonly number[];
  readonly requests: number;
  readonly kvKeysPerSecond: number;
  readonly hubCallsPerSecond: number;
}

const KEY = "storefront";
const SITES = 20;
const MEMORY_TTL_MS = 10_000;
const KV_CACHE_TTL_SECONDS = 30;

/** How long a request waits for the hub beyond KV where nobody says another time (ms). */
const USUAL_FRESH_WAIT_MS = 150;

/** Clocks of machines differ by so much at most (ms), both ways. */
const SKEW_MS = 2000;

/** The ledger tells the hub first, and KV so much later (ms). */
const PUT_AFTER_MS = 200;

const textOf = (version: number) =>
  `{"strategy":"weighted","epoch":${version},"variants":[{"name":"a","origin":"https://a.example.com","weight":90},{"name":"b","origin":"https://b.example.com","weight":10}]}`;

class FleetHub {
  readonly #core: HubCore;
  readonly #clock: VirtualClock;
  readonly #input: ChangeInput;
  calls = 0;

  constructor(clock: VirtualClock, kv: FleetKv, input: ChangeInput) {
    this.#clock = clock;
    this.#input = input;
    const sql = new Sqlite();
    this.#core = new HubCore({
      boot: "",
      sql,
      transaction: (work) => sql.transaction(work),
      read: async () => {
        const stored = (await kv.read(-1, [KEY], KEY)).get(KEY);
        return { text: stored?.value ?? null, metadata: stored?.metadata };
      },
      list: async () => ({ keys: [], cursor: undefined }),
      ledger: async () => undefined,
      setAlarm: (at) => {
        clock.at(at, () => void this.#core.alarm());
      },
      now: () => clock.now,
      log: () => {},
    });
  }

  publish({ version, text, at }: Put): void {
    this.#core.publish({ key: KEY, version, text, at });
  }

  settle({ version, at }: Put): void {
    this.#core.settle({ key: KEY, version, at, putAt: this.#clock.now });
  }

  async report(shard: number, text: string): Promise<string> {
    this.calls += 1;
    if (this.#input.hub === "hanging") return new Promise<never>(() => {});
    const oneWay = this.#input.hubRoundTripMs / 2;
    await this.#clock.sleep(oneWay);
    const answer = this.#core.report(shard, text);
    await this.#clock.sleep(oneWay);
    return answer;
  }
}

interface Isolate {
  readonly cache: PolicyCache;
  newAt: number;
  lastAskedAt: number;
}

/** The version of the text that an answer was made of. */
function versionOf(loaded: Awaited<ReturnType<PolicyCache["load"]>>): number | undefined {
  if (loaded.found !== "route") return undefined;
  const { root } = loaded.route.policy;
  return root.kind !== "leaf" ? undefined : Number(/@(\d+)$/.exec(root.salt)?.[1]);
}

/**
 * Runs one change through the fleet: the isolates are the gateway's own `PolicyCache`, the hub its own core over
 * SQLite; modelled is what is around them, on one clock: requests (Poisson), KV with a cache a site, the way to the
 * hub, machines whose clocks differ.
 */
export async function simulateChange(input: ChangeInput, seed = 1): Promise<ChangeResult> {
  const clock = new VirtualClock();
  const random = uniform(seed);
  const changedAt = input.warmUpSeconds * 1000;
  const endsAt = changedAt + input.seconds * 1000;
  const kv = new FleetKv(
    clock,
    { state: input.kv, lateSeconds: input.kvLateSeconds, cacheTtlSeconds: KV_CACHE_TTL_SECONDS },
    random,
  );
  kv.turnsAt = changedAt;
  const first: Put = { version: 1, text: textOf(1), at: 0 };
  kv.puts.push(first);
  const hub = input.hub === "absent" ? undefined : new FleetHub(clock, kv, input);
  hub?.publish(first);
  hub?.settle(first);

  const bySecond = Array.from({ length: input.seconds }, () => ({ requests: 0, old: 0 }));
  const waitedMs: number[] = [];
  let wentBack = 0;
  let unavailable = 0;
  let requests = 0;
  const isolates = Array.from({ length: input.isolates }, (_, index): Isolate => {
    const skew = (random() * 2 - 1) * SKEW_MS;
    const platform: Platform = {
      // No machine's clock begins before the epoch.
      now: () => clock.now + SKEW_MS + skew,
      random,
      randomId: () => `isolate-${index}`,
      sleep: clock.sleep,
      secret: () => undefined,
      pipe: () => new TransformStream(),
      fetch: () => Promise.reject(new Error("nothing is fetched here")),
      log: () => {},
    };
    const site = index % SITES;
    const sources = {
      read: async (keys: string[]) => kv.read(site, keys, KEY),
      ...(hub === undefined
        ? {}
        : { hub: { report: async (shard: number, text: string) => hub.report(shard, text) } }),
    };
    const settings = {
      memoryTtlMs: MEMORY_TTL_MS,
      maxRoutes: 100,
      allowPrivateOrigins: false,
      reportIntervalMs: input.reportIntervalMs ?? USUAL_INTERVAL_MS,
      freshWaitMs: input.freshWaitMs ?? USUAL_FRESH_WAIT_MS,
      coloCopyHost: "",
    };
    return {
      cache: new PolicyCache(sources, settings, platform),
      newAt: Infinity,
      lastAskedAt: -Infinity,
    };
  });

  const note = (isolate: Isolate, version: number | undefined, askedAt: number) => {
    requests += 1;
    if (version === undefined) unavailable += 1;
    isolate.lastAskedAt = askedAt;
    if (askedAt < changedAt) return;
    const second = bySecond[Math.floor((askedAt - changedAt) / 1000)];
    if (second === undefined) return;
    second.requests += 1;
    if (version === 2) {
      if (isolate.newAt === Infinity) isolate.newAt = clock.now;
      return;
    }
    second.old += 1;
    if (isolate.newAt < askedAt) wentBack += 1;
  };
  const later = (work: Promise<unknown>) => void work.catch(() => {});
  const ask = async (isolate: Isolate) => {
    const askedAt = clock.now;
    const known = isolate.cache.peek([KEY], later);
    const loaded = known ?? (await isolate.cache.load([KEY], later));
    if (known === undefined && askedAt >= changedAt) waitedMs.push(clock.now - askedAt);
    if (loaded.found === "route") isolate.cache.served(loaded.route, later);
    note(isolate, versionOf(loaded), askedAt);
  };
  const plan = (isolate: Isolate) => {
    const at = clock.now + (-Math.log(1 - random()) / input.rate) * 1000;
    clock.at(at, () => {
      void ask(isolate);
      plan(isolate);
    });
  };
  for (const isolate of isolates) plan(isolate);

  let kvBefore = 0;
  let callsBefore = 0;
  clock.at(changedAt, () => {
    kvBefore = kv.keysRead;
    callsBefore = hub?.calls ?? 0;
    const second: Put = { version: 2, text: textOf(2), at: changedAt };
    hub?.publish(second);
    clock.at(changedAt + PUT_AFTER_MS, () => {
      // While KV fails the outbox goes on trying; here that is never over.
      if (input.kv === "down" || input.kv === "hanging") return;
      kv.puts.push({ ...second, at: clock.now });
      hub?.settle(second);
    });
  });
  await clock.run(endsAt);

  const lastTenth = endsAt - input.seconds * 100;
  return {
    bySecond,
    isolates: isolates
      .filter(
        ({ lastAskedAt }) => lastAskedAt >= Math.max(changedAt, lastTenth - 1000 / input.rate),
      )
      .map(({ newAt }) => (newAt - changedAt) / 1000),
    wentBack,
    unavailable,
    waitedMs,
    requests,
    kvKeysPerSecond: (kv.keysRead - kvBefore) / input.seconds,
    hubCallsPerSecond: ((hub?.calls ?? 0) - callsBefore) / input.seconds,
  };
}
