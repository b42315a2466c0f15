import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LATENCY_BUCKETS, latencyBucket, latencyEdgeMs } from "../../../src/lib/latency.ts";
import { merged, quantile } from "../../../src/stats/quantile.ts";
import { check } from "../../support/property.ts";

/** What a bucket is wide by: nothing that is said of it is further off. */
const WIDTH = 1.15;

function histogram(times: readonly number[]): number[] {
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const ms of times) counts[latencyBucket(ms)] = (counts[latencyBucket(ms)] ?? 0) + 1;
  return counts;
}

/** The smallest of the times that a share of them does not exceed. */
function exact(times: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * times.length));
  return times.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN;
}

const times = fc.array(fc.double({ min: 1, max: 100_000, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});
const shares = fc.double({ min: 0, max: 1, noNaN: true });

describe("a quantile of latencies", () => {
  test("is within 15 % of that of the times themselves, over the histograms of any number of isolates", () => {
    check(
      fc.property(fc.array(times, { minLength: 1, maxLength: 5 }), shares, (isolates, share) => {
        const told = quantile(merged(isolates.map(histogram)), share) ?? Number.NaN;
        const really = exact(isolates.flat(), share);
        expect(told).toBeGreaterThanOrEqual(really * (1 - 1e-12));
        expect(told).toBeLessThanOrEqual(Math.max(1, really * WIDTH * (1 + 1e-12)));
      }),
    );
  });

  test("is the edge of the bucket in which the share is reached, not of the one behind it", () => {
    expect(quantile([1, 1], 0.5)).toBe(latencyEdgeMs(0));
    expect(quantile([1, 1], 0.500_001)).toBe(latencyEdgeMs(1));
    expect(quantile([0, 0, 7], 0)).toBe(latencyEdgeMs(2));
  });

  test("is none where nobody asked", () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile(histogram([]), 0.5)).toBeNull();
    expect(merged([])).toEqual([]);
  });

  test("is the last edge for all that is longer", () => {
    expect(quantile(histogram([3_600_000]), 0.5)).toBe(latencyEdgeMs(LATENCY_BUCKETS - 1));
  });
});
