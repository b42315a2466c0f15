import { HubCore } from "../../src/hub/core.ts";
import { SHARDS } from "../../src/report/shard.ts";
import { textDigest } from "../../src/report/digest.ts";
import { MAX_REPORTED_ROUTES } from "../../src/report/wire.ts";
import { keysOf } from "../support/hub.ts";
import { Sqlite } from "../support/sqlite.ts";
import { attackLines } from "./hub-attacks.ts";
import { measuredLines } from "./hub-measured.ts";

/*
 * What one shard of the hub takes to answer, with 10 000 routes over all shards and with 1 000 000:
 * the shard's own code over SQLite in memory. `npm run bench:hub` prints medians and their ratios, then what
 * concluding takes (hub-measured.ts).
 */

const SIZES = [10_000, 1_000_000] as const;
const ROUNDS = 400;
const TEXT = '"https://origin.example.com"';
const DIGEST = textDigest(TEXT);

/** A step of the generator of test data: no chance, so that every run does the same. */
const next = (seed: number): number => (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;

interface Shard {
  readonly core: HubCore;
  readonly keys: readonly string[];
  clock: number;
}

function shardWith(routes: number): Shard {
  const sql = new Sqlite();
  const keys = keysOf(0, Math.round(routes / SHARDS));
  const shard = { clock: 1_800_000_000_000, keys };
  const core = new HubCore({
    boot: "",
    sql,
    transaction: (work) => sql.transaction(work),
    read: async () => ({ text: null, metadata: null }),
    list: async () => ({ keys: [], cursor: undefined }),
    ledger: async () => undefined,
    setAlarm: () => {},
    now: () => shard.clock,
    log: () => {},
  });
  for (const key of keys) core.publish({ key, version: 1, text: TEXT, at: 1 });
  return Object.assign(shard, { core });
}

/** The middle of the times (µs) that `work` takes, the clock a second further on each time. */
function median(shard: Shard, work: (round: number) => void): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    shard.clock += 1000;
    const from = performance.now();
    work(round);
    times.push((performance.now() - from) * 1000);
  }
  return times.toSorted((a, b) => a - b)[ROUNDS / 2] ?? 0;
}

function measure(routes: number): Record<string, number> {
  const shard = shardWith(routes);
  const { core, keys } = shard;
  let seed = 1;
  const key = (): string => {
    seed = next(seed);
    return keys[seed % keys.length] ?? "";
  };
  const report = (isolate: string, sequence: number, routesOf: string[], lookups: string[]) =>
    core.report(
      0,
      JSON.stringify({
        v: 1,
        isolate,
        sequence,
        routes: routesOf.map((one) => ({ key: one, version: 1, digest: DIGEST, requests: 3 })),
        lookups,
        since: 0,
      }),
    );
  // Ten isolates by turns, each with the routes that it serves.
  const served = Array.from({ length: 10 }, () => Array.from({ length: MAX_REPORTED_ROUTES }, key));
  return {
    "list, a page of 100": median(shard, () =>
      core.list(0, { prefix: "", search: "", after: key(), limit: 100 }),
    ),
    "list by prefix": median(shard, () => {
      const prefix = key().slice(0, -1);
      core.list(0, { prefix, search: "", after: "", limit: 100 });
    }),
    "search, a page": median(shard, () =>
      core.list(0, { prefix: "", search: "-no-such", after: key(), limit: 100 }),
    ),
    "look-up": median(shard, (round) => report("l", round + 1, [], [key()])),
    "report of 256 routes": median(shard, (round) =>
      report(`i-${round % 10}`, round + 1, served[round % 10] ?? [], []),
    ),
    publish: median(shard, (round) =>
      core.publish({ key: key(), version: round + 2, text: TEXT, at: 1 }),
    ),
  };
}

const [small, large] = SIZES.map(measure);
if (small === undefined || large === undefined) throw new Error("nothing was measured");
const column = (value: string): string => value.padStart(12);
console.log(
  ["one shard, median µs".padEnd(24), ...["10^4 routes", "10^6 routes", "ratio"].map(column)].join(
    "",
  ),
);
for (const [what, few] of Object.entries(small)) {
  const many = large[what] ?? Number.NaN;
  const cells = [few.toFixed(0), many.toFixed(0), (many / few).toFixed(1)].map(column);
  console.log([what.padEnd(24), ...cells].join(""));
}

for (const line of measuredLines()) console.log(line);
for (const line of await attackLines()) console.log(line);
