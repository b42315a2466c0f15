import { LATENCY_BUCKETS, latencyBucket } from "../../../../src/lib/latency.ts";
import type {
  GuardCheckStatus,
  GuardTotals,
  ShardTotals,
  VariantTotals,
} from "../../../../src/report/answers.ts";

/** What a shard might have of one variant. */
export const totals = (
  route: string,
  variant: string,
  fields: Partial<VariantTotals> = {},
): VariantTotals => ({
  route,
  experiment: route,
  variant,
  counted: 90,
  others: 10,
  status: { "2xx": 97, "3xx": 0, "4xx": 1, "5xx": 2 },
  failures: { network: 1, timeout: 0, status: 2, down: 0 },
  rescued: 1,
  latency: latencies([5, 20, 20, 400]),
  latencySumMs: 445,
  share: 0.5,
  visitors: 40,
  goals: {},
  srmP: 0.4,
  ...fields,
});

/** What a shard might tell of a guard with these checks. */
export const guardTotals = (
  route: string,
  checks: readonly GuardCheckStatus[],
  verdict: GuardTotals["status"]["verdict"] = "watching",
): GuardTotals => ({
  route,
  experiment: route,
  status: { verdict, checks, words: "One sentence." },
});

/** A check of every kind: failures beside the control's, latency at a quantile, a goal. */
export const CHECKS: readonly GuardCheckStatus[] = [
  {
    metric: "failures",
    limits: "maxIncrease",
    variant: "canary",
    value: 0.4,
    limit: 1,
    visitors: 512,
    verdict: "healthy",
  },
  {
    metric: "latency",
    limits: "maxMs",
    quantile: 0.95,
    variant: "canary",
    value: 612,
    limit: 800,
    visitors: 60,
    verdict: "watching",
    missing: "40 more visitors",
  },
  {
    metric: "goal",
    limits: "maxDrop",
    goal: "purchase",
    variant: null,
    value: null,
    limit: 5,
    visitors: 0,
    verdict: "watching",
    missing: "100 visitors a variant",
  },
];

/** Bucket counts of these times (ms). */
export function latencies(times: readonly number[]): number[] {
  const buckets = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const ms of times) buckets[latencyBucket(ms)] = (buckets[latencyBucket(ms)] ?? 0) + 1;
  return buckets;
}

export const shard = (
  series: readonly VariantTotals[],
  fields: Partial<ShardTotals> = {},
): ShardTotals => ({ series, other: 0, reportedAt: {}, ...fields });
