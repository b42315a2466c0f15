import { expect, test } from "vitest";

import {
  figuresOf,
  type Point,
  type RouteMetrics,
} from "../../../../src/console/pages/route/figures.ts";
import {
  curvesOf,
  MAX_LINES,
  MEASURES,
  stepsOf,
} from "../../../../src/console/pages/route/lines.ts";

const TO = Date.parse("2026-05-01T12:00:30Z");
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

function point(minutesAgo: number, more: Partial<Point>): Point {
  const outcomes = {
    status: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
    failures: 0,
    latency: { p50: 10, p95: 20, p99: 30 },
  };
  return {
    at: iso(Math.floor(TO / MINUTE) * MINUTE - minutesAgo * MINUTE),
    requests: 0,
    counted: 0,
    rescued: 0,
    ...outcomes,
    countedOnly: outcomes,
    ...more,
  };
}

const metrics = (series: Record<string, Point[]>): RouteMetrics => ({
  route: "k",
  from: iso(TO - 60 * MINUTE),
  to: iso(TO),
  step: 60,
  series: Object.entries(series).map(([variant, points]) => ({ experiment: "e", variant, points })),
});

test("figures are of the last five minutes and the one that goes on", () => {
  const known = metrics({
    a: [
      point(30, { requests: 1000, failures: 1000 }),
      point(4, { requests: 90, failures: 9 }),
      point(0, { requests: 10, failures: 1, rescued: 2, latency: { p50: 1, p95: 2, p99: 3 } }),
    ],
  });
  expect(figuresOf(known, "e", "a")).toMatchObject({
    requests: 100,
    failureShare: 0.1,
    rescued: 2,
    latency: { p50: 1, p95: 2, p99: 3 },
  });
  expect(figuresOf(known, "e", "a").requestsPerMinute).toBeCloseTo(100 / 5.5);
  expect(figuresOf(known, "e", "a").minutes[30]).toBe(1000);
  expect(figuresOf(known, "e", "a").minutes).toHaveLength(60);
});

test("where nobody asked there is no share of failures", () => {
  expect(figuresOf(metrics({}), "e", "a")).toMatchObject({ requests: 0, failureShare: undefined });
});

test("a chart has every whole step, those without a request too", () => {
  const known = metrics({ a: [point(3, { requests: 7 }), point(0, { requests: 9 })] });
  const { times, curves } = curvesOf(known, "e", ["a"], MEASURES.requests);
  expect(times).toEqual(stepsOf(known));
  expect(times).toHaveLength(59);
  expect(curves[0]?.values.slice(-4)).toEqual([0, 7, 0, 0]);
});

test("of many variants those with most requests are drawn, in the order of the policy", () => {
  const names = Array.from({ length: MAX_LINES + 2 }, (_, index) => `v${index}`);
  const known = metrics(
    Object.fromEntries(names.map((name, index) => [name, [point(1, { requests: index })]])),
  );
  const { curves, leftOut } = curvesOf(known, "e", names, MEASURES.requests);
  expect(curves.map(({ name }) => name)).toEqual(names.slice(2));
  expect(leftOut).toBe(2);
  expect(curvesOf(known, "e", names.slice(2), MEASURES.requests).leftOut).toBe(0);
});
