import type { Outcomes } from "../../report/answers.ts";
import { quantile } from "../../stats/quantile.ts";
import { emptyCounts, mergeCounts, type CountTally } from "./tally.ts";

export const sumOf = (counts: readonly number[]): number =>
  counts.reduce((sum, count) => sum + count, 0);

/** Two counts together. */
export function together(one: CountTally, other: CountTally): CountTally {
  const both = emptyCounts();
  mergeCounts(both, one);
  mergeCounts(both, other);
  return both;
}

/** What came of some requests, as it is told. */
export function outcomesOf({ status, failures, latency }: CountTally): Outcomes {
  const [ok = 0, redirected = 0, refused = 0, failed = 0] = status;
  return {
    status: { "2xx": ok, "3xx": redirected, "4xx": refused, "5xx": failed },
    failures: sumOf(failures),
    latency: {
      p50: quantile(latency, 0.5),
      p95: quantile(latency, 0.95),
      p99: quantile(latency, 0.99),
    },
  };
}
