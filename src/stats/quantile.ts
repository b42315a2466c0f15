import { latencyEdgeMs } from "../lib/latency.ts";

/**
 * The time in ms that a share of requests did not exceed, of counts in the latency buckets: the upper edge of the
 * bucket in which the share is reached, so at most 15 % too long. Null without requests. What is above the last
 * edge is told as that edge.
 */
export function quantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  // The rank of a share is that of the smallest value which so many do not exceed.
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= rank) return latencyEdgeMs(bucket);
  }
  return null;
}

/** Histograms added up, bucket by bucket. */
export function merged(histograms: readonly (readonly number[])[]): number[] {
  const sum: number[] = [];
  for (const counts of histograms)
    for (const [bucket, count] of counts.entries()) sum[bucket] = (sum[bucket] ?? 0) + count;
  return sum;
}
