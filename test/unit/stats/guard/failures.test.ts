import { describe, expect, test } from "vitest";
import type { GuardCheck } from "../../../../src/lib/guard.ts";
import { judgeGuard } from "../../../../src/stats/guard/judge.ts";
import type { GuardData, JudgedCheck } from "../../../../src/stats/guard/types.ts";
import { allocation, guarded, NINETY_TEN, tally, window } from "./guarded.ts";

function judged(check: GuardCheck, part: Partial<GuardData>): JudgedCheck {
  const [first] = judgeGuard(guarded({ checks: [check], ...part })).checks;
  if (first === undefined) throw new Error("no check");
  return first;
}

const MAX: GuardCheck = { metric: "failures", max: 2 };
const inWindow = (visitors: number, failed: number, networks = failed): JudgedCheck =>
  judged(MAX, { window: { stable: window(960, 3), canary: window(visitors, failed, networks) } });

describe("failures.max", () => {
  test("acts from the visitors on that a share of 2 % has in fewer than 1 of 100 000 windows", () => {
    // Of 240 visitors at 2 %: P(X ≥ 16) is 3.3e-5, P(X ≥ 17) 8.8e-6.
    expect(inWindow(240, 16).verdict).toBe("watching");
    expect(inWindow(240, 17).verdict).toBe("breached");
  });

  test.each([
    [86_400, 17, "100 000"],
    [86_000, 17, "100 465"],
    [70_000, 18, "123 429"],
    [10_000, 19, "864 000"],
  ])(
    "is so sure of windows of %d ms that a day of them acts in error once in 100",
    (windowMs, least, of) => {
      const found = (failed: number) =>
        judged(MAX, { windowMs, window: { canary: window(240, failed) } });
      // P(X ≥ 17) is 8.8e-6, P(X ≥ 18) 2.2e-6, P(X ≥ 19) 5e-7.
      expect(found(least - 1).verdict).toBe("watching");
      expect(found(least).verdict).toBe("breached");
      expect(found(least).evidence).toContain(`but for 1 chance in ${of}.`);
    },
  );

  test("says what was seen, and how sure it is", () => {
    const { evidence, missing, value, limit, visitors } = inWindow(240, 24);
    expect(evidence).toBe(
      "24 of 240 visitors of canary had a failure in the last 5 minutes (10.0 %), the limit is 2 %; it is 3.65 % at least, but for 1 chance in 100 000. stable had 0.31 %.",
    );
    expect(missing).toBeUndefined();
    expect({ value, limit, visitors }).toEqual({ value: 10, limit: 2, visitors: 240 });
  });

  test("wants as many different visitors, from as many addresses", () => {
    expect(inWindow(9, 9).missing).toBe(
      "canary: 9 different visitors with a failure, of 10 that a verdict needs; 9 different addresses with a failure, of 10 that a verdict needs.",
    );
    expect(inWindow(10_000, 10_000, 9).missing).toBe(
      "canary: 9 different addresses with a failure, of 10 that a verdict needs.",
    );
    expect(inWindow(10, 10).verdict).toBe("breached");
  });

  test("is healthy once there are enough visitors to tell", () => {
    expect(inWindow(499, 0).missing).toBe(
      "canary has 499 of the 500 visitors from which on a share of 2.00 % tells anything.",
    );
    expect(inWindow(500, 0)).toMatchObject({ verdict: "healthy", missing: undefined });
    expect(inWindow(500, 10)).toMatchObject({ verdict: "healthy", value: 2 });
    expect(inWindow(500, 11).missing).toBe("canary: chance is not ruled out yet.");
  });

  test("judges the window before as well, which late reports fill", () => {
    const before = { canary: window(240, 60) };
    const found = judged(MAX, { window: { canary: window(5) }, before });
    expect(found.verdict).toBe("breached");
    expect(found.evidence).toContain("in the 5 minutes before");
    expect(
      judged(MAX, { window: { canary: window(5) }, before: { canary: window(700) } }),
    ).toMatchObject({ verdict: "healthy", visitors: 700 });
  });

  test("judges windows whatever visitors are recognised by, and says why where there are none", () => {
    const windows = { window: { canary: window(240, 60) } };
    expect(judged(MAX, { ...windows, identity: "address" }).verdict).toBe("breached");
    expect(judged(MAX, { identity: "no-key" }).missing).toContain("VISITOR_KEY");
    expect(judged(MAX, {}).missing).toBe("No visitor of canary was told of in the last 5 minutes.");
  });
});

const INCREASE: GuardCheck = { metric: "failures", maxIncrease: 1 };

const overall = (
  canary: [number, number],
  stable: [number, number],
  part: Partial<GuardData> = {},
) =>
  judged(INCREASE, {
    strata: [allocation(NINETY_TEN, { canary: tally(...canary), stable: tally(...stable) })],
    ...part,
  });

describe("failures.maxIncrease", () => {
  test("acts on a canary that fails ten times as often", () => {
    const found = overall([300, 15], [2700, 13]);
    expect(found.verdict).toBe("breached");
    expect(found.evidence).toBe(
      "15 of 300 visitors of canary had a failure (5.00 %), and 13 of 2 700 of stable (0.48 %): 4.52 points more, the limit is 1; that a variant no worse comes to as much has p < 0.0001, however often anybody looks.",
    );
  });

  test("does not act on what both suffer from, or on a difference that is allowed", () => {
    expect(overall([300, 150], [2700, 1350]).verdict).toBe("watching");
    expect(overall([100_000, 1500], [900_000, 5400])).toMatchObject({ verdict: "healthy" });
    expect(overall([100_000, 1700], [900_000, 5400])).toMatchObject({ verdict: "breached" });
  });

  test("wants as many different visitors, from as many addresses", () => {
    expect(overall([300, 9], [2700, 0]).verdict).toBe("watching");
    expect(overall([300, 10], [2700, 0]).verdict).toBe("breached");
    const few = overall([300, 100], [2700, 0], { networks: { canary: 9 } });
    expect(few).toMatchObject({ verdict: "watching" });
    expect(few.missing).toContain("9 different addresses");
    expect(overall([300, 100], [2700, 0], { networks: {} }).verdict).toBe("watching");
  });

  const twelve = (stable: number): GuardData["strata"] => [
    allocation(NINETY_TEN, { canary: tally(300, 12), stable: tally(2700, stable) }),
  ];

  test("acts from the evidence 100 on", () => {
    // e = 105.4 and 67.7.
    expect(judged(INCREASE, { strata: twelve(28) }).verdict).toBe("breached");
    expect(judged(INCREASE, { strata: twelve(30) }).verdict).toBe("watching");
  });

  test("shares its error with other sequential checks, with other variants and halvings", () => {
    // e = 286.
    const strata = twelve(24);
    expect(judged(INCREASE, { strata }).verdict).toBe("breached");
    expect(judged(INCREASE, { strata, variants: ["canary", "b", "c"] }).verdict).toBe("watching");
    expect(judged(INCREASE, { strata, halvings: 1 }).verdict).toBe("watching");
    const drop: GuardCheck = { metric: "goal", goal: "purchase", maxDrop: 5 };
    const verdictBeside = (...checks: GuardCheck[]) =>
      judgeGuard(guarded({ checks: [INCREASE, ...checks], strata })).checks[0]?.verdict;
    expect(verdictBeside(drop)).toBe("breached");
    expect(verdictBeside(drop, drop)).toBe("watching");
    // Windows have an error of their own.
    expect(verdictBeside(MAX, MAX, MAX)).toBe("breached");
  });

  test("knows nothing by visitors of a variant that is not drawn", () => {
    const [before] = twelve(1);
    if (before === undefined) throw new Error("no allocation");
    const strata = [{ ...before, shares: { stable: 1, canary: 0 } }];
    expect(judged(INCREASE, { strata }).verdict).toBe("watching");
  });

  test.each(["address", "not-sticky", "no-key"] as const)("has no verdict by %s", (identity) => {
    const found = overall([300, 100], [2700, 0], { identity });
    expect(found).toMatchObject({ verdict: "watching", value: undefined });
    expect(found.missing).toContain("No verdict possible: visitors are");
  });

  test("tells what is missing where it met nobody", () => {
    expect(judged(INCREASE, {}).missing).toBe(
      "No visitor was drawn for both canary and stable yet.",
    );
    expect(overall([300, 0], [2700, 0]).missing).toBe(
      "canary has 300 of the 1 000 visitors from which on a share of 1.00 % tells anything.",
    );
  });
});
