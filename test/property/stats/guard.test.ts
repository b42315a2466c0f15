import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GuardCheck } from "../../../src/lib/guard.ts";
import { logAtLeast, logMoreOften, lowerBound } from "../../../src/stats/guard/binomial.ts";
import { upperBound } from "../../../src/stats/guard/difference.ts";
import { isEarned } from "../../../src/stats/guard/earned.ts";
import { failuresLogE } from "../../../src/stats/guard/evidence.ts";
import { judgeGuard } from "../../../src/stats/guard/judge.ts";
import type { GuardData } from "../../../src/stats/guard/types.ts";
import { check } from "../../support/property.ts";
import { allocation, guarded, tally, timed, window } from "../../unit/stats/guard/guarded.ts";

const MOST = 1e7;
const count = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 5000 }), fc.nat({ max: MOST }));
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

/** Visitors of whom some failed. */
const failing = fc
  .tuple(count, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([visitors, part]) => ({ visitors, failed: Math.floor(visitors * part) }));

/** Visitors of whom one failed at least. */
const failingSome = failing.map(({ visitors, failed }) => ({
  visitors: visitors + 1,
  failed: failed + 1,
}));

const CHECKS: readonly GuardCheck[] = [
  { metric: "failures", max: 2 },
  { metric: "failures", maxIncrease: 1 },
  { metric: "latency", quantile: 0.95, maxMs: 800 },
  { metric: "latency", quantile: 0.95, maxIncrease: 25 },
  { metric: "goal", goal: "purchase", maxDrop: 5 },
  { metric: "srm" },
];

const NAMES = ["a", "b", "c"] as const;

/** Anything that a hub may hold, of three variants beside the control. */
const anything: fc.Arbitrary<GuardData> = fc
  .record({
    arms: fc.array(fc.array(failing, { minLength: 4, maxLength: 4 }), { maxLength: 4 }),
    shares: fc.array(share, { minLength: 4, maxLength: 4 }),
    windows: fc.array(failing, { minLength: 4, maxLength: 4 }),
    slow: fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 2000 })), {
      minLength: 4,
      maxLength: 4,
    }),
    networks: fc.nat({ max: 20 }),
    minVisitors: fc.integer({ min: 1, max: 50 }),
    halvings: fc.nat({ max: 8 }),
  })
  .map(({ arms, shares, windows, slow, networks, minVisitors, halvings }) => {
    const names = ["stable", ...NAMES];
    const by = <T>(of: (index: number) => T) =>
      Object.fromEntries(names.map((name, index) => [name, of(index)]));
    const told = (index: number) => {
      const { visitors, failed } = windows[index] ?? { visitors: 0, failed: 0 };
      const [fast, late] = slow[index] ?? [0, 0];
      const { latency } = timed([
        [100, fast],
        [900, late],
      ]);
      return {
        ...window(visitors, failed, Math.min(failed, networks)),
        latency,
        networks: latency,
      };
    };
    return guarded({
      checks: CHECKS,
      variants: NAMES,
      minVisitors,
      halvings,
      window: by(told),
      networks: by(() => networks),
      strata: arms.map((one) =>
        allocation(
          by((index) => shares[index] ?? 0),
          by((index) => {
            const { visitors, failed } = one[index] ?? { visitors: 0, failed: 0 };
            return tally(visitors, failed, visitors - failed);
          }),
        ),
      ),
    });
  });

describe("bounds", () => {
  test("a share's lower bound is below it, rises with the failures, and is where the tail is alpha", () => {
    check(
      fc.property(failingSome, ({ visitors, failed }) => {
        const low = lowerBound(failed, visitors, 1e-5);
        expect(low).toBeGreaterThan(0);
        expect(low).toBeLessThan(failed / visitors);
        expect(lowerBound(failed - 1, visitors, 1e-5)).toBeLessThanOrEqual(low);
        expect(logAtLeast(failed, visitors, low)).toBeCloseTo(Math.log(1e-5), 3);
      }),
    );
  });

  test("a difference's upper bound is above it, rises with the canary's failures, and falls with the control's", () => {
    check(
      fc.property(failingSome, failingSome, (canary, control) => {
        const bound = upperBound(canary, control, 0.01, 0.05);
        const seen = canary.failed / canary.visitors - control.failed / control.visitors;
        expect(bound).toBeGreaterThanOrEqual(seen - 1e-12);
        const fewer = (arm: typeof canary) => ({ ...arm, failed: arm.failed - 1 });
        expect(upperBound(fewer(canary), control, 0.01, 0.05)).toBeLessThanOrEqual(bound + 1e-9);
        expect(upperBound(canary, fewer(control), 0.01, 0.05)).toBeGreaterThanOrEqual(bound - 1e-9);
      }),
      { runs: 50 },
    );
  });

  test("an exact test is not a chance above 1, and less for more", () => {
    check(
      fc.property(failingSome, failing, (one, other) => {
        const of = (failed: number) =>
          logMoreOften(
            { count: failed, of: one.visitors },
            { count: other.failed, of: other.visitors },
          );
        expect(of(one.failed)).toBeLessThanOrEqual(0);
        expect(of(one.failed)).toBeLessThanOrEqual(of(one.failed - 1) + 1e-6);
      }),
    );
  });
});

describe("the evidence of failures", () => {
  const strata = fc.array(
    fc.record({ canary: failing, stable: failing, share }).map((one) =>
      allocation(
        { canary: one.share, stable: 1 - one.share },
        {
          canary: tally(one.canary.visitors, one.canary.failed),
          stable: tally(one.stable.visitors, one.stable.failed),
        },
      ),
    ),
    { minLength: 1, maxLength: 6 },
  );

  test("is a number, whatever is counted, and does not depend on the order of allocations", () => {
    check(
      fc.property(strata, fc.nat({ max: 20 }), (all, halvings) => {
        const logE = failuresLogE(all, "canary", "stable", halvings);
        expect(Number.isFinite(logE)).toBe(true);
        const turned = failuresLogE(all.toReversed(), "canary", "stable", halvings);
        expect(Math.abs(turned - logE)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(logE)));
        expect(failuresLogE(all, "canary", "stable", halvings + 1)).toBeLessThan(logE);
      }),
    );
  });

  test("is on average 1 after any number of visitors with a failure, and less for a better canary", () => {
    check(
      fc.property(
        share,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (drawn, both, better) => {
          const of = (canary: number) =>
            failuresLogE(
              [
                allocation(
                  { canary: drawn, stable: 1 - drawn },
                  { canary: tally(MOST, canary), stable: tally(MOST, both - canary) },
                ),
              ],
              "canary",
              "stable",
              0,
            );
          const mean = (p: number) => {
            let total = 0;
            for (let canary = 0; canary <= both; canary += 1) {
              const atLeast = (k: number) => Math.exp(logAtLeast(k, both, p));
              total += (atLeast(canary) - atLeast(canary + 1)) * Math.exp(of(canary));
            }
            // The part of the sample that was never halved.
            return total / 0.9;
          };
          // Differences of tails lose digits where evidence is huge; a mean above 1 would be far above it.
          expect(mean(drawn)).toBeLessThan(1.01);
          expect(mean(drawn * better)).toBeLessThan(1.01);
        },
      ),
      { runs: 50 },
    );
  });
});

describe("a guard", () => {
  test("says the same of variants in any order, and of allocations", () => {
    check(
      fc.property(anything, (data) => {
        const turned = { ...data, variants: data.variants.toReversed() };
        expect(judgeGuard(turned)).toEqual(judgeGuard(data));
        const verdicts = (of: GuardData) => judgeGuard(of).checks.map(({ verdict }) => verdict);
        expect(verdicts({ ...data, strata: data.strata.toReversed() })).toEqual(verdicts(data));
      }),
      { runs: 200 },
    );
  });

  test("is never breached by failures of fewer visitors, or addresses, than it wants", () => {
    check(
      fc.property(anything, (data) => {
        const faults = judgeGuard(data).checks.filter(
          ({ check: { metric } }) => metric === "failures",
        );
        for (const { verdict, variant = "" } of faults) {
          const failed = Math.max(
            data.window[variant]?.failed ?? 0,
            data.strata.reduce((sum, { variants }) => sum + (variants[variant]?.failed ?? 0), 0),
          );
          const isEnough =
            failed >= data.minVisitors && (data.networks[variant] ?? 0) >= data.minVisitors;
          expect(verdict === "breached" && !isEnough).toBe(false);
        }
      }),
      { runs: 200 },
    );
  });

  test("stays breached where more fail, and says what is missing exactly where it cannot tell", () => {
    const max = { checks: [{ metric: "failures", max: 2 }] } as const;
    check(
      fc.property(failing, ({ visitors, failed }) => {
        fc.pre(failed < visitors);
        const verdict = (faulty: number) =>
          judgeGuard(guarded({ ...max, window: { canary: window(visitors, faulty) } })).verdict;
        expect(verdict(failed) === "breached" && verdict(failed + 1) !== "breached").toBe(false);
      }),
    );
    check(
      fc.property(anything, (data) => {
        const judged = judgeGuard(data);
        for (const { verdict, missing, evidence } of judged.checks) {
          expect(missing !== undefined).toBe(verdict === "watching");
          expect(evidence).toMatch(/^\S.*\.$/u);
          expect(evidence).not.toMatch(/NaN|undefined|Infinity/u);
        }
      }),
      { runs: 200 },
    );
  });

  test("earns a step by more healthy visitors where it does by fewer", () => {
    check(
      fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 50_000 }), (canary, control) => {
        const of = (visitors: number) =>
          isEarned({
            minVisitors: 10,
            maxIncrease: 1,
            canary: { visitors, failed: 0 },
            control: { visitors: control, failed: 0 },
          });
        expect(of(canary) && !of(canary + 1)).toBe(false);
        expect(of(canary)).toBe(canary >= 430 && of(canary));
      }),
    );
  });
});
