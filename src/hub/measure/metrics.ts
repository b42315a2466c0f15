import { formatInstant } from "../../lib/instant-text.ts";
import {
  MAX_POINTS,
  MAX_POINTS_TOGETHER,
  MAX_WINDOW_SECONDS,
  type MetricsPoint,
  type MetricsQuery,
  type MetricsSeries,
  type RouteMetrics,
} from "../../report/answers.ts";
import { outcomesOf, together } from "./outcomes.ts";
import type { Spans } from "./pack.ts";
import { HOUR_MS, KEPT_MINUTES, MINUTE_MS } from "./ring.ts";
import type { RouteSeries } from "./route-series.ts";
import { emptyRoute, made, mergeRoute, type RouteTally, type VariantTally } from "./tally.ts";

/** What a window is told in: minutes, or hours beyond the day that minutes are kept. */
function unitsOf({ window }: MetricsQuery) {
  const windowMs = Math.min(MAX_WINDOW_SECONDS * 1000, Math.max(MINUTE_MS, window * 1000));
  const isByMinute = windowMs <= KEPT_MINUTES * MINUTE_MS;
  return { windowMs, isByMinute, unitMs: isByMinute ? MINUTE_MS : HOUR_MS };
}

/** When the window of a question, which goes with the clock, next leaves something behind (ms). */
export function edgeOf(query: MetricsQuery, now: number): number {
  const { windowMs, unitMs } = unitsOf(query);
  return (Math.floor((now - windowMs) / unitMs) + 1) * unitMs + windowMs;
}

/** Splits and variants together that some spans tell of. */
function seriesIn(spans: Spans): number {
  const known = new Set<string>();
  for (const { splits } of spans.values())
    for (const [experiment, { variants }] of splits)
      for (const variant of variants.keys()) known.add(JSON.stringify([experiment, variant]));
  return known.size;
}

const pointOf = (at: number, { counted, others, rescued }: VariantTally): MetricsPoint => {
  const all = together(counted, others);
  return {
    at: formatInstant(at),
    requests: all.requests,
    counted: counted.requests,
    rescued,
    ...outcomesOf(all),
    countedOnly: outcomesOf(counted),
  };
};

/** Series of a route's variants over a window, steps without requests left out. */
export function metricsOf(
  key: string,
  series: RouteSeries | undefined,
  query: MetricsQuery,
  now: number,
): RouteMetrics {
  const { windowMs, isByMinute, unitMs } = unitsOf(query);
  const from = Math.floor((now - windowMs) / unitMs) + 1;
  const to = Math.floor(now / unitMs);
  const spans: Spans =
    series === undefined
      ? new Map<number, RouteTally>()
      : isByMinute
        ? series.minutes(from, to)
        : series.hours(from, to);
  const most = Math.min(MAX_POINTS, MAX_POINTS_TOGETHER / Math.max(1, seriesIn(spans)));
  const leastMs = Math.max(query.step * 1000, windowMs / most);
  const stepMs = Math.max(1, Math.ceil(leastMs / unitMs)) * unitMs;
  // Steps begin where the clock's do, so that the same step is told alike whenever somebody asks.
  const last = Math.floor(now / stepMs);
  const first = Math.min(last, Math.floor((now - windowMs) / stepMs) + 1);
  const steps = new Map<number, RouteTally>();
  for (const [at, route] of spans) {
    const step = Math.floor((at * unitMs) / stepMs);
    if (step >= first && step <= last) mergeRoute(made(steps, step, emptyRoute), route);
  }
  const points = new Map<string, { experiment: string; variant: string; points: MetricsPoint[] }>();
  for (const [step, route] of [...steps].toSorted(([one], [other]) => one - other))
    for (const [experiment, { variants }] of route.splits)
      for (const [variant, tally] of variants)
        made(points, JSON.stringify([experiment, variant]), () => ({
          experiment,
          variant,
          points: [],
        })).points.push(pointOf(step * stepMs, tally));
  const found: MetricsSeries[] = [...points.values()];
  return {
    route: key,
    from: formatInstant(first * stepMs),
    to: formatInstant(now),
    step: stepMs / 1000,
    series: found,
  };
}
