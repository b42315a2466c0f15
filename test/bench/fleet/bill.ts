/** `npm run bill`: what a month costs, from a simulation of the fleet and the prices in prices.ts. See docs/scaling.md. */
import { parseArgs } from "node:util";

import { table } from "../report.ts";
import { simulateUsage, type BillInput } from "./bill-model.ts";
import { hostsOverPaths } from "./hosts-over-paths.ts";
import { billOf, PRICES, SECONDS_A_MONTH } from "./prices.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** What custom hosts read of KV over path tenants, the row of `npm run bench`, in place of the bill. */
    hosts: { type: "boolean", default: false },
  },
});

if (options.hosts) {
  console.log((await hostsOverPaths()).toFixed(3));
  process.exit();
}

const TENANTS = options.quick ? 1000 : 100_000;

/** How many isolates share the traffic, and how long it is watched (s): Cloudflare does not say; chosen, about one for each request a second and not below 20. */
const VOLUMES = [
  { requestsPerMonth: 10_000_000, isolates: 20, seconds: options.quick ? 300 : 3600 },
  { requestsPerMonth: 1_000_000_000, isolates: 400, seconds: options.quick ? 30 : 300 },
] as const;

const CASES: readonly (readonly [name: string, input: BillInput])[] = VOLUMES.flatMap((volume) =>
  (["path", "host"] as const).flatMap((by) =>
    [false, true].map((hub): readonly [string, BillInput] => [
      `${volume.requestsPerMonth / 1e6} M requests, ${TENANTS} ${by === "path" ? "path tenants" : "custom hosts"}, ${hub ? "with the hub" : "KV alone"}`,
      { ...volume, tenants: TENANTS, by, hub },
    ]),
  ),
);

const dollars = (value: number) => `$${value.toFixed(2)}`;

const rows: string[][] = [];
for (const [name, input] of CASES) {
  process.stderr.write(`${name}\n`);
  const usage = await simulateUsage(input);
  const bill = billOf(usage);
  rows.push([
    name,
    (usage.kvKeys / usage.requests).toFixed(2),
    (usage.hubCalls / usage.requests).toFixed(2),
    usage.objectsAwake.toFixed(1),
    dollars(bill.requests),
    dollars(bill.kv),
    dollars(bill.hub),
    dollars(bill.total),
  ]);
}
console.log(`Zipf 1 over the tenants; $${PRICES.perMillionRequests} per million requests, $${PRICES.perMillionKeysRead} per million KV keys read, $${PRICES.perMillionObjectRequests} per million object requests, $${PRICES.perMillionGigabyteSeconds} per million GB-s, $${PRICES.perMillionRowsWritten} per million rows written. CPU time and included amounts are left out.

${table(["a month", "KV keys a request", "hub calls a request", "objects awake", "Workers", "KV", "hub", "together"], rows)}`);

/** What measuring adds, as the hub's tests hold it to: rows a minute of a busy route, and of a new visitor. */
const MINUTES_A_MONTH = SECONDS_A_MONTH / 60;
const perMonth = (rowsWritten: number) =>
  dollars((rowsWritten / 1e6) * PRICES.perMillionRowsWritten);
console.log(`
Measuring, at most: ${perMonth(6 * MINUTES_A_MONTH)} a month for a busy route with a split (six rows a minute), ${perMonth(MINUTES_A_MONTH)} for another (one), ${perMonth(2e6)} for a million new visitors (two rows each, with that of a halving).`);
