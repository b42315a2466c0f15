import type { AnswerOf } from "../../../api/client/ask.ts";

export type RouteMetrics = AnswerOf<"routeMetrics">;
export type Series = RouteMetrics["series"][number];
export type Point = Series["points"][number];

/** What counts as now, beside the minute that goes on (ms): as much as makes a share of failures mean something, and no more. */
const NOW_MS = 300_000;
const MINUTE_MS = 60_000;

/** How one variant does now. */
export interface Figures {
  readonly requestsPerMinute: number;
  readonly requests: number;
  /** Of 1; absent where nobody asked. */
  readonly failureShare: number | undefined;
  readonly rescued: number;
  /** Of the newest minute that has answers. */
  readonly latency: Point["latency"];
  /** Requests of each minute, the oldest first. */
  readonly minutes: readonly number[];
}

const NO_LATENCY = { p50: null, p95: null, p99: null } as const;

/** What stands for a step in which nobody asked: answers leave it out. */
export const NO_REQUESTS = { requests: 0, failures: 0, rescued: 0, latency: NO_LATENCY } as const;

/** As much of a point as is shown. */
export type Shown = Pick<Point, "requests" | "failures" | "rescued" | "latency">;

const HOUR_MINUTES = 60;

/** The requests of each whole minute of the last hour, the oldest first. */
function hourOf(points: readonly Point[], end: number): readonly number[] {
  const minutes = Array.from({ length: HOUR_MINUTES }, () => 0);
  for (const { at, requests } of points) {
    const age = Math.ceil((end - Date.parse(at)) / MINUTE_MS) - 1;
    // Of the one that still goes on there is nothing to draw.
    if (age >= 1 && age <= HOUR_MINUTES) minutes[HOUR_MINUTES - age] = requests;
  }
  return minutes;
}

/** The figures of one variant in a route's metrics, of which the last minute still goes on. Pure. */
export function figuresOf(metrics: RouteMetrics, experiment: string, variant: string): Figures {
  const { points = [] } =
    metrics.series.find((one) => one.experiment === experiment && one.variant === variant) ?? {};
  const end = Date.parse(metrics.to);
  const stepMs = metrics.step * 1000;
  const since = Math.floor(end / stepMs) * stepMs - NOW_MS;
  const now = points.filter(({ at }) => Date.parse(at) >= since);
  const sum = (what: "requests" | "failures" | "rescued") =>
    now.reduce((total, point) => total + point[what], 0);
  const requests = sum("requests");
  const minutes = (end - since) / MINUTE_MS;
  return {
    requests,
    requestsPerMinute: requests / minutes,
    failureShare: requests === 0 ? undefined : sum("failures") / requests,
    rescued: sum("rescued"),
    latency: points.findLast((point) => point.latency.p50 !== null)?.latency ?? NO_LATENCY,
    minutes: hourOf(points, end),
  };
}
