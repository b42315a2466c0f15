import type { RouteFigures } from "../../../../src/cli/measure/route.ts";
import type { ExperimentResults, RouteResults } from "../../../../src/cli/measure/shapes.ts";
import type {
  MetricsPoint,
  RouteMetrics,
  RouteStatus,
} from "../../../../src/cli/measure/shapes.ts";

const NOON = Date.parse("2026-12-01T12:00:00.000Z");

/** Just after noon of the day that the tests' shell is in. */
export const AT = "2026-12-01T12:00:20.000Z";

export const STATUS: RouteStatus = {
  route: "ab.localhost",
  version: 3,
  reportedAt: "2026-12-01T12:00:16.000Z",
  drift: false,
  experiments: [
    {
      experiment: "ab.localhost",
      strategy: "weighted",
      shares: { control: 0.5, bold: 0.3, calm: 0.2 },
      requestsPerMinute: 845.4,
      failureShare: { control: 0, bold: 0.012, calm: 0 },
      srm: "ok",
      guard: null,
      verdict:
        "bold converts better: +6.8 points (2.1 to 11.5) in purchase; calm is undecided: +0.2 points (−3.1 to 3.5) in purchase; 7 more days to a whole week.",
    },
  ],
};

export const EXPERIMENT: ExperimentResults = {
  experiment: "ab.localhost",
  control: "control",
  since: "2026-12-01T11:40:12.000Z",
  sampleRate: 1,
  allocations: 1,
  srm: { verdict: "ok", p: 0.412 },
  variants: [
    { variant: "control", visitors: 1512, expected: 1500.2, failed: 0, crossoverShare: 0.001 },
    { variant: "bold", visitors: 890, expected: 900.1, failed: 11, crossoverShare: 0.02 },
    { variant: "calm", visitors: 598, expected: 599.7, failed: 0, crossoverShare: 0 },
  ],
  apart: { byRule: 12, olderPins: 0, unchecked: 3 },
  goals: [
    {
      goal: "purchase",
      unattributed: 4,
      variants: [
        { variant: "control", visitors: 1512, conversions: 121, rate: 0.08 },
        { variant: "bold", visitors: 890, conversions: 132, rate: 0.1483 },
        { variant: "calm", visitors: 598, conversions: 49, rate: 0.082 },
      ],
      comparisons: [
        {
          variant: "bold",
          difference: 0.0683,
          low: 0.0211,
          high: 0.1154,
          lift: 0.85,
          p: 0.0004,
          verdict: "better",
          detectable: 0.04,
          value: 0.1483,
          controlValue: 0.08,
        },
        {
          variant: "calm",
          difference: 0.002,
          low: -0.031,
          high: 0.035,
          lift: 0.02,
          p: 1,
          verdict: "undecided",
          detectable: 0.05,
          value: 0.082,
          controlValue: 0.08,
        },
      ],
    },
    {
      goal: "revenue",
      cap: 500,
      unattributed: 0,
      variants: [
        { variant: "control", visitors: 1512, conversions: 121, sum: 8470, mean: 5.602, capped: 0 },
        { variant: "bold", visitors: 890, conversions: 132, sum: 9240, mean: 10.382, capped: 2 },
        { variant: "calm", visitors: 598, conversions: 49, sum: 3430, mean: 5.736, capped: 0 },
      ],
      comparisons: [
        {
          variant: "bold",
          difference: 4.78,
          low: 0.21,
          high: 9.35,
          lift: 0.85,
          p: 0.03,
          verdict: "better",
          detectable: 3,
          value: 10.382,
          controlValue: 5.602,
        },
        {
          variant: "calm",
          difference: null,
          low: null,
          high: null,
          lift: null,
          p: 1,
          verdict: "too-early",
          detectable: null,
          value: 5.736,
          controlValue: 5.602,
          visitorsNeeded: 1200,
        },
      ],
    },
  ],
  failures: {
    variants: [
      { variant: "control", visitors: 1512, conversions: 0, rate: 0 },
      { variant: "bold", visitors: 890, conversions: 11, rate: 0.0124 },
      { variant: "calm", visitors: 598, conversions: 0, rate: 0 },
    ],
    comparisons: [
      {
        variant: "bold",
        difference: 0.0124,
        low: 0.0021,
        high: 0.0227,
        lift: null,
        p: 0.01,
        verdict: "worse",
        detectable: 0.01,
        value: 0.0124,
        controlValue: 0,
      },
      {
        variant: "calm",
        difference: 0,
        low: -0.0098,
        high: 0.0098,
        lift: null,
        p: 1,
        verdict: "too-early",
        detectable: 0.01,
        value: 0,
        controlValue: 0,
      },
    ],
  },
  operations: [
    {
      variant: "control",
      requests: 2117,
      failureShare: 0,
      latency: { p50: 4, p95: 12.4, p99: 31 },
    },
    {
      variant: "bold",
      requests: 1246,
      failureShare: 0.009,
      latency: { p50: 4, p95: 9.6, p99: 30 },
    },
    { variant: "calm", requests: 837, failureShare: 0, latency: { p50: 5, p95: 1042, p99: null } },
  ],
  strata: [
    {
      allocation: "50/30/20",
      since: "2026-12-01T11:40:12.000Z",
      variants: [
        { variant: "control", visitors: 1512, goals: { purchase: 0.08, revenue: 5.602 } },
        { variant: "bold", visitors: 890, goals: { purchase: 0.1483, revenue: 10.382 } },
        { variant: "calm", visitors: 598, goals: { purchase: 0.082, revenue: 5.736 } },
      ],
    },
  ],
  guard: null,
  verdict: STATUS.experiments[0]?.verdict ?? "",
};

export const RESULTS: RouteResults = { route: "ab.localhost", experiments: [EXPERIMENT] };

function point(
  minute: number,
  requests: number,
  p95: number | null,
  failures: number,
): MetricsPoint {
  const outcomes = {
    status: { "2xx": requests, "3xx": 0, "4xx": 0, "5xx": 0 },
    failures,
    latency: { p50: p95, p95, p99: p95 },
  };
  const at = new Date(NOON + minute * 60_000).toISOString();
  return { at, requests, counted: requests, rescued: 0, ...outcomes, countedOnly: outcomes };
}

/** Minutes that are over, and the one that is not. */
const series = (
  variant: string,
  requests: readonly number[],
  p95: number,
  failures: readonly number[] = [],
) => ({
  experiment: "ab.localhost",
  variant,
  points: [...requests, 17].map((count, index) =>
    point(index - requests.length, count, count > 0 ? p95 : null, failures[index] ?? 0),
  ),
});

export const METRICS: RouteMetrics = {
  route: "ab.localhost",
  from: "2026-12-01T11:48:00.000Z",
  to: "2026-12-01T12:00:20.000Z",
  step: 60,
  series: [
    series("control", [0, 0, 0, 0, 0, 200, 420, 430, 410, 425, 433, 420], 12.4),
    series(
      "bold",
      [0, 0, 0, 0, 0, 100, 250, 251, 260, 240, 249, 255],
      9.6,
      [0, 0, 0, 0, 0, 0, 1, 0, 4, 2, 0, 3],
    ),
    series("calm", [0, 0, 0, 0, 0, 80, 170, 168, 160, 175, 171, 169], 1042),
  ],
};

export const KNOWN: RouteFigures = { at: AT, status: STATUS, results: RESULTS, metrics: METRICS };
