import type { LeafNode } from "../../policy/compiled.ts";
import type { ExperimentData, Identity, OperationsTally } from "../../stats/data.ts";
import type { Experiment } from "./experiments.ts";
import type { Measure } from "./measure.ts";
import { sumOf } from "./outcomes.ts";
import type { Names } from "./policies.ts";
import { HOUR_MS } from "./ring.ts";
import { emptyRoute, mergeRoute, type RouteTally, type SplitTally } from "./tally.ts";
import { capsOf, strataOf } from "./strata.ts";

/** An experiment of a route: in the newest policy, with visitors, or both. */
export interface Found {
  readonly name: string;
  readonly node: LeafNode | undefined;
  readonly experiment: Experiment | undefined;
}

/** The experiments of a route: those of the policy in its order, then those whose node is gone. */
export function foundIn(
  { splits }: Names,
  stored: ReadonlyMap<string, Experiment>,
): readonly Found[] {
  const found = new Map<string, Found>();
  for (const [name, node] of splits) found.set(name, { name, node, experiment: stored.get(name) });
  for (const [name, experiment] of stored)
    if (!found.has(name)) found.set(name, { name, node: undefined, experiment });
  return [...found.values()];
}

/** How visitors of a split are known again. */
export function identityOf(node: LeafNode | undefined, knowsVisitors: boolean): Identity {
  if (node?.sticky === false) return "not-sticky";
  const lasts = node?.sticky.by.some(({ from }) => from !== "ip") ?? true;
  if (!lasts) return "address";
  return knowsVisitors ? "lasting" : "no-key";
}

const operationsOf = ({ counted }: { counted: OperationsCounts }): OperationsTally => ({
  requests: counted.requests,
  failures: sumOf(counted.failures),
  latency: counted.latency,
});

interface OperationsCounts {
  readonly requests: number;
  readonly failures: readonly number[];
  readonly latency: readonly number[];
}

/** What a route counted in this hour and the one before: operations are told over the same time for all variants. */
export function recentOf(measure: Measure, key: string, now: number): RouteTally {
  const hour = Math.floor(now / HOUR_MS);
  const recent = emptyRoute();
  const spans = measure.routes.get(key)?.hours(hour - 1, hour) ?? new Map<number, RouteTally>();
  for (const [at, route] of spans) if (at >= hour - 1) mergeRoute(recent, route);
  return recent;
}

/** What is asked of an experiment. */
export interface DataContext {
  readonly measure: Measure;
  readonly names: Names;
  /** All that the route ever counted. */
  readonly totals: RouteTally;
  readonly recent: RouteTally;
  readonly now: number;
}

/** All that is to be concluded from about an experiment. */
export function dataOf({ name, node, experiment }: Found, context: DataContext): ExperimentData {
  const { measure, names, totals, recent, now } = context;
  const caps = capsOf(names.goals.values());
  const aggregate = experiment && measure.sample.aggregate(experiment, caps);
  const strata = experiment && aggregate ? strataOf(experiment, aggregate) : [];
  const variants = new Set(node?.variants.map((variant) => variant.name));
  for (const { exposed } of strata)
    for (const variant of Object.keys(exposed)) variants.add(variant);
  const split: SplitTally | undefined = totals.splits.get(name);
  const operations = [...(recent.splits.get(name)?.variants ?? [])]
    .filter(([variant]) => variants.has(variant))
    .map(([variant, tally]) => [variant, operationsOf(tally)] as const);
  return {
    experiment: name,
    control: controlOf(node, strata.at(-1)?.shares ?? {}, now),
    variants: [...variants],
    identity: identityOf(node, measure.knowsVisitors),
    drawn: node?.definition.pins ?? true,
    halvings: experiment?.halvings ?? 0,
    since: strata[0]?.since ?? now,
    now,
    goals: [...names.goals.values()].map((goal) => ({
      goal: goal.name,
      ...(goal.cap === undefined ? {} : { cap: goal.cap }),
      unattributed: split?.unattributed.get(goal.name) ?? 0,
    })),
    strata,
    apart: {
      byRule: aggregate?.byRule ?? 0,
      olderPins: aggregate?.older ?? 0,
      unchecked: split?.unchecked ?? 0,
    },
    srmPeak: experiment?.srmPeak ?? 0,
    ...(operations.length > 0 && { operations: Object.fromEntries(operations) }),
  };
}

/** The variant that others are compared with: the one that a guard names, else the default one, and of a split that is gone the one that most were drawn for. */
export function controlOf(
  node: LeafNode | undefined,
  shares: Readonly<Record<string, number>>,
  now: number,
): string {
  if (node?.guard?.control !== undefined) return node.guard.control;
  if (node !== undefined) return node.definition.defaultVariant(node, now).name;
  const [most] = Object.entries(shares).toSorted(([, one], [, other]) => other - one);
  return most?.[0] ?? "";
}
