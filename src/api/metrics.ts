import * as v from "valibot";

import type { Outcomes, Quantiles, RouteMetrics } from "../report/answers.ts";
import { answer, type Definition } from "./definition.ts";
import { Count, InstantText } from "./shared.ts";

/** Milliseconds; null where nothing was answered. */
export const QuantilesSchema: v.GenericSchema<Quantiles> = v.object({
  p50: v.nullable(v.number()),
  p95: v.nullable(v.number()),
  p99: v.nullable(v.number()),
});

const OUTCOME_FIELDS = {
  status: v.object({ "2xx": Count, "3xx": Count, "4xx": Count, "5xx": Count }),
  failures: Count,
  latency: QuantilesSchema,
};

const OutcomesSchema: v.GenericSchema<Outcomes> = v.object(OUTCOME_FIELDS);

const MetricsSchema: v.GenericSchema<RouteMetrics> = v.object({
  route: v.string(),
  from: InstantText,
  to: InstantText,
  step: Count,
  version: v.exactOptional(v.nullable(Count)),
  reportedAt: v.exactOptional(v.nullable(InstantText)),
  series: v.array(
    v.object({
      experiment: v.string(),
      variant: v.string(),
      points: v.array(
        v.object({
          at: InstantText,
          requests: Count,
          counted: Count,
          rescued: Count,
          /** Of all requests; beside it the same of those that count. */
          ...OUTCOME_FIELDS,
          countedOnly: OutcomesSchema,
        }),
      ),
    }),
  ),
});

/** Requests, failures and latencies of each variant, step by step. */
const METRICS = answer("Metrics", MetricsSchema);

export const METRIC_READS = {
  routeMetrics: {
    method: "GET",
    path: "/routes/:key/metrics",
    role: "read",
    summary: "Requests, failures and latencies of each experiment and variant, step by step",
    query: ["window", "step"],
    answers: { 200: METRICS, 304: undefined },
    problems: ["route-not-found", "hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
