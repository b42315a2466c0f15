import { describe, expect, test } from "vitest";
import type { GuardCheck } from "../../../../src/lib/guard.ts";
import { judgeGuard } from "../../../../src/stats/guard/judge.ts";
import type { GuardData, JudgedCheck } from "../../../../src/stats/guard/types.ts";
import { allocation, guarded, NINETY_TEN, tally } from "./guarded.ts";

const DROP: GuardCheck = { metric: "goal", goal: "purchase", maxDrop: 20 };
const SRM: GuardCheck = { metric: "srm" };

function judged(check: GuardCheck, part: Partial<GuardData>): JudgedCheck {
  const [first] = judgeGuard(guarded({ checks: [check], ...part })).checks;
  if (first === undefined) throw new Error("no check");
  return first;
}

const bought = (
  canary: [number, number],
  stable: [number, number],
  part: Partial<GuardData> = {},
) =>
  judged(DROP, {
    strata: [
      allocation(NINETY_TEN, {
        canary: tally(canary[0], 0, canary[1]),
        stable: tally(stable[0], 0, stable[1]),
      }),
    ],
    ...part,
  });

describe("goal.maxDrop", () => {
  test("finds a checkout that is broken to zero as soon as it is not too early", () => {
    expect(bought([440, 0], [3960, 198]).missing).toBe(
      "It is too early for canary: purchase needs about 45 more visitors.",
    );
    const found = bought([450, 0], [4050, 203]);
    expect(found.verdict).toBe("breached");
    expect(found.evidence).toBe(
      "purchase: 0.00 % of 450 visitors of canary, 5.01 % of 4 050 of stable: 100.0 % less, the limit is 20 %; the whole interval is beyond it, p < 0.0001.",
    );
  });

  test("acts on nothing less than the whole interval beyond the limit", () => {
    expect(bought([10_000, 500], [90_000, 4500]).verdict).toBe("healthy");
    expect(bought([10_000, 401], [90_000, 4500]).verdict).toBe("healthy");
    expect(bought([10_000, 399], [90_000, 4500])).toMatchObject({
      verdict: "watching",
      missing: "canary: chance is not ruled out yet.",
    });
    expect(bought([10_000, 250], [90_000, 4500]).verdict).toBe("breached");
    expect(bought([10_000, 900], [90_000, 4500]).verdict).toBe("healthy");
  });

  test("combines allocations, and never adds them up", () => {
    // The canary converts as the control does; most of its visitors came when few converted.
    const strata = [
      allocation(
        { stable: 0.5, canary: 0.5 },
        { canary: tally(9000, 0, 180), stable: tally(9000, 0, 180) },
      ),
      allocation(NINETY_TEN, { canary: tally(1000, 0, 200), stable: tally(9000, 0, 1800) }),
    ];
    const { verdict, value } = judged(DROP, { strata });
    expect(verdict).toBe("healthy");
    expect(value).toBeCloseTo(0, 9);
  });

  test("knows the control's rate as well as a part of it can be known", () => {
    // The control's variance counts by the square of what may be lost: by less than that, it would take fewer purchases to act.
    const checks: GuardCheck[] = [{ metric: "goal", goal: "purchase", maxDrop: 80 }];
    const verdict = (purchases: number) =>
      judgeGuard(
        guarded({
          checks,
          strata: [
            allocation(
              { stable: 1, canary: 1 },
              { stable: tally(10_000, 0, 500), canary: tally(10_000, 0, purchases) },
            ),
          ],
        }),
      ).verdict;
    expect(verdict(64)).toBe("breached");
    expect(verdict(65)).toBe("watching");
  });

  test("judges values with their cap", () => {
    const goals = [{ goal: "purchase", cap: 1, unattributed: 0 }];
    expect(bought([10_000, 250], [90_000, 4500], { goals }).verdict).toBe("breached");
    expect(bought([10_000, 99], [90_000, 4500], { goals }).verdict).toBe("watching");
  });

  test("has no verdict on a split that is not as drawn, or without an identity", () => {
    const alert = { srm: { verdict: "alert", p: 1e-9 } } as const;
    expect(bought([10_000, 0], [90_000, 4500], alert)).toMatchObject({ verdict: "watching" });
    expect(bought([10_000, 0], [90_000, 4500], { identity: "address" }).missing).toContain(
      "No verdict possible",
    );
    expect(judged(DROP, {}).missing).toBe("No visitor was drawn for both canary and stable yet.");
    expect(bought([1000, 0], [9000, 0]).missing).toContain("nothing tells yet");
  });
});

describe("srm", () => {
  const strata = [allocation(NINETY_TEN, { canary: tally(100), stable: tally(900) })];

  test("is breached by an alert alone, and names no variant", () => {
    const at = (verdict: "ok" | "warn" | "alert", p: number) =>
      judged(SRM, { strata, srm: { verdict, p } });
    expect(at("alert", 1e-6)).toMatchObject({
      verdict: "breached",
      variant: undefined,
      visitors: 1000,
    });
    expect(at("warn", 0.005)).toMatchObject({ verdict: "watching", limit: 0.001, value: 0.005 });
    expect(at("ok", 1)).toMatchObject({ verdict: "healthy", missing: undefined });
    expect(judged(SRM, {}).missing).toBe("No visitor was exposed yet.");
  });
});

describe("a guard", () => {
  test("is breached where one check is, watching where one cannot tell, else healthy", () => {
    const strata = [
      allocation(NINETY_TEN, { canary: tally(10_000, 0, 250), stable: tally(90_000, 0, 4500) }),
    ];
    const verdict = (...checks: GuardCheck[]) => judgeGuard(guarded({ checks, strata })).verdict;
    const failures: GuardCheck = { metric: "failures", maxIncrease: 1 };
    const nothing: GuardCheck = { metric: "failures", max: 1 };
    expect(verdict(failures, SRM)).toBe("healthy");
    expect(verdict(failures, SRM, nothing)).toBe("watching");
    expect(verdict(failures, SRM, nothing, DROP)).toBe("breached");
    expect(judgeGuard(guarded({ checks: [failures], variants: [] })).checks[0]?.missing).toBe(
      "There is no variant to be taken back.",
    );
  });

  test("names the variant that is nearest to its limit", () => {
    const strata = [
      allocation(
        { stable: 1, a: 1, b: 1, c: 1 },
        { stable: tally(5000, 5), a: tally(5000, 5), b: tally(5000, 400), c: tally(5000, 300) },
      ),
    ];
    const checks: GuardCheck[] = [{ metric: "failures", maxIncrease: 1 }];
    const networks = { a: 10, b: 10, c: 10 };
    const named = (...variants: string[]) =>
      judgeGuard(guarded({ checks, strata, variants, networks })).checks[0];
    expect(named("a", "b", "c")).toMatchObject({ variant: "b", verdict: "breached" });
    expect(named("c", "b", "a")).toEqual(named("a", "b", "c"));
    expect(named("a")).toMatchObject({ variant: "a", verdict: "healthy" });
  });
});
