import type { MinuteCounts, SplitReport, VisitorReport } from "../../report/measured.ts";
import type { HeldRoute } from "../../report/wire.ts";
import type { HubStore } from "../store.ts";
import type { Experiments } from "./experiments.ts";
import { heardOf, type Heard } from "./heard.ts";
import type { MeasureLimits } from "./limits.ts";
import { keepsVisitors, variantsOf } from "./known-names.ts";
import type { Policies } from "./policies.ts";
import type { QueuedGoal, QueuedVisitor } from "./queue.ts";
import { MINUTE_MS } from "./ring.ts";
import type { RouteSeries } from "./route-series.ts";
import type { Routes } from "./routes.ts";
import { addTo, addVariant, splitOf, variantOf } from "./tally.ts";
import { belowOf } from "./visitors.ts";

/** Counts of so many minutes ago are told as of then, older ones as of the oldest of these. */
const MAX_LATE_MINUTES = 5;

/** What an isolate tells is never older (ms): it waits for five minutes, and is sent again for some. */
const MAX_LATE_MS = 900_000;

/** Nor from a future further than clocks differ (ms). */
const MAX_EARLY_MS = 5000;

const held = (at: number, now: number): number =>
  Math.min(now + MAX_EARLY_MS, Math.max(now - MAX_LATE_MS, at));

const visitorAt = (visitor: VisitorReport, now: number): VisitorReport => ({
  ...visitor,
  at: held(visitor.at, now),
  ...(visitor.failed && {
    failed: visitor.failed.map((minute) => Math.floor(held(minute * MINUTE_MS, now) / MINUTE_MS)),
  }),
});

/** What a route of a report comes to: everything is looked up, and nothing can fail any more. */
export interface TakenRoute {
  readonly series: RouteSeries;
  readonly requests: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly splits: readonly TakenSplit[];
  readonly unattributed: HeldRoute["unattributed"];
  readonly visitors: readonly QueuedVisitor[];
  readonly goals: readonly QueuedGoal[];
  /** What guards hear of it. */
  readonly heard: readonly Heard[];
}

interface TakenSplit {
  readonly experiment: string;
  readonly minutes: readonly MinuteCounts[];
  readonly unchecked: number;
}

/** What finding out what a report comes to takes. */
export interface TakeContext {
  readonly store: HubStore;
  readonly routes: Routes;
  readonly policies: Policies;
  readonly experiments: Experiments;
  readonly limits: MeasureLimits;
}

/** Whether a route of a report is there only for its newest text, of which somebody asks. */
export const tellsNothing = ({ requests = 0, splits, ends, goals, unattributed }: HeldRoute) =>
  requests === 0 &&
  [splits, Object.keys(ends ?? {}), goals, unattributed].every((told = []) => told.length === 0);

const unknown = (routes: Routes, requests: number): TakenRoute => ({
  series: routes.other,
  requests,
  ends: {},
  splits: [],
  unattributed: [],
  visitors: [],
  goals: [],
  heard: [],
});

/** Looks up what a route of a report comes to. Names that are not known are left out: their requests count for the route alone. */
export function prepared(route: HeldRoute, context: TakeContext, now: number): TakenRoute {
  const { key, requests = 0, splits = [], ends = {}, goals = [], unattributed = [] } = route;
  const head = context.store.head(key);
  if (head === undefined) return unknown(context.routes, requests);
  const series = context.routes.place(key, head.splits, now);
  if (series.key !== key) return unknown(context.routes, requests);
  const names = context.policies.of(head);
  const stored = context.experiments.of(series.id);
  series.makeRoom(names.variants, context.limits.series);
  const visitors: QueuedVisitor[] = [];
  const heard: Heard[] = [];
  const taken = splits.flatMap((split): TakenSplit[] => {
    const { experiment, allocation, unchecked = 0 } = split;
    const known = stored.get(experiment);
    const variants = variantsOf(experiment, names, known);
    if (variants === undefined) return [];
    if (keepsVisitors(split, names, known, variants)) {
      const below = belowOf(known?.halvings ?? 0);
      for (const visitor of split.visitors ?? [])
        if (visitor.digest < below && variants.has(visitor.variant))
          visitors.push({ key, experiment, allocation, visitor: visitorAt(visitor, now) });
    }
    const guarded = names.guards.get(experiment);
    if (guarded !== undefined) heard.push(heardOf(key, guarded, split, variants));
    const minutes = minutesOf(split, variants, series, context.limits.series);
    return [{ experiment, minutes, unchecked }];
  });
  const isSplit = (name: string) => names.splits.has(name) || stored.has(name);
  return {
    series,
    requests,
    ends,
    splits: taken,
    unattributed: unattributed.filter(
      ({ experiment, goal }) => isSplit(experiment) && names.goals.has(goal),
    ),
    visitors,
    goals: goals
      .filter(({ goal }) => names.goals.has(goal))
      .map((goal) => ({ key, goal: { ...goal, at: held(goal.at, now) } })),
    heard,
  };
}

/** The counts of variants that are known and for which there is room. */
const minutesOf = (
  { experiment, minutes }: SplitReport,
  known: ReadonlySet<string>,
  series: RouteSeries,
  most: number,
): MinuteCounts[] =>
  minutes.map(({ minute, variants }) => ({
    minute,
    variants: variants.filter(
      ({ variant }) => known.has(variant) && series.hasRoom(experiment, variant, most),
    ),
  }));

/** Adds what a route of a report comes to; visitors and goals go their own way. Memory alone. */
export function count(taken: TakenRoute, now: number): void {
  const { series, requests, ends, splits, unattributed = [] } = taken;
  const minute = Math.floor(now / MINUTE_MS);
  if (requests > 0) series.at(minute).requests += requests;
  for (const [end, times] of Object.entries(ends)) addTo(series.at(minute).ends, end, times);
  for (const { experiment, goal, count: times } of unattributed)
    addTo(splitOf(series.at(minute), experiment).unattributed, goal, times);
  for (const { experiment, minutes, unchecked } of splits) {
    if (unchecked > 0) splitOf(series.at(minute), experiment).unchecked += unchecked;
    for (const { minute: told, variants } of minutes) {
      if (variants.length === 0) continue;
      const at = Math.min(minute, Math.max(minute - MAX_LATE_MINUTES, told));
      const split = splitOf(series.at(at), experiment);
      for (const variant of variants) addVariant(variantOf(split, variant.variant), variant);
    }
  }
}
