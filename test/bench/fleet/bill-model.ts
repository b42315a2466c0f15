import { PolicyCache } from "../../../src/gateway/load/policy-cache.ts";
import type { Platform } from "../../../src/gateway/platform.ts";
import { HubCore } from "../../../src/hub/core.ts";
import { candidatesOf } from "../../../src/policy/keys.ts";
import { shardOf, SHARDS } from "../../../src/report/shard.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import { Sqlite } from "../../support/sqlite.ts";
import { uniform } from "../draws.ts";
import { VirtualClock } from "./clock.ts";
import { SECONDS_A_MONTH, type Usage } from "./prices.ts";
import { policyText, zipf } from "./tenants-model.ts";

export interface BillInput {
  readonly tenants: number;
  /** How a tenant is told: by first path segment, or by a host of their own. */
  readonly by: "path" | "host";
  readonly requestsPerMonth: number;
  readonly isolates: number;
  readonly hub: boolean;
  /** Simulated, after as long again to warm up. */
  readonly seconds: number;
}

const KV_MS = 10;
const HUB_MS = 50;

/** An object is awake while it is called, and so long after the last call (s). */
const AWAKE_SECONDS = 10;

/** The keys that a tenant's requests may have, the one that has a policy first or not, and that one. */
function keysOf(tenant: number, by: BillInput["by"]): readonly [keys: string[], own: string] {
  const own = by === "path" ? `tenant-${tenant}` : `www.shop-${tenant}.com`;
  const candidates =
    by === "path"
      ? candidatesOf("gateway.example.com", `/tenant-${tenant}/`, { host: false, path: true })
      : candidatesOf(own, "/", { host: true, path: false });
  return [candidates.map(({ key }) => key), own];
}

const inKv = (text: string | undefined) => ({
  text: text ?? null,
  metadata: text === undefined ? null : stampOf(text, 1),
});

/** All shards of the hub, each its own core over SQLite, knowing every route. */
class Hub {
  readonly #cores: readonly HubCore[];
  readonly #clock: VirtualClock;
  readonly #awakeUntil = Array.from({ length: SHARDS }, () => 0);
  readonly #databases: Sqlite[] = [];
  calls = 0;
  /** Of all shards together (ms). */
  awakeMs = 0;

  constructor(clock: VirtualClock, own: readonly string[]) {
    this.#clock = clock;
    const texts = new Map(own.map((key, index): [string, string] => [key, policyText(index, 0)]));
    const listed = [...texts].map(([name, text]) => ({ name, metadata: stampOf(text, 1) }));
    this.#cores = Array.from({ length: SHARDS }, () => {
      const sql = new Sqlite();
      this.#databases.push(sql);
      const core: HubCore = new HubCore({
        boot: "",
        sql,
        transaction: (work) => sql.transaction(work),
        read: async (key) => inKv(texts.get(key)),
        // Its walks through KV find what is there, and what it knows already.
        list: async () => ({ keys: listed, cursor: undefined }),
        ledger: async (key) => ({
          key,
          version: 1,
          text: texts.get(key) ?? null,
          at: 0,
          isInKv: true,
          putAt: 0,
        }),
        setAlarm: (at) => {
          clock.at(at, () => void core.alarm());
        },
        now: () => clock.now,
        log: () => {},
      });
      return core;
    });
    for (const [tenant, key] of own.entries()) {
      const core = this.#cores[shardOf(key)];
      core?.publish({ key, version: 1, text: policyText(tenant, 0), at: 0 });
      core?.settle({ key, version: 1, at: 0, putAt: 0 });
    }
  }

  /** Rows that were ever changed, as SQLite counts them. */
  get rowsWritten(): number {
    const rows = this.#databases.flatMap((sql) =>
      sql.exec<{ n: number }>("SELECT total_changes() AS n").toArray(),
    );
    return rows.reduce((sum, { n }) => sum + n, 0);
  }

  async report(shard: number, text: string): Promise<string> {
    this.calls += 1;
    const { now } = this.#clock;
    const until = now + AWAKE_SECONDS * 1000;
    this.awakeMs += until - Math.max(now, this.#awakeUntil[shard] ?? 0);
    this.#awakeUntil[shard] = until;
    await this.#clock.sleep(HUB_MS);
    const core = this.#cores[shard];
    if (core === undefined) throw new RangeError(`no shard ${shard}`);
    return core.report(shard, text);
  }
}

/** What a fleet uses in a second, of the gateway's own cache and the hub's own core on one clock. */
export async function simulateUsage(input: BillInput): Promise<Usage> {
  const clock = new VirtualClock();
  const random = uniform(1);
  const tenant = zipf(input.tenants, 1, random);
  const own = Array.from({ length: input.tenants }, (_, index) => keysOf(index, input.by)[1]);
  const texts = new Map(own.map((key, index): [string, number] => [key, index]));
  const hub = input.hub ? new Hub(clock, own) : undefined;
  let kvKeys = 0;
  const read = async (keys: string[]) => {
    kvKeys += keys.length;
    await clock.sleep(KV_MS);
    return new Map(
      keys.map((key) => {
        const index = texts.get(key);
        return [
          key,
          index === undefined
            ? { value: null, metadata: null }
            : { value: policyText(index, 0), metadata: { version: 1 } },
        ];
      }),
    );
  };
  const isolates = Array.from({ length: input.isolates }, (_, index) => {
    const platform: Platform = {
      now: () => clock.now,
      random,
      randomId: () => `isolate-${index}`,
      sleep: clock.sleep,
      secret: () => undefined,
      pipe: () => new TransformStream(),
      fetch: () => Promise.reject(new Error("nothing is fetched here")),
      log: () => {},
    };
    const settings = {
      memoryTtlMs: 10_000,
      maxRoutes: 10_000,
      allowPrivateOrigins: false,
      reportIntervalMs: 5000,
      freshWaitMs: 150,
      coloCopyHost: "",
    };
    return new PolicyCache({ read, hub }, settings, platform);
  });
  const later = (work: Promise<unknown>) => void work.catch(() => {});
  const ask = async () => {
    const cache = isolates[Math.floor(random() * isolates.length)];
    const [keys] = keysOf(tenant(), input.by);
    if (cache === undefined) return;
    const loaded = cache.peek(keys, later) ?? (await cache.load(keys, later));
    if (loaded.found === "route") cache.served(loaded.route, later);
    else throw new Error(`a tenant was lost: ${loaded.found}`);
  };
  const rate = input.requestsPerMonth / SECONDS_A_MONTH;
  let requests = 0;
  const plan = () => {
    clock.at(clock.now + (-Math.log(1 - random()) / rate) * 1000, () => {
      requests += 1;
      void ask();
      plan();
    });
  };
  plan();
  await clock.run(input.seconds * 1000);
  const so = () => ({
    requests,
    kvKeys,
    calls: hub?.calls ?? 0,
    awakeMs: hub?.awakeMs ?? 0,
    rows: hub?.rowsWritten ?? 0,
  });
  const before = so();
  await clock.run(2 * input.seconds * 1000);
  const after = so();
  const perSecond = (name: keyof typeof before) => (after[name] - before[name]) / input.seconds;
  return {
    requests: perSecond("requests"),
    kvKeys: perSecond("kvKeys"),
    hubCalls: perSecond("calls"),
    objectsAwake: perSecond("awakeMs") / 1000,
    rowsWritten: perSecond("rows"),
  };
}
