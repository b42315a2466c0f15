import { PolicyCache } from "../../../src/gateway/load/policy-cache.ts";
import { quantile, table } from "../report.ts";
import { PRICES } from "./prices.ts";
import { policyText, simulate, type FleetInput, type FleetResult } from "./tenants-model.ts";

/**
 * The gateway's own defaults, and a small fleet. Zipf's exponent 1 is the upper end of what web traffic shows
 * (Breslau et al. 1999: 0.64 to 0.83 for pages, towards 1 for sites); 60 s is KV's own word for how long a change may
 * take to be seen (developers.cloudflare.com/kv/concepts/how-kv-works).
 */
const USUAL: FleetInput = {
  tenants: 1_000_000,
  zipf: 1,
  sites: 4,
  isolatesPerSite: 5,
  requestsPerSecond: 2000,
  seconds: 600,
  memoryTtlSeconds: 10,
  kvCacheTtlSeconds: 30,
  propagationSeconds: 60,
  editsPerSecond: 0.1,
  maxRoutes: 10_000,
};

const CASES: readonly (readonly [name: string, input: FleetInput])[] = [
  ["1 tenant", { ...USUAL, tenants: 1 }],
  ["1 000 tenants", { ...USUAL, tenants: 1000 }],
  ["100 000 tenants", { ...USUAL, tenants: 100_000 }],
  ["1 000 000 tenants", USUAL],
  ["… memory TTL 60 s", { ...USUAL, memoryTtlSeconds: 60 }],
  [
    "… 5 × the traffic",
    { ...USUAL, requestsPerSecond: USUAL.requestsPerSecond * 5, seconds: USUAL.seconds / 5 },
  ],
  ["… 5 × the isolates", { ...USUAL, isolatesPerSite: USUAL.isolatesPerSite * 5 }],
];

/** Bytes of heap that one cached route takes: its text, its policy and its place in the map, on this V8. */
async function bytesPerRoute(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start this with --expose-gc");
  const count = USUAL.maxRoutes;
  const routes = new PolicyCache(
    {
      read: (keys) =>
        Promise.resolve(
          new Map(
            keys.map((key) => [
              key,
              { value: policyText(Number(key.slice(1)), 0), metadata: { version: 1 } },
            ]),
          ),
        ),
    },
    {
      memoryTtlMs: 10_000,
      maxRoutes: count,
      allowPrivateOrigins: false,
      reportIntervalMs: 5000,
      freshWaitMs: 150,
      coloCopyHost: "",
    },
    {
      now: () => 0,
      random: () => 0,
      randomId: () => "",
      sleep: () => new Promise(() => {}),
      secret: () => undefined,
      pipe: () => new TransformStream(),
      fetch: () => Promise.reject(new Error("nothing is fetched here")),
      log: () => {},
    },
  );
  await routes.load(["t0"], () => {});
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= count; index += 1) await routes.load([`t${index}`], () => {});
  gc();
  const bytes = (process.memoryUsage().heapUsed - before) / count;
  if (routes.size !== count) throw new Error("the routes are not all in memory");
  return bytes;
}

function cellsOf(name: string, result: FleetResult, bytes: number): string[] {
  const perMillion = (count: number) => (count / result.requests) * 1e6;
  const reads = perMillion(result.keysRead);
  const dollars = PRICES.perMillionRequests + (reads / 1e6) * PRICES.perMillionKeysRead;
  const stale = result.staleSeconds.length === 0 ? [0] : result.staleSeconds;
  return [
    name,
    reads.toFixed(0),
    ((result.waited / result.requests) * 100).toFixed(2),
    `${quantile(stale, 0.5).toFixed(0)} / ${quantile(stale, 0.99).toFixed(0)} / ${quantile(stale, 1).toFixed(0)}`,
    ((result.staleSeconds.length / result.requests) * 100).toFixed(2),
    ((Math.max(...result.routes) * bytes) / 2 ** 20).toFixed(1),
    `$${dollars.toFixed(3)}`,
  ];
}

/** KV reads, staleness, memory and money of fleets that serve one tenant to a million, as a table. */
export async function tenantsTable(quick: boolean): Promise<string> {
  const bytes = await bytesPerRoute();
  const rows: string[][] = [];
  for (const [name, input] of CASES) {
    process.stderr.write(`${name}\n`);
    const seconds = quick ? input.seconds / 5 : input.seconds;
    rows.push(cellsOf(name, await simulate({ ...input, seconds }), bytes));
  }
  const example = PRICES.perMillionRequests + PRICES.perMillionKeysRead;
  rows.push([
    "KV documentation example",
    "1000000",
    "100.00",
    "",
    "",
    "0.0",
    `$${example.toFixed(3)}`,
  ]);
  return `${USUAL.sites} sites of ${USUAL.isolatesPerSite} isolates, ${USUAL.requestsPerSecond} requests/s for ${USUAL.seconds} s from cold, Zipf ${USUAL.zipf}, memory TTL ${USUAL.memoryTtlSeconds} s, KV cacheTtl ${USUAL.kvCacheTtlSeconds} s, propagation ${USUAL.propagationSeconds} s, ${USUAL.editsPerSecond} edits/s, ${USUAL.maxRoutes} routes an isolate at most, KV alone; one cached route takes ${bytes.toFixed(0)} bytes of heap
$${PRICES.perMillionKeysRead} per million keys read, $${PRICES.perMillionRequests} per million requests; CPU time is not in it

${table(["Fleet", "KV keys read per million", "% waited for KV", "stale by s: median/99 %/most", "% served stale", "MiB an isolate", "per million requests"], rows)}`;
}
