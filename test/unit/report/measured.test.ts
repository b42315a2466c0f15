import { describe, expect, test } from "vitest";

import { LATENCY_BUCKETS } from "../../../src/lib/latency.ts";
import { MAX_UNLISTED } from "../../../src/report/decode-split.ts";
import {
  MAX_REPORTED_WATCHED,
  type UnlistedVisitors,
  type WatchedVisitor,
} from "../../../src/report/guard.ts";
import { readReport } from "../../../src/report/decode.ts";
import {
  MAX_GOAL_ID_CHARS,
  MAX_REPORTED_GOALS,
  MAX_REPORTED_MINUTES,
  MAX_REPORTED_SPLITS,
  MAX_REPORTED_VISITORS,
  type GoalReport,
  type SplitReport,
  type VisitorReport,
} from "../../../src/report/measured.ts";
import { MAX_COUNT } from "../../../src/report/wire-limits.ts";

const VISITOR: VisitorReport = {
  digest: "0123456789abcdef",
  variant: "canary",
  exposure: "drawn",
  at: 1_800_000_000_000,
  seenAt: 1_700_000_000_000,
  failed: [30_000_000],
  address: "ab12",
};

const WATCHED: WatchedVisitor = {
  digest: VISITOR.digest,
  variant: "canary",
  at: VISITOR.at,
  failed: true,
  latency: LATENCY_BUCKETS - 1,
  address: "fedcba9876543210",
};

const UNLISTED: UnlistedVisitors = { variant: "canary", window: 6_000_000, count: 3 };

const COUNTS = {
  requests: 3,
  status: [2, 0, 0, 1],
  failures: [0, 0, 1, 0],
  latency: [0, 1, LATENCY_BUCKETS - 1, 2],
} as const;

const SPLIT: SplitReport = {
  experiment: "shop",
  allocation: { id: "a-1", label: "90/10", shares: { stable: 0.9, canary: 0.1 } },
  minutes: [
    {
      minute: 30_000_000,
      variants: [
        { variant: "canary", counted: COUNTS, others: COUNTS, rescued: 1, reasons: { split: 6 } },
      ],
    },
  ],
  visitors: [VISITOR],
  unchecked: 2,
  watched: [WATCHED],
  unlisted: [UNLISTED],
};

const GOAL: GoalReport = { goal: "buy", digest: VISITOR.digest, at: 5, value: 9.5, id: "o-1" };

const MEASURED = {
  splits: [SPLIT],
  ends: { preflight: 4 },
  goals: [GOAL],
  unattributed: [{ experiment: "shop", goal: "buy", count: 2 }],
};

/** What is read of a route that tells this, and why something is not. */
function readOf(measured: object, more: readonly object[] = []) {
  const route = { key: "shop", version: 1, digest: "d", ...measured };
  const read = readReport(
    JSON.stringify({
      v: 1,
      isolate: "i",
      sequence: 1,
      routes: [route, ...more.map((one) => ({ key: "other", version: 1, digest: "d", ...one }))],
      lookups: [],
      since: 0,
    }),
  );
  if (!read.ok) throw new Error(read.error);
  const [first, second] = read.value.routes;
  return { first, second, faults: read.value.faults };
}

const withSplit = (change: object) => readOf({ splits: [{ ...SPLIT, ...change }] });
const withCounts = (counted: object) =>
  withSplit({ minutes: [{ minute: 1, variants: [{ variant: "canary", counted, reasons: {} }] }] });

describe("what a report tells of splits", () => {
  test("comes back as it was, and what is not known is left out", () => {
    const later = { ...MEASURED, splits: [{ ...SPLIT, later: 1 }], later: 1 };
    const { first, faults } = readOf(later);
    expect(first).toMatchObject(MEASURED);
    expect(JSON.stringify(first)).not.toContain("later");
    expect(faults).toEqual([]);
  });

  test("is left out where it cannot be read, with the reason, and the rest counts", () => {
    const { first, faults } = readOf({ ...MEASURED, splits: [{ experiment: "" }, SPLIT, 7] });
    expect(first?.splits).toHaveLength(1);
    expect(first?.goals).toHaveLength(1);
    expect(faults).toEqual([
      'splits of "shop"[0] cannot be read',
      'splits of "shop"[2] cannot be read',
    ]);
    expect(readOf({ splits: {} }).faults).toEqual(['splits of "shop" is not a list']);
  });

  test.each([
    ["shares that are more than 1", { shares: { stable: 0.9, canary: 0.1 + 3e-6 } }],
    ["a share below 0", { shares: { stable: 1.1, canary: -0.1 } }],
    ["a share that is not a number", { shares: { stable: "1" } }],
    ["no shares", { shares: {} }],
    [
      "too many variants",
      { shares: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [n, 1 / 65])) },
    ],
    ["a name that JavaScript has itself", { shares: { constructor: 1 } }],
    ["no id", { id: "" }],
    ["a label without end", { label: "x".repeat(1025) }],
  ])("has no allocation with %s", (_, change) => {
    const { faults } = withSplit({ allocation: { ...SPLIT.allocation, ...change } });
    expect(faults).toEqual(['splits of "shop"[0] cannot be read']);
  });

  test("has shares that miss 1 as sums of fractions do", () => {
    const shares = { stable: 0.9, canary: 0.1 - 5e-7 };
    expect(withSplit({ allocation: { ...SPLIT.allocation, shares } }).faults).toEqual([]);
  });

  test.each([
    ["fewer than no requests", { requests: -1 }],
    ["more requests than an isolate serves", { requests: MAX_COUNT + 1 }],
    ["a fifth class", { status: [1, 1, 1, 1, 1] }],
    ["a fraction of a failure", { failures: [0.5, 0, 0, 0] }],
    ["half a pair", { latency: [1, 2, 3] }],
    ["a bucket twice", { latency: [1, 2, 1, 3] }],
    ["a bucket past the last", { latency: [LATENCY_BUCKETS, 1] }],
  ])("has no counts with %s", (_, change) => {
    const { first, faults } = withCounts({ ...COUNTS, ...change });
    expect(first?.splits?.[0]?.minutes[0]?.variants).toEqual([]);
    expect(faults).toHaveLength(1);
  });

  test("has counts up to the most that an isolate serves", () => {
    expect(withCounts({ ...COUNTS, requests: MAX_COUNT }).faults).toEqual([]);
  });

  test.each([
    ["a digest that is none", { digest: "0123456789ABCDEF" }],
    ["a digest that is too short", { digest: "0123" }],
    ["another exposure", { exposure: "told" }],
    ["no variant", { variant: "" }],
    ["no time", { at: -1 }],
  ])("has no visitor with %s", (_, change) => {
    const { first } = withSplit({ visitors: [{ ...VISITOR, ...change }, VISITOR] });
    expect(first?.splits?.[0]?.visitors).toEqual([VISITOR]);
  });

  test.each([
    ["a digest that is none", { digest: "x" }],
    ["no variant", { variant: 1 }],
    ["no time", { at: "now" }],
  ])("has no watched visitor with %s", (_, change) => {
    const { first, faults } = withSplit({ watched: [{ ...WATCHED, ...change }, WATCHED] });
    expect(first?.splits?.[0]?.watched).toEqual([WATCHED]);
    expect(faults).toHaveLength(1);
  });

  test("leaves out of a watched visitor what cannot be read", () => {
    const { failed: _failed, latency: _latency, address: _address, ...known } = WATCHED;
    const odd = { ...known, failed: "yes", latency: LATENCY_BUCKETS, address: "here" };
    expect(withSplit({ watched: [odd] }).first?.splits?.[0]?.watched).toEqual([known]);
  });

  test.each([
    ["fewer than none", { count: -1 }],
    ["more than an isolate serves", { count: MAX_COUNT + 1 }],
    ["no window", { window: undefined }],
  ])("has no unlisted visitors that are %s", (_, change) => {
    const { first } = withSplit({ unlisted: [{ ...UNLISTED, ...change }, UNLISTED] });
    expect(first?.splits?.[0]?.unlisted).toEqual([UNLISTED]);
  });

  test.each([
    ["a value below 0", { value: -1 }],
    ["a value that is not a number", { value: "9" }],
    ["an id that is too long", { id: "x".repeat(MAX_GOAL_ID_CHARS + 1) }],
    ["a digest that is none", { digest: "x" }],
  ])("has no goal with %s", (_, change) => {
    expect(readOf({ goals: [{ ...GOAL, ...change }, GOAL] }).first?.goals).toEqual([GOAL]);
  });

  test("keeps to the limits of a report over all its routes", () => {
    const many = <T>(one: T, n: number) => Array.from({ length: n }, () => one);
    const visitors = (n: number) => ({ splits: [{ ...SPLIT, visitors: many(VISITOR, n) }] });
    const one = readOf(visitors(MAX_REPORTED_VISITORS - 1), [visitors(3)]);
    expect(one.second?.splits?.[0]?.visitors).toHaveLength(1);
    expect(one.faults).toEqual(['visitors of "shop" has more than 1 entries']);
    const watched = (n: number) => ({ splits: [{ ...SPLIT, watched: many(WATCHED, n) }] });
    const two = readOf(watched(MAX_REPORTED_WATCHED - 1), [watched(3)]);
    expect(two.first?.splits?.[0]?.watched).toHaveLength(MAX_REPORTED_WATCHED - 1);
    expect(two.second?.splits?.[0]?.watched).toHaveLength(1);
    const unlisted = many(UNLISTED, MAX_UNLISTED + 1);
    expect(withSplit({ unlisted }).first?.splits?.[0]?.unlisted).toHaveLength(MAX_UNLISTED);
    const goals = readOf({ goals: many(GOAL, MAX_REPORTED_GOALS - 1) }, [{ goals: many(GOAL, 3) }]);
    expect(goals.second?.goals).toHaveLength(1);
    const splits = readOf({ splits: many(SPLIT, MAX_REPORTED_SPLITS + 1) });
    expect(splits.first?.splits).toHaveLength(MAX_REPORTED_SPLITS);
    const minutes = many(SPLIT.minutes[0], MAX_REPORTED_MINUTES + 1);
    expect(withSplit({ minutes }).first?.splits?.[0]?.minutes).toHaveLength(MAX_REPORTED_MINUTES);
  });

  test("never names more than a handful of reasons", () => {
    expect(readOf({ splits: Array.from({ length: 60 }, () => 1) }).faults).toHaveLength(5);
  });
});
