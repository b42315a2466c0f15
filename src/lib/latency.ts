/** Buckets of a latency histogram: from 1 ms to above 100 s, as each is {@link GROWTH} times the one before. */
export const LATENCY_BUCKETS = 84;

/** Of one bucket's upper edge to the next: whatever is said of a bucket is within 15 % of all that is in it. */
const GROWTH = 1.15;

/** Upper edges in milliseconds; what is above the last one is in the last bucket too. */
const EDGES: readonly number[] = Array.from(
  { length: LATENCY_BUCKETS },
  (_, index) => GROWTH ** index,
);

/** A bucket's upper edge in milliseconds, which is in it: 1.15 to the power of its index. */
export function latencyEdgeMs(index: number): number {
  return EDGES[index] ?? Number.POSITIVE_INFINITY;
}

/** The first bucket whose upper edge a time does not exceed; the last one for all that is longer. */
export function latencyBucket(ms: number): number {
  let bucket = 0;
  let step = 64;
  // By halves, over the edges themselves: a logarithm may round to the wrong side of one.
  for (; step >= 1; step /= 2) {
    const next = bucket + step;
    if (next < LATENCY_BUCKETS && ms > (EDGES[next - 1] ?? 0)) bucket = next;
  }
  return bucket;
}
