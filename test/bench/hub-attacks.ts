import { PolicyCache } from "../../src/gateway/load/policy-cache.ts";
import { workerPlatform } from "../../src/gateway/platform.ts";
import { HubCore } from "../../src/hub/core.ts";
import { SHARDS } from "../../src/report/shard.ts";
import { MAX_REPORTED_ROUTES } from "../../src/report/wire.ts";
import { Sqlite } from "../support/sqlite.ts";
import { VirtualClock } from "./fleet/clock.ts";

/** What an attack cost. */
interface Cost {
  readonly requests: number;
  readonly hubCalls: number;
  readonly kvKeys: number;
  readonly rowsWritten: number;
}

const SECONDS = 20;
const START_MS = 1_800_000_000_000;

/** A shard, what it has read of KV, and the rows that it has written. */
function shardOn(clock: VirtualClock) {
  const sql = new Sqlite();
  const kv = { keys: 0 };
  const core: HubCore = new HubCore({
    boot: "",
    sql,
    transaction: (work) => sql.transaction(work),
    read: async () => {
      kv.keys += 1;
      return { text: null, metadata: null };
    },
    list: async () => ({ keys: [], cursor: undefined }),
    ledger: async () => undefined,
    setAlarm: (at) => {
      clock.at(at - START_MS, () => void core.alarm());
    },
    now: () => clock.now + START_MS,
    log: () => {},
  });
  const rows = () => sql.exec<{ n: number }>("SELECT total_changes() AS n").toArray()[0]?.n ?? 0;
  return { core, kv, rows };
}

/** A hundred requests a second to one isolate, each with keys that nobody has. */
async function invented(keysOf: (n: number) => string[], isKvDown: boolean): Promise<Cost> {
  const clock = new VirtualClock();
  const shards = Array.from({ length: SHARDS }, () => shardOn(clock));
  const cost = { requests: 0, hubCalls: 0, kvKeys: 0 };
  const cache = new PolicyCache(
    {
      read: async (keys) => {
        cost.kvKeys += keys.length;
        await clock.sleep(5);
        if (isKvDown) throw new Error("KV is down");
        return new Map(keys.map((key) => [key, { value: null, metadata: null }]));
      },
      hub: {
        report: async (shard, text) => {
          cost.hubCalls += 1;
          await clock.sleep(100);
          return shards[shard]?.core.report(shard, text) ?? "";
        },
      },
    },
    {
      memoryTtlMs: 10_000,
      maxRoutes: 10_000,
      allowPrivateOrigins: false,
      reportIntervalMs: 5000,
      freshWaitMs: 150,
      coloCopyHost: "",
    },
    { ...workerPlatform, now: () => clock.now + START_MS, sleep: clock.sleep, log: () => {} },
  );
  const later = (work: Promise<unknown>) => void work.catch(() => {});
  for (let n = 0; n < SECONDS * 100; n += 1)
    clock.at(n * 10, () => {
      cost.requests += 1;
      const keys = keysOf(n);
      if (cache.peek(keys, later) === undefined) void cache.load(keys, later);
    });
  await clock.run(SECONDS * 1000);
  return { ...cost, rowsWritten: shards.reduce((sum, { rows }) => sum + rows(), 0) };
}

/** Fifty reports a second to one shard, each full of routes that there are not, from an isolate of its own. */
async function falsified(): Promise<Cost> {
  const clock = new VirtualClock();
  const { core, kv, rows } = shardOn(clock);
  let reports = 0;
  for (let n = 0; n < SECONDS * 50; n += 1)
    clock.at(n * 20, () => {
      reports += 1;
      const routes = Array.from({ length: MAX_REPORTED_ROUTES - 1 }, (_, route) => ({
        key: `t${n}-${route}`,
        version: 1,
        digest: "0123456789abcdef",
        requests: 1_000_000,
      }));
      const report = { v: 1, isolate: `i${n}`, sequence: 1, routes, lookups: [], since: 0 };
      try {
        core.report(0, JSON.stringify(report));
      } catch {
        // Refused.
      }
    });
  await clock.run(SECONDS * 1000);
  return { requests: 0, hubCalls: reports, kvKeys: kv.keys, rowsWritten: rows() };
}

/** What twenty seconds of each attack cost, as lines of a table. */
export async function attackLines(): Promise<string[]> {
  const hosts = (n: number) => [`h${n}.example.com`, "*.example.com", "*.com", "*"];
  const paths = (n: number) => [`p${n}`, "*"];
  const costs: [string, Cost][] = [
    ["100 random hosts/s at an isolate, KV up", await invented(hosts, false)],
    ["the same, KV down", await invented(hosts, true)],
    ["100 random paths/s at an isolate, KV up", await invented(paths, false)],
    ["the same, KV down", await invented(paths, true)],
    ["50 reports/s of 255 invented routes", await falsified()],
  ];
  const column = (value: string | number): string => String(value).padStart(14);
  const head = ["requests", "hub calls", "KV keys read", "rows written"].map(column);
  return [
    ["an attack, 20 seconds".padEnd(42), ...head].join(""),
    ...costs.map(([what, { requests, hubCalls, kvKeys, rowsWritten }]) =>
      [what.padEnd(42), ...[requests, hubCalls, kvKeys, rowsWritten].map(column)].join(""),
    ),
  ];
}
