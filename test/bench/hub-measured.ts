import { HubCore } from "../../src/hub/core.ts";
import type { HubPlatform } from "../../src/hub/platform.ts";
import { allocationOf } from "../../src/decide/allocation.ts";
import { compile } from "../../src/policy/compile.ts";
import { parse } from "../../src/policy/parse.ts";
import { textDigest } from "../../src/report/digest.ts";
import { MAX_REPORTED_VISITORS } from "../../src/report/measured.ts";
import { canary, counted, digestOf } from "../support/measured.ts";
import { keysOf } from "../support/hub.ts";
import { Sqlite } from "../support/sqlite.ts";

/*
 * What a shard takes to conclude: results at 100 000 visitors, and a page of the status with a hundred
 * routes that divide visitors; and the rows that visitors take. The shard's own code over SQLite in memory.
 */

const VISITORS = 100_000;
const ROUTES = 100;
const ROUNDS = 20;
const TEXT = canary(50);

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/** Measures, and answers with lines to print. */
export function measuredLines(): string[] {
  const sql = new Sqlite();
  let rows = 0;
  sql.before = (query) => {
    if (query.includes("INTO visitors")) rows += 1;
  };
  let now = 1_800_000_000_000;
  const platform: HubPlatform = {
    boot: "",
    sql,
    transaction: (work) => sql.transaction(work),
    read: async () => ({ text: null, metadata: null }),
    list: async () => ({ keys: [], cursor: undefined }),
    ledger: async () => undefined,
    setAlarm: () => {},
    now: () => now,
    log: (_level, message) => console.error(message),
  };
  const core = new HubCore(platform);
  const keys = keysOf(0, ROUTES);
  const allocations = keys.map((key) => {
    core.publish({ key, version: 1, text: TEXT, at: now });
    const parsed = parse(TEXT, { allowPrivateOrigins: true });
    const [split] = parsed.ok ? compile(parsed.policy, key).splits : [];
    if (split === undefined) throw new Error("no split");
    return allocationOf(split, now);
  });
  let reports = 0;
  const tell = (route: number, first: number, count: number) => {
    reports += 1;
    now += 100;
    const visitors = Array.from({ length: count }, (_, n) => ({
      digest: digestOf(first + n),
      variant: n % 2 === 0 ? "stable" : "canary",
      exposure: "drawn",
      at: now,
    }));
    const minutes = [
      {
        minute: Math.floor(now / 60_000),
        variants: [counted("stable", count / 2), counted("canary", count / 2)],
      },
    ];
    const goals = visitors.slice(0, 5).map(({ digest }) => ({ goal: "buy", digest, at: now }));
    const key = keys[route] ?? "";
    const split = { experiment: key, allocation: allocations[route], minutes, visitors };
    const held = {
      key,
      version: 1,
      digest: textDigest(TEXT),
      requests: count,
      splits: [split],
      goals,
    };
    const report = {
      v: 1,
      isolate: `i-${reports}`,
      sequence: 1,
      routes: [held],
      lookups: [],
      since: 0,
    };
    core.report(0, JSON.stringify(report));
  };
  const [key = ""] = keys;
  for (let first = 0; first < VISITORS; first += MAX_REPORTED_VISITORS) {
    tell(0, first, MAX_REPORTED_VISITORS);
    if (first % 10_000 === 0) void core.alarm();
  }
  now += 10_000;
  void core.alarm();
  const written = rows;
  for (let route = 1; route < ROUTES; route += 1) tell(route, 0, 20);
  now += 10_000;
  void core.alarm();
  const answers = () => core.asked(0);
  const cold = timed(() => void new HubCore(platform).asked(0).results(key));
  const warm = median(
    Array.from({ length: ROUNDS }, () => timed(() => void answers().results(key))),
  );
  const page = { prefix: "", after: "", limit: ROUTES };
  const status = median(
    Array.from({ length: ROUNDS }, () => timed(() => void answers().status(page))),
  );
  const scrape = median(
    Array.from({ length: ROUNDS }, () => timed(() => void answers().totals(["*"]))),
  );
  return [
    `results, ${VISITORS} visitors: ${cold.toFixed(1)} ms in a shard that has just begun, ${warm.toFixed(1)} ms after it`,
    `status, a page of ${ROUTES} routes with a split: ${status.toFixed(1)} ms`,
    `totals of ${ROUTES} routes with a split: ${scrape.toFixed(1)} ms`,
    `rows written for ${VISITORS} new visitors: ${written}, ${(written / VISITORS).toFixed(2)} each`,
  ];
}
