import { allocationOf } from "../../decide/allocation.ts";
import { formatInstant } from "../../lib/instant-text.ts";
import type { ExperimentStatus, RouteStatus } from "../../report/answers.ts";
import { resultsOf } from "../../stats/results.ts";
import type { Head } from "../head.ts";
import { aheadOf } from "./ahead.ts";
import { dataOf, foundIn, recentOf } from "./data.ts";
import type { GuardStands } from "./guard-stands.ts";
import type { Measure } from "./measure.ts";
import { sumOf } from "./outcomes.ts";
import { KEPT_MINUTES, MINUTE_MS } from "./ring.ts";
import { emptyRoute, mergeRoute, type RouteTally } from "./tally.ts";

/** Requests a minute and shares of failures are told over the last so many whole minutes. */
const TOLD_MINUTES = 5;

/** What it takes to conclude for the status of a route: its variants, for the goals and for failures each. */
export function figuresOf({ store, policies }: Measure, key: string): number {
  const head = store.head(key);
  if (head?.splits !== true) return 0;
  const { splits, goals } = policies.of(head);
  const variants = [...splits.values()].reduce((sum, node) => sum + node.variants.length, 0);
  return variants * (1 + goals.size);
}

/** The version of a route that rules, null for a text that was put by hand, and when it was reported last. */
export function newestOf(
  measure: Measure,
  { key, version, byHand }: Head,
  now: number,
): Pick<RouteStatus, "version" | "reportedAt"> {
  return {
    version: byHand === undefined ? version : null,
    reportedAt: reportedText(measure, key, now),
  };
}

function reportedText(measure: Measure, key: string, now: number): string | null {
  const at = reportedAt(measure, key, now);
  return at === undefined ? null : formatInstant(at);
}

/** When a route was reported last (ms): to the minute where the shard began anew since; `undefined` where that is a day ago. */
export function reportedAt(measure: Measure, key: string, now: number): number | undefined {
  const series = measure.routes.get(key);
  const minute = series?.lastMinute();
  const at = series?.reportedAt ?? (minute === undefined ? undefined : minute * MINUTE_MS);
  return at !== undefined && now - at < KEPT_MINUTES * MINUTE_MS ? at : undefined;
}

/** What a route counted in the last whole minutes. */
function lastMinutes(measure: Measure, key: string, now: number): RouteTally {
  const minute = Math.floor(now / MINUTE_MS);
  const last = emptyRoute();
  const spans = measure.routes.get(key)?.minutes(minute - TOLD_MINUTES, minute) ?? [];
  for (const [at, route] of spans)
    if (at >= minute - TOLD_MINUTES && at < minute) mergeRoute(last, route);
  return last;
}

/** One route at a glance. */
export function statusOf(
  measure: Measure,
  guards: GuardStands,
  route: { readonly key: string; readonly version: number | null },
  now: number,
): RouteStatus {
  const { key, version } = route;
  return {
    route: key,
    version,
    reportedAt: reportedText(measure, key, now),
    drift: version === null,
    experiments: experimentsOf(measure, guards, key, now),
  };
}

function experimentsOf(
  measure: Measure,
  guards: GuardStands,
  key: string,
  now: number,
): ExperimentStatus[] {
  const { store, policies, experiments } = measure;
  const head = store.head(key);
  const id = store.idOf(key);
  if (head === undefined || id === undefined || !head.splits) return [];
  const names = policies.of(head);
  const last = lastMinutes(measure, key, now);
  const totals = measure.routes.get(key)?.totals() ?? emptyRoute();
  const context = { measure, names, totals, recent: recentOf(measure, key, now), now };
  return foundIn(names, experiments.of(id)).flatMap((found): ExperimentStatus[] => {
    const { name, node } = found;
    if (node === undefined) return [];
    const variants = [...(last.splits.get(name)?.variants ?? [])];
    const requests = variants.reduce(
      (sum, [, { counted, others }]) => sum + counted.requests + others.requests,
      0,
    );
    const shares = variants
      .filter(([, { counted }]) => counted.requests > 0)
      .map(([variant, { counted }]): [string, number] => [
        variant,
        sumOf(counted.failures) / counted.requests,
      ]);
    const { srm, verdict } = resultsOf(dataOf(found, context));
    return [
      {
        experiment: name,
        strategy: node.strategy,
        shares: allocationOf(node, now).shares,
        requestsPerMinute: requests / TOLD_MINUTES,
        failureShare: Object.fromEntries(shares),
        srm: srm.verdict,
        guard: guards.of(key, name)?.verdict ?? null,
        verdict,
        ...aheadOf(node, now),
      },
    ];
  });
}
