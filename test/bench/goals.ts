import type { Claim } from "./claims.ts";
import {
  COLD,
  FLOOR,
  KV_EXAMPLE,
  MANY_TENANTS,
  NEWCOMERS,
  ONE_TENANT,
  SAME_DUTY,
} from "./contenders.ts";
import { RETURNING } from "./counting.ts";
import { coldOver, type Cold } from "./cold.ts";
import { ratioOf, type Cost } from "./costs.ts";
import type { Interval } from "./interval.ts";
import { excess, type Latencies } from "./latency.ts";

/** All that one run has measured. */
export interface Measured {
  readonly costs: readonly Cost[];
  readonly latencies: Latencies;
  readonly cold: readonly Cold[];
  readonly decideSplit: Interval;
  readonly decideBehindRules: Interval;
  /** KV keys read by requests of custom hosts over those of path tenants, in the fleet model. */
  readonly hostsOverPaths: number;
  readonly bundleKib: number;
}

const HALF = 0.5;
const MOST_ADDED = 1.1;

/** What the gateway is meant to keep to, and whether this run shows that it does. */
export function goals(run: Measured): Claim[] {
  const ratio = (what: string, name: string, base: string, bar: number): Claim => ({
    what,
    bar,
    unit: "×",
    digits: 3,
    measured: ratioOf(run.costs, name, base),
  });
  return [
    ratio(
      "sticky split, counted and guarded: CPU over the same duties",
      RETURNING,
      SAME_DUTY,
      1.05,
    ),
    ratio("the same over the KV example", RETURNING, KV_EXAMPLE, 0.9),
    ratio("new visitors over returning ones", NEWCOMERS, RETURNING, 1.03),
    ratio("10 000 tenants over one", MANY_TENANTS, ONE_TENANT, 1.05),
    {
      what: `p99 added at half load, less ${MOST_ADDED} × what the same duties add`,
      bar: 0,
      unit: "ms",
      digits: 2,
      measured: excess(
        run.latencies,
        { floor: FLOOR, line: RETURNING, than: SAME_DUTY },
        MOST_ADDED,
        HALF,
      ),
    },
    { what: "decide: a split of two", bar: 1, unit: "µs", digits: 2, measured: run.decideSplit },
    {
      what: "decide: a split behind 20 rules",
      bar: 3,
      unit: "µs",
      digits: 2,
      measured: run.decideBehindRules,
    },
    {
      what: "first request of a cold isolate with 100 KB of policy, CPU over the floor's",
      bar: 5,
      unit: "ms",
      digits: 1,
      measured: coldOver(run.cold, COLD, FLOOR, "first"),
    },
    {
      what: "KV keys read for custom hosts over path tenants, fleet model",
      bar: 1.05,
      unit: "×",
      digits: 2,
      measured: run.hostsOverPaths,
    },
    { what: "bundle, gzip", bar: 45, unit: "KiB", digits: 1, measured: run.bundleKib },
  ];
}
