import { describe, expect, test } from "vitest";
import {
  EJECTION_MS,
  FAILURES_TO_EJECT,
  Health,
  MAX_EJECTION_MS,
  MAX_TRACKED,
  PROBE_MS,
} from "../../../../src/gateway/forward/health.ts";

const CANARY = "https://canary.example.com";
const START = 1_000_000;

/** Health that has seen `failures` in a row at START. */
function after(failures: number): Health {
  const health = new Health();
  for (let i = 0; i < failures; i++) health.fail(CANARY, START);
  return health;
}

describe("ejection", () => {
  test("one failure fewer than the limit is not a reason", () => {
    expect(after(FAILURES_TO_EJECT - 1).isDown(CANARY, START, true)).toBe(false);
  });

  test("the limit is, until its time is over", () => {
    const health = after(FAILURES_TO_EJECT);
    expect(health.isDown(CANARY, START, true)).toBe(true);
    expect(health.isDown(CANARY, START + EJECTION_MS - 1, true)).toBe(true);
    expect(health.isDown(CANARY, START + EJECTION_MS, true)).toBe(false);
  });

  test("fail tells when it begins, and only then", () => {
    const health = new Health();
    const told = Array.from({ length: FAILURES_TO_EJECT + 2 }, () => health.fail(CANARY, START));
    expect(told).toEqual([undefined, undefined, EJECTION_MS, undefined, undefined]);
  });

  test("failures must come in a row", () => {
    const health = after(FAILURES_TO_EJECT - 1);
    expect(health.succeed(CANARY)).toBe(false);
    health.fail(CANARY, START);
    expect(health.isDown(CANARY, START, true)).toBe(false);
  });

  test("an origin's failures are its own", () => {
    expect(after(FAILURES_TO_EJECT).isDown("https://stable.example.com", START, true)).toBe(false);
  });

  test("requests that were under way when it went down do not lengthen it", () => {
    const health = after(FAILURES_TO_EJECT + 100);
    expect(health.isDown(CANARY, START + EJECTION_MS, true)).toBe(false);
    expect(health.fail(CANARY, START + EJECTION_MS)).toBe(2 * EJECTION_MS);
  });

  test("each failed probe doubles the time, up to the most", () => {
    const health = after(FAILURES_TO_EJECT - 1);
    const times: (number | undefined)[] = [];
    for (let now = START; times.length < 6; now += MAX_EJECTION_MS) {
      times.push(health.fail(CANARY, now));
    }
    expect(times).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    expect(times.at(-1)).toBe(MAX_EJECTION_MS);
  });
});

describe("half open", () => {
  const DUE = START + EJECTION_MS;

  test("one request is the probe; the others stay away until it is back", () => {
    const health = after(FAILURES_TO_EJECT);
    const asked = Array.from({ length: 100 }, () => health.isDown(CANARY, DUE, true));
    expect(asked.filter((down) => !down)).toHaveLength(1);
    expect(asked[0]).toBe(false);
  });

  test("its success lets everybody in, and forgets", () => {
    const health = after(FAILURES_TO_EJECT);
    health.isDown(CANARY, DUE, true);
    expect(health.succeed(CANARY)).toBe(true);
    expect(health.isDown(CANARY, DUE, true)).toBe(false);
    expect(health.size).toBe(0);
  });

  test("its failure keeps everybody out for twice as long", () => {
    const health = after(FAILURES_TO_EJECT);
    health.isDown(CANARY, DUE, true);
    health.fail(CANARY, DUE);
    expect(health.isDown(CANARY, DUE + 2 * EJECTION_MS - 1, true)).toBe(true);
    expect(health.isDown(CANARY, DUE + 2 * EJECTION_MS, true)).toBe(false);
  });

  test("a probe that never comes back is given up", () => {
    const health = after(FAILURES_TO_EJECT);
    health.isDown(CANARY, DUE, true);
    expect(health.isDown(CANARY, DUE + PROBE_MS - 1, true)).toBe(true);
    expect(health.isDown(CANARY, DUE + PROBE_MS, true)).toBe(false);
  });

  test("a request that cannot be repeated is the probe only where nothing else came for long", () => {
    const health = after(FAILURES_TO_EJECT);
    expect(health.isDown(CANARY, DUE, false)).toBe(true);
    expect(health.isDown(CANARY, DUE + MAX_EJECTION_MS - 1, false)).toBe(true);
    expect(health.isDown(CANARY, DUE + MAX_EJECTION_MS, false)).toBe(false);
  });
});

test("memory is bounded: the origin that failed longest ago goes first", () => {
  const health = after(FAILURES_TO_EJECT);
  for (let i = 1; i < MAX_TRACKED; i++) health.fail(`https://${i}.example.com`, START);
  expect(health.size).toBe(MAX_TRACKED);
  expect(health.isDown(CANARY, START, true)).toBe(true);
  health.fail("https://one-more.example.com", START);
  expect(health.size).toBe(MAX_TRACKED);
  expect(health.isDown(CANARY, START, true)).toBe(false);
});
