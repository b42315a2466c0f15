import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logGamma } from "../../../src/stats/log-gamma.ts";
import { srm, srmLogE } from "../../../src/stats/srm.ts";
import { check } from "../../support/property.ts";

const even = { stable: 0.5, canary: 0.5 };

/** An even split that is off by so many of 10,000. */
const off = (by: number) => [{ shares: even, exposed: { stable: 5000 - by, canary: 5000 + by } }];

describe("ln Γ", () => {
  test("is that of the factorials", () => {
    let factorial = 1;
    for (let n = 1; n <= 100; n += 1) {
      const exact = Math.log(factorial);
      expect(Math.abs(logGamma(n) - exact)).toBeLessThanOrEqual(1e-14 * Math.max(1, exact));
      factorial *= n;
    }
  });

  test("keeps to Γ(x + 1) = x Γ(x) for small and large x, and to Γ(1/2) = √π", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    check(
      fc.property(fc.double({ min: 1e-3, max: 1e7, noNaN: true }), (x) => {
        const next = logGamma(x + 1);
        const error = Math.abs(next - logGamma(x) - Math.log(x));
        expect(error).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(next)));
      }),
    );
  });
});

describe("the evidence against a split", () => {
  test("is a product of what each visitor told, whoever came first", () => {
    const shares = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 5 });
    check(
      fc.property(shares, fc.array(fc.nat(4), { maxLength: 60 }), (weights, order) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const drawn = order.map((one) => one % weights.length);
        const seen = weights.map(() => 0);
        let logE = 0;
        // One by one: the mixture's prediction of this visitor by that of the shares.
        for (const [before, at] of drawn.entries()) {
          const share = (weights[at] ?? 0) / total;
          const mixture = (100 * share + (seen[at] ?? 0)) / (100 + before);
          logE += Math.log(mixture / share);
          seen[at] = (seen[at] ?? 0) + 1;
        }
        const record = (values: readonly number[]) =>
          Object.fromEntries(values.map((value, at) => [`v${at}`, value]));
        const all = srmLogE([{ shares: record(weights), exposed: record(seen) }]);
        expect(Math.abs(all - logE)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  test("is multiplied over allocations, which are never pooled", () => {
    const [one = { shares: {}, exposed: {} }] = off(300);
    const other = { shares: { stable: 9, canary: 1 }, exposed: { stable: 900, canary: 150 } };
    expect(srmLogE([one, other])).toBeCloseTo(srmLogE([one]) + srmLogE([other]), 10);
    // Both are as drawn; together they are not as either.
    const ramp = [
      { shares: { stable: 0.9, canary: 0.1 }, exposed: { stable: 9000, canary: 1000 } },
      { shares: even, exposed: { stable: 5000, canary: 5000 } },
    ];
    expect(srm(ramp)).toMatchObject({ verdict: "ok", p: 1 });
  });

  test.each([
    [0, "ok"],
    [180, "ok"],
    [190, "warn"],
    [215, "warn"],
    [220, "alert"],
  ])("of 10,000 visitors %d too many on one side: %s", (by, verdict) => {
    expect(srm(off(by)).verdict).toBe(verdict);
    expect(srm(off(-by)).verdict).toBe(verdict);
  });

  test("warns from 100 on and alerts from 1,000 on", () => {
    for (const [evidence, below, from] of [
      [100, "ok", "warn"],
      [1000, "warn", "alert"],
    ] as const) {
      const peak = Math.log(evidence);
      expect(srm([], peak - 1e-9).verdict).toBe(below);
      expect(srm([], peak)).toMatchObject({ verdict: from, logE: peak });
      expect(srm([], peak).p).toBeCloseTo(1 / evidence, 12);
    }
  });

  test("never goes back: the most there ever was is kept", () => {
    const worst = srm(off(235));
    const later = srm(off(0), worst.logE);
    expect(later).toEqual(worst);
    expect(srm(off(0)).verdict).toBe("ok");
  });

  test("is beyond doubt where a variant without a share met somebody", () => {
    for (const shares of [{ stable: 1, canary: 0 }, { stable: 1 }]) {
      const seen = srm([{ shares, exposed: { stable: 10, canary: 1 } }]);
      expect(seen).toMatchObject({ verdict: "alert", p: 0 });
      expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
      expect(srm([{ shares, exposed: { stable: 10, canary: 0 } }])).toMatchObject({
        verdict: "ok",
        p: 1,
      });
    }
  });

  test("is none without visitors, and does not care for the scale of the shares", () => {
    expect(srm([])).toEqual({ verdict: "ok", p: 1, logE: 0 });
    expect(srm([{ shares: even, exposed: {} }]).logE).toBe(0);
    const percent = [
      { shares: { stable: 50, canary: 50 }, exposed: { stable: 4800, canary: 5200 } },
    ];
    expect(srmLogE(percent)).toBeCloseTo(srmLogE(off(200)), 12);
  });
});
