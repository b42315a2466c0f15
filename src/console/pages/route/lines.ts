import { milliseconds, percent, count } from "../../data/format.ts";
import { NO_REQUESTS, type Point, type RouteMetrics, type Shown } from "./figures.ts";

/** Lines of one chart: there are no more colours and shapes, and more cannot be told apart. */
export const MAX_LINES = 6;

interface Measure {
  readonly title: string;
  readonly of: (point: Shown, stepSeconds: number) => number | null;
  readonly told: (value: number) => string;
}

const ofRequests = (what: number, { requests }: Shown) => (requests === 0 ? null : what / requests);

/** What a chart may be of, each with its unit. */
export const MEASURES = {
  requests: {
    title: "Requests per minute",
    of: ({ requests }, step) => (requests * 60) / step,
    told: (value) => count(value),
  },
  failures: {
    title: "Failures, % of requests",
    of: (point) => ofRequests(point.failures, point),
    told: percent,
  },
  p50: { title: "p50, ms", of: ({ latency }) => latency.p50, told: milliseconds },
  p95: { title: "p95, ms", of: ({ latency }) => latency.p95, told: milliseconds },
  p99: { title: "p99, ms", of: ({ latency }) => latency.p99, told: milliseconds },
  rescued: {
    title: "Rescued requests per minute",
    of: ({ rescued }, step) => (rescued * 60) / step,
    told: (value) => count(value),
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;

/** How far back a chart goes, and how long each of its points is (s). */
export const PERIODS = {
  "1h": { title: "Last hour", window: 3_600, step: 60 },
  "24h": { title: "Last 24 hours", window: 86_400, step: 900 },
  "7d": { title: "Last 7 days", window: 604_800, step: 3_600 },
} as const;

export type PeriodName = keyof typeof PERIODS;

/** One variant over time. */
export interface Curve {
  readonly name: string;
  /** Its place in the policy, which gives it colour and shape. */
  readonly index: number;
  readonly values: readonly (number | null)[];
}

/** The instants at which a route's metrics have their points (ms), those without any request included; the step that still goes on says nothing yet. */
export function stepsOf({ from, to, step, series }: RouteMetrics): readonly number[] {
  const stepMs = step * 1000;
  // Points tell where steps begin; where there is none, nothing is drawn.
  const some = series.find(({ points }) => points.length > 0)?.points[0];
  if (some === undefined) return [];
  const phase = Date.parse(some.at) % stepMs;
  const first = Math.ceil((Date.parse(from) - phase) / stepMs) * stepMs + phase;
  const steps = Math.max(0, Math.floor((Date.parse(to) - first) / stepMs));
  return Array.from({ length: steps }, (_, index) => first + index * stepMs);
}

/** The variants of one split over time, those with most requests where there are more than can be drawn. Pure. */
export function curvesOf(
  metrics: RouteMetrics,
  experiment: string,
  names: readonly string[],
  measure: Measure,
): {
  readonly times: readonly number[];
  readonly curves: readonly Curve[];
  readonly leftOut: number;
} {
  const places = new Map(names.map((name, index) => [name, index]));
  const series = metrics.series.filter(
    (one) => one.experiment === experiment && places.has(one.variant),
  );
  const total = (points: readonly Point[]) =>
    points.reduce((sum, { requests }) => sum + requests, 0);
  const drawn = series
    .toSorted((a, b) => total(b.points) - total(a.points))
    .slice(0, MAX_LINES)
    .toSorted((a, b) => (places.get(a.variant) ?? 0) - (places.get(b.variant) ?? 0));
  const times = drawn.length === 0 ? [] : stepsOf(metrics);
  const curves = drawn.map(({ variant, points }) => {
    const byTime = new Map(points.map((point) => [Date.parse(point.at), point]));
    return {
      name: variant,
      index: places.get(variant) ?? 0,
      values: times.map((at) => measure.of(byTime.get(at) ?? NO_REQUESTS, metrics.step)),
    };
  });
  return { times, curves, leftOut: series.length - drawn.length };
}
