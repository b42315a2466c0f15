import { allocationOf } from "../../decide/allocation.ts";
import { latencyEdgeMs } from "../../lib/latency.ts";
import { covers } from "../../lib/scope.ts";
import type { GuardTotals, ShardTotals, VariantTotals } from "../../report/answers.ts";
import { FAILURE_KINDS, type FailureKind } from "../../report/measured.ts";
import { own } from "../../stats/own.ts";
import { srm } from "../../stats/srm.ts";
import type { Experiment } from "./experiments.ts";
import type { GuardStands } from "./guard-stands.ts";
import type { Measure } from "./measure.ts";
import { outcomesOf, together } from "./outcomes.ts";
import type { Names } from "./policies.ts";
import type { RouteSeries } from "./route-series.ts";
import { reportedAt } from "./status.ts";
import { capsOf, strataOf } from "./strata.ts";
import { addTo, made, type VariantTally } from "./tally.ts";

/** Series that one scrape tells of a shard: each makes a hundred lines. */
const MAX_SERIES = 1000;

/** What all variants of an experiment have in common, and of each one who is in its sample. */
interface ExperimentTotals {
  readonly shares: Readonly<Record<string, number>>;
  readonly srmP: number;
  readonly visitors: ReadonlyMap<string, number>;
  /** By variant, then by goal. */
  readonly goals: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** A single origin gets all there is; what is in no policy any more gets nothing. */
function onlyShare({ variants }: Names, name: string): Record<string, number> {
  const [only, ...more] = variants.get(name) ?? [];
  return only === undefined || more.length > 0 ? {} : { [only]: 1 };
}

function experimentTotals(
  measure: Measure,
  names: Names,
  name: string,
  experiment: Experiment | undefined,
  now: number,
): ExperimentTotals {
  const node = names.splits.get(name);
  const shares = node === undefined ? onlyShare(names, name) : allocationOf(node, now).shares;
  const visitors = new Map<string, number>();
  const goals = new Map<string, Map<string, number>>();
  if (experiment === undefined) return { shares, srmP: 1, visitors, goals };
  const aggregate = measure.sample.aggregate(experiment, capsOf(names.goals.values()));
  for (const arms of aggregate.arms.values())
    for (const [variant, arm] of arms) {
      addTo(visitors, variant, arm.visitors);
      const reached = made(goals, variant, () => new Map<string, number>());
      for (const [goal, { conversions }] of arm.goals) addTo(reached, goal, conversions);
    }
  const isDrawn = node?.definition.pins ?? true;
  const strata = isDrawn ? strataOf(experiment, aggregate) : [];
  return { shares, srmP: srm(strata, experiment.srmPeak).p, visitors, goals };
}

const byKind = (failures: readonly number[]): Record<FailureKind, number> => ({
  network: failures[FAILURE_KINDS.indexOf("network")] ?? 0,
  timeout: failures[FAILURE_KINDS.indexOf("timeout")] ?? 0,
  status: failures[FAILURE_KINDS.indexOf("status")] ?? 0,
  down: failures[FAILURE_KINDS.indexOf("down")] ?? 0,
});

function variantTotals(
  where: { readonly route: string; readonly experiment: string; readonly variant: string },
  { counted, others, rescued }: VariantTally,
  { shares, srmP, visitors, goals }: ExperimentTotals,
): VariantTotals {
  const { variant } = where;
  const all = together(counted, others);
  return {
    ...where,
    counted: counted.requests,
    others: others.requests,
    status: outcomesOf(all).status,
    failures: byKind(all.failures),
    rescued,
    latency: all.latency,
    latencySumMs: all.latency.reduce((sum, n, bucket) => sum + n * latencyEdgeMs(bucket), 0),
    share: own(shares, variant) ?? 0,
    visitors: visitors.get(variant) ?? 0,
    goals: Object.fromEntries(goals.get(variant) ?? []),
    srmP,
  };
}

function routeTotals(measure: Measure, series: RouteSeries, now: number): VariantTotals[] {
  const { key, id } = series;
  const head = measure.store.head(key);
  if (head === undefined) return [];
  const names = measure.policies.of(head);
  const stored = measure.experiments.of(id);
  return [...series.totals().splits].flatMap(([experiment, { variants }]) => {
    const shared = experimentTotals(measure, names, experiment, stored.get(experiment), now);
    return [...variants].map(([variant, tally]) =>
      variantTotals({ route: key, experiment, variant }, tally, shared),
    );
  });
}

/** Totals of the routes that a scope covers: those that divide visitors first, as many series as a scrape takes. */
export function totalsOf(
  measure: Measure,
  stands: GuardStands,
  scope: readonly string[],
  now: number,
): ShardTotals {
  const told = measure.routes
    .told()
    .filter(({ key }) => scope.some((pattern) => covers(pattern, key)))
    .toSorted((one, another) => Number(another.divides) - Number(one.divides));
  const series: VariantTotals[] = [];
  const guards: GuardTotals[] = [];
  const at: Record<string, number> = {};
  let other = scope.includes("*") ? measure.routes.other.totals().requests : 0;
  for (const one of told) {
    const found = routeTotals(measure, one, now);
    if (series.length + found.length > MAX_SERIES) {
      other += one.totals().requests;
      continue;
    }
    series.push(...found);
    guards.push(...stands.ofRoute(one.key));
    const reported = reportedAt(measure, one.key, now);
    if (reported !== undefined) at[one.key] = reported;
  }
  return { series, other, reportedAt: at, guards };
}
