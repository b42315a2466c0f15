import { describe, expect, test } from "vitest";
import { simulateRamp, type RampTrial } from "../../../../src/stats/guard/simulate-ramp.ts";
import { simulateGuard, type GuardTrial } from "../../../../src/stats/guard/simulate.ts";
import { timesOf } from "../../../../src/stats/guard/times.ts";
import { Random } from "../../../../src/stats/random.ts";

const TRIAL: GuardTrial = {
  checks: [
    { metric: "failures", max: 2 },
    { metric: "failures", maxIncrease: 1 },
    { metric: "latency", quantile: 0.95, maxMs: 800 },
  ],
  minVisitors: 10,
  windowMs: 300_000,
  control: "stable",
  shares: { canary: 1, stable: 9 },
  visitorsPerMinute: 300,
  baseline: 0.005,
  fault: { variant: "canary", failures: 0.05 },
  reportMs: 5000,
};

/** Of so many days more than three are acted on in error with a chance below 3e-4. */
const DAYS = 30;

const tried = (part: Partial<GuardTrial> = {}, seed = 1) =>
  simulateGuard({ ...TRIAL, ...part }, new Random(seed), DAYS);

describe("a guard that is tried", () => {
  test("acts on 5 % of failures within minutes, and hardly ever in error", () => {
    const { acts, inError, tried: checks, untried } = tried();
    expect(acts.never).toBe(0);
    // Ten visitors with a failure are to be seen: of 30 a minute, one or two fail.
    expect(acts.median).toBeGreaterThan(4);
    expect(acts.median).toBeLessThan(10);
    expect(acts.p99).toBeGreaterThanOrEqual(acts.p90 ?? Infinity);
    expect(inError.days).toBe(DAYS);
    expect(inError.acted).toBeLessThanOrEqual(3);
    expect([checks.length, untried.length]).toEqual([2, 1]);
  });

  test("says the same for the same seed", () => {
    expect(tried({}, 7)).toEqual(tried({}, 7));
    expect(tried({}, 7).acts).not.toEqual(tried({}, 8).acts);
  });

  test("says that it never acts where it cannot", () => {
    const slow = tried({ visitorsPerMinute: 0.01 });
    expect(slow.acts).toEqual({ runs: DAYS, median: null, p90: null, p99: null, never: 1 });
    expect(tried({ checks: TRIAL.checks.slice(2) }).acts.never).toBe(1);
  });

  test("acts in error where everybody fails above its limit", () => {
    const { inError } = tried({ baseline: 0.2, checks: TRIAL.checks.slice(0, 1) });
    expect(inError.acted).toBe(DAYS);
  });
});

const RAMP: RampTrial = {
  steps: [{ percent: 5, holdSeconds: 600 }, { percent: 50, holdSeconds: 3600 }, { percent: 100 }],
  minVisitors: 10,
  maxIncrease: 1,
  visitorsPerMinute: 300,
  baseline: 0,
  canary: 0,
  reportMs: 5000,
};

describe("a ramp that is tried", () => {
  test("takes a healthy canary the visitors that a bound needs, or its hold", () => {
    const [first, second, ...others] = simulateRamp(RAMP, new Random(1));
    expect(others).toEqual([]);
    // Some 440 visitors at 15 a minute.
    expect(first?.median).toBeGreaterThan(27);
    expect(first?.median).toBeLessThan(33);
    expect(second).toMatchObject({ percent: 50, median: 60, p99: 60, never: 0 });
  });

  test("is never earned by a canary that fails", () => {
    const steps = simulateRamp({ ...RAMP, canary: 0.05 }, new Random(1));
    expect(steps.map(({ never }) => never)).toEqual([1, 1]);
    const nobody = simulateRamp({ ...RAMP, visitorsPerMinute: 0 }, new Random(1));
    expect(nobody.map(({ never }) => never)).toEqual([1, 1]);
  });
});

test("times count those that never came as the longest", () => {
  const times = timesOf([3, undefined, 1, 2]);
  expect(times).toEqual({ runs: 4, median: 2, p90: null, p99: null, never: 0.25 });
});
