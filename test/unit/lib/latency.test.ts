import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LATENCY_BUCKETS, latencyBucket, latencyEdgeMs } from "../../../src/lib/latency.ts";
import { check } from "../../support/property.ts";

const { vectors } = JSON.parse(
  readFileSync(new URL("../../vectors/latency.json", import.meta.url), "utf8"),
) as {
  readonly vectors: readonly {
    readonly ms: number;
    readonly bucket: number;
    readonly edge: number;
  }[];
};

const LAST = LATENCY_BUCKETS - 1;
const GROWTH = 1.15;

describe("latency", () => {
  test.each(vectors)("$ms ms are in bucket $bucket", ({ ms, bucket, edge }) => {
    expect(latencyBucket(ms)).toBe(bucket);
    expect(Math.abs(latencyEdgeMs(bucket) - edge)).toBeLessThanOrEqual(edge * 1e-12);
  });

  test("buckets reach from 1 ms past 100 s", () => {
    expect(latencyEdgeMs(0)).toBe(1);
    expect(latencyEdgeMs(LAST)).toBeGreaterThan(100_000);
    expect(latencyEdgeMs(LAST) / GROWTH).toBeLessThan(100_000);
    expect(latencyEdgeMs(LATENCY_BUCKETS)).toBe(Number.POSITIVE_INFINITY);
  });

  test("an edge is in its bucket, and what is a little more is in the next one", () => {
    for (let bucket = 0; bucket < LAST; bucket += 1) {
      const edge = latencyEdgeMs(bucket);
      expect(latencyBucket(edge)).toBe(bucket);
      expect(latencyBucket(edge * (1 + 1e-12))).toBe(bucket + 1);
    }
    expect(latencyBucket(Number.MAX_VALUE)).toBe(LAST);
  });

  test("a time is above its bucket's lower edge, and at most its upper one", () => {
    check(
      fc.property(fc.double({ min: 0, max: latencyEdgeMs(LAST), noNaN: true }), (ms) => {
        const bucket = latencyBucket(ms);
        expect(ms).toBeLessThanOrEqual(latencyEdgeMs(bucket));
        expect(ms).toBeGreaterThan(bucket === 0 ? -1 : latencyEdgeMs(bucket - 1));
      }),
    );
  });

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])(
    "%d, which no clock says, is in the first",
    (ms) => {
      expect(latencyBucket(ms)).toBe(0);
    },
  );
});
