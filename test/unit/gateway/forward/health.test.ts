import { describe, expect, test } from "vitest";
import {
  EJECTION_MS,
  EVIDENCE_MS,
  FAILING_SHARE_TO_EJECT,
  FAILURES_TO_EJECT,
  Health,
  MAX_EJECTION_MS,
  MAX_FAILING_VISITORS,
  MAX_PROBES,
  MAX_TRACKED,
  PROBE_HEAD_START_MS,
  PROBE_MS,
  VISITORS_TO_EJECT,
} from "../../../../src/gateway/forward/health.ts";

const CANARY = "shop https://canary.example.com";
const START = 1_000_000;

/** So many failures at a time, each of the next of so many visitors. */
function fail(health: Health, failures: number, visitors = failures, now = START, key = CANARY) {
  return Array.from({ length: failures }, (_, index) =>
    health.observe(key, { visitor: `v${index % visitors}`, failed: true }, now),
  );
}

function succeed(health: Health, times: number, now = START) {
  for (let i = 0; i < times; i += 1)
    health.observe(CANARY, { visitor: "somebody", failed: false }, now);
}

function downed(): Health {
  const health = new Health();
  fail(health, FAILURES_TO_EJECT);
  return health;
}

describe("ejection takes", () => {
  test("as many failures as the limit, not one fewer", () => {
    const health = new Health();
    const told = fail(health, FAILURES_TO_EJECT + 2);
    const down = { to: "down", leftOutMs: EJECTION_MS };
    expect(told).toEqual([undefined, undefined, undefined, undefined, down, undefined, undefined]);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(true);
    expect(health.isDown(CANARY, "asker", START + EJECTION_MS - 1, true)).toBe(true);
    expect(health.isDown(CANARY, "asker", START + EJECTION_MS, true)).toBe(false);
  });

  test("as many visitors as the limit: one person's requests, however many, prove nothing", () => {
    const health = new Health();
    fail(health, 1000, VISITORS_TO_EJECT - 1);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(false);
    fail(health, VISITORS_TO_EJECT, VISITORS_TO_EJECT);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(true);
  });

  test("half of the requests, not less", () => {
    const few = FAILURES_TO_EJECT / FAILING_SHARE_TO_EJECT - FAILURES_TO_EJECT;
    const health = new Health();
    succeed(health, few + 1);
    fail(health, FAILURES_TO_EJECT);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(false);
    const half = new Health();
    succeed(half, few);
    fail(half, FAILURES_TO_EJECT);
    expect(half.isDown(CANARY, "asker", START, true)).toBe(true);
  });

  test("all of it within the time in which evidence is gathered", () => {
    const late = new Health();
    fail(late, FAILURES_TO_EJECT - 1);
    fail(late, 1, 1, START + EVIDENCE_MS);
    expect(late.isDown(CANARY, "asker", START + EVIDENCE_MS, true)).toBe(false);
    const inTime = new Health();
    fail(inTime, FAILURES_TO_EJECT - 1);
    const last = START + EVIDENCE_MS - 1000;
    fail(inTime, 1, 1, last);
    expect(inTime.isDown(CANARY, "asker", last, true)).toBe(true);
  });

  test("failures of visitors who are remembered no longer do not count", () => {
    const health = new Health();
    fail(health, VISITORS_TO_EJECT - 1, VISITORS_TO_EJECT - 1);
    const later = START + EVIDENCE_MS;
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i += 1)
      health.observe(CANARY, { visitor: "one", failed: true }, later);
    expect(health.isDown(CANARY, "asker", later, true)).toBe(false);
  });
});

test("an origin's failures are its own, and those of one route no other's", () => {
  const health = downed();
  expect(health.isDown("shop https://stable.example.com", "asker", START, true)).toBe(false);
  expect(health.isDown("blog https://canary.example.com", "asker", START, true)).toBe(false);
});

test("requests that were under way when it went down do not lengthen it", () => {
  const health = downed();
  fail(health, 100);
  expect(health.isDown(CANARY, "asker", START + EJECTION_MS, true)).toBe(false);
});

describe("half open", () => {
  const DUE = START + EJECTION_MS;

  test("one request is the probe; the others stay away until it is back", () => {
    const health = downed();
    const asked = Array.from({ length: 100 }, () => health.isDown(CANARY, "asker", DUE, true));
    expect(asked.filter((down) => !down)).toHaveLength(1);
    expect(asked[0]).toBe(false);
  });

  test("its success lets everybody in, and forgets", () => {
    const health = downed();
    health.isDown(CANARY, "asker", DUE, true);
    const told = health.observe(CANARY, { visitor: "v", failed: false }, DUE);
    expect(told).toEqual({ to: "up" });
    expect(health.isDown(CANARY, "asker", DUE, true)).toBe(false);
    expect(fail(health, FAILURES_TO_EJECT - 1, 3, DUE).at(-1)).toBeUndefined();
  });

  test("one visitor's failing probes, however many, do not prolong it: the next may probe at once", () => {
    const health = downed();
    for (let i = 0; i < 100; i += 1) {
      expect(health.isDown(CANARY, "poison", DUE, true)).toBe(false);
      health.observe(CANARY, { visitor: "poison", failed: true }, DUE);
    }
    expect(health.isDown(CANARY, "asker", DUE, true)).toBe(false);
    expect(health.observe(CANARY, { visitor: "v", failed: false }, DUE)).toEqual({ to: "up" });
  });

  test("probes of several visitors that fail keep it out twice as long, up to the most", () => {
    const health = downed();
    const times: number[] = [];
    for (let now = DUE; times.length < 5; now += MAX_EJECTION_MS) {
      const change = fail(health, VISITORS_TO_EJECT, VISITORS_TO_EJECT, now).at(-1);
      times.push(change?.to === "down" ? change.leftOutMs : Number.NaN);
    }
    expect(times).toEqual([10_000, 20_000, 40_000, 60_000, MAX_EJECTION_MS]);
  });

  test("a probe that hangs keeps other visitors away for a moment, and its own until it is given up", () => {
    const health = downed();
    expect(health.isDown(CANARY, "poison", DUE, true)).toBe(false);
    expect(health.isDown(CANARY, "v", DUE + PROBE_HEAD_START_MS - 1, true)).toBe(true);
    const next = DUE + PROBE_HEAD_START_MS;
    expect(health.isDown(CANARY, "poison", next, true)).toBe(true);
    expect(health.isDown(CANARY, "v", next, true)).toBe(false);
    expect(health.observe(CANARY, { visitor: "v", failed: false }, next)).toEqual({ to: "up" });
  });

  test("so many visitors' probes are under way at once, and not one more", () => {
    const health = downed();
    const at = (index: number) => DUE + index * PROBE_HEAD_START_MS;
    for (let i = 0; i < MAX_PROBES; i += 1)
      expect(health.isDown(CANARY, `v${i}`, at(i), true)).toBe(false);
    expect(health.isDown(CANARY, "late", at(MAX_PROBES), true)).toBe(true);
    expect(health.isDown(CANARY, "late", DUE + PROBE_MS - 1, true)).toBe(true);
    expect(health.isDown(CANARY, "late", DUE + PROBE_MS, true)).toBe(false);
  });

  test("a probe that says nothing makes room for the next at once", () => {
    const health = downed();
    for (let i = 0; i < 2 * MAX_PROBES; i += 1) {
      expect(health.isDown(CANARY, `v${i}`, DUE, true)).toBe(false);
      health.giveUp(CANARY, `v${i}`);
    }
    expect(health.isDown(CANARY, "w", DUE, true)).toBe(false);
    health.giveUp(CANARY, "somebody else");
    expect(health.isDown(CANARY, "x", DUE, true)).toBe(true);
  });

  test("a clock that is set back keeps nobody out for longer", () => {
    const health = downed();
    health.isDown(CANARY, "v", DUE, true);
    expect(health.isDown(CANARY, "w", START - 3_600_000, true)).toBe(false);
  });

  test("a request that cannot be repeated is the probe only where nothing else came for long", () => {
    const health = downed();
    expect(health.isDown(CANARY, "asker", DUE, false)).toBe(true);
    expect(health.isDown(CANARY, "asker", DUE + MAX_EJECTION_MS - 1, false)).toBe(true);
    expect(health.isDown(CANARY, "asker", DUE + MAX_EJECTION_MS, false)).toBe(false);
  });
});

describe("memory is bounded", () => {
  test("in origins: one that is up goes before one that is down", () => {
    const health = downed();
    for (let i = 1; i < MAX_TRACKED; i += 1) fail(health, 1, 1, START, `key ${i}`);
    expect(health.size).toBe(MAX_TRACKED);
    fail(health, 1, 1, START, "one more");
    expect(health.size).toBe(MAX_TRACKED);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(true);
  });

  test("in origins that are down: the one known longest goes", () => {
    const health = downed();
    for (let i = 1; i <= MAX_TRACKED; i += 1)
      fail(health, FAILURES_TO_EJECT, FAILURES_TO_EJECT, START, `key ${i}`);
    expect(health.size).toBe(MAX_TRACKED);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(false);
    expect(health.isDown(`key ${MAX_TRACKED}`, "asker", START, true)).toBe(true);
  });

  test("in visitors: a flood of them is no slower than a few, and proves as much", () => {
    const health = new Health();
    succeed(health, 10 * MAX_FAILING_VISITORS);
    fail(health, 9 * MAX_FAILING_VISITORS);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(false);
    fail(health, 2 * MAX_FAILING_VISITORS);
    expect(health.isDown(CANARY, "asker", START, true)).toBe(true);
  });
});
