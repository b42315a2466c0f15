import { describe, expect, test } from "vitest";
import type { GuardCheck } from "../../../../src/lib/guard.ts";
import { judgeGuard } from "../../../../src/stats/guard/judge.ts";
import type { GuardData, JudgedCheck, WindowTally } from "../../../../src/stats/guard/types.ts";
import { guarded, timed } from "./guarded.ts";

function judged(check: GuardCheck, part: Partial<GuardData>): JudgedCheck {
  const [first] = judgeGuard(guarded({ checks: [check], ...part })).checks;
  if (first === undefined) throw new Error("no check");
  return first;
}

/** 800 ms is between the edges 712 and 819. */
const MAX_MS: GuardCheck = { metric: "latency", quantile: 0.95, maxMs: 800 };

const slow = (count: number, ms = 900): JudgedCheck =>
  judged(MAX_MS, {
    window: {
      canary: timed([
        [100, 1000 - count],
        [ms, count],
      ]),
    },
  });

describe("latency.maxMs", () => {
  test("acts where more wait longer than 5 % do in 99 999 of 100 000 windows", () => {
    // Of 1 000 visitors at 5 %: P(X ≥ 82) is 1.2e-5, P(X ≥ 83) 6.8e-6.
    expect(slow(82).verdict).toBe("watching");
    expect(slow(83).verdict).toBe("breached");
    expect(slow(50)).toMatchObject({ verdict: "healthy", missing: undefined });
  });

  test("rounds the limit up to a bucket's edge", () => {
    expect(slow(900, 819).verdict).toBe("healthy");
    expect(slow(900, 820).verdict).toBe("breached");
  });

  test("says what was seen", () => {
    const { evidence, value, limit, visitors } = slow(100);
    expect(evidence).toBe(
      "p95 of canary was 942 ms in the last 5 minutes; the limit is 800 ms (819 as latencies are counted): 100 of 1 000 visitors waited longer (10.0 %), 5.00 % may.",
    );
    expect({ value: Math.round(value ?? 0), limit, visitors }).toEqual({
      value: 942,
      limit: 800,
      visitors: 1000,
    });
  });

  test("wants as many addresses, of those that waited too long", () => {
    const tally = timed([
      [100, 500],
      [900, 500],
    ]);
    const networks = tally.latency.map((count) => Math.min(9, count));
    const one = judged(MAX_MS, { window: { canary: { ...tally, networks } } });
    expect(one.verdict).toBe("watching");
    expect(one.missing).toContain("9 different addresses with an answer after more than 819 ms");
  });

  test("is too early with few answers, and without any", () => {
    const few = (count: number) =>
      judged(MAX_MS, { window: { canary: timed([[100, count]]) } }).verdict;
    expect(few(199)).toBe("watching");
    expect(few(200)).toBe("healthy");
    const silent = { ...timed([]), visitors: 12 };
    expect(judged(MAX_MS, { window: { canary: silent } }).missing).toBe(
      "canary has had no answer in the last 5 minutes.",
    );
  });
});

const INCREASE: GuardCheck = { metric: "latency", quantile: 0.95, maxIncrease: 25 };

/** Most answers at once, a tenth of them late. */
const tenth = (count: number, late: number): WindowTally =>
  timed([
    [100, count * 0.9],
    [late, count * 0.1],
  ]);

const beside = (canary: WindowTally, stable: WindowTally): JudgedCheck =>
  judged(INCREASE, { window: { canary, stable } });

describe("latency.maxIncrease", () => {
  test("acts where the late ones are later by more than the control's, and not where both are", () => {
    expect(beside(tenth(1000, 1000), tenth(5000, 400)).verdict).toBe("breached");
    expect(beside(tenth(1000, 1000), tenth(5000, 1000)).verdict).toBe("healthy");
    expect(beside(tenth(1000, 400), tenth(5000, 1000)).verdict).toBe("healthy");
  });

  test("says what the limit comes to", () => {
    // The control's 400 ms are counted as 407; a quarter above is 509, counted as 539.
    const { evidence, value, limit } = beside(tenth(1000, 600), tenth(5000, 400));
    expect(evidence).toBe(
      "p95 of canary was 620 ms in the last 5 minutes; stable's is 407 ms, 407 at most, so that with 25 % above it the limit is 539 ms: 100 of 1 000 visitors waited longer (10.0 %), 5.00 % may.",
    );
    expect({ value: Math.round(value ?? 0), limit }).toEqual({ value: 52, limit: 25 });
    expect(beside(tenth(1000, 538), tenth(5000, 400)).verdict).toBe("healthy");
  });

  test("waits for a control that has answers enough to be sure of its own quantile", () => {
    // 0.95 to the power of 224 is above 1e-5, of 225 below.
    const late = timed([[1000, 1000]]);
    expect(beside(late, timed([[100, 224]])).missing).toBe(
      "stable has 224 of the 225 answers in a window that say how long its own p95 is at most.",
    );
    expect(beside(late, timed([[100, 225]])).verdict).toBe("breached");
    expect(judged(INCREASE, { window: { canary: late } }).missing).toContain("0 of the 225");
  });

  /** Of the control 60 of 1 125 wait longer than 407 ms; p95 is in the bucket up to 468 ms. */
  const spread = timed([
    [300, 1065],
    [420, 60],
  ]);
  const longer = (count: number) =>
    timed([
      [300, 375 - count],
      // Above 407 ms and a quarter, which is 509 ms, counted as 539.
      [560, count],
    ]);

  test("sees more wait longer than the control's edge and the percentage, by Fisher's exact test", () => {
    // p is 1.3e-5 for 46 of 375 beside 60 of 1 125, and 7.0e-6 for 47.
    expect(beside(longer(46), spread).verdict).not.toBe("breached");
    const found = beside(longer(47), spread);
    expect(found.verdict).toBe("breached");
    expect(found.evidence).toBe(
      "p95 of canary was 620 ms in the last 5 minutes, stable's 468 ms; 47 of 375 visitors of canary (12.5 %) waited longer than 539 ms, which is 25 % above the 407 ms that 5.33 % of stable waited longer than; chance does that in fewer than 1 of 100 000 windows.",
    );
    const networks = longer(47).latency.map((count) => Math.min(9, count));
    expect(beside({ ...longer(47), networks }, spread).verdict).toBe("watching");
  });
});
