import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../support/property.ts";
import { ALPHA, binomialBounds } from "../support/statistics.ts";
import { percents, salts } from "./arbitraries/text.ts";
import { assign, canaryOf, KINDS, population, ready } from "./population.ts";

/** Visitors where the property holds for each of them, whatever their number. */
const FEW = 1000;

const inCanary = (percent: number, salt: string, visitors: readonly string[]) =>
  assign(ready(canaryOf(percent, salt)), visitors).map((name) => name === "canary");

const count = (flags: readonly boolean[]) => flags.filter(Boolean).length;

/** Whether as many are in the canary as the exact binomial bound allows. */
function fits(flags: readonly boolean[], percent: number): boolean {
  const { lower, upper } = binomialBounds(flags.length, percent / 100);
  return count(flags) >= lower && count(flags) <= upper;
}

describe("percent", () => {
  test("raising it only ever adds visitors, lowering it only ever sends some back", () => {
    check(
      fc.property(percents, percents, salts, (a, b, salt) => {
        const visitors = population(FEW);
        const low = inCanary(Math.min(a, b), salt, visitors);
        const high = inCanary(Math.max(a, b), salt, visitors);
        expect(low.filter((isIn, index) => isIn && high[index] !== true)).toEqual([]);
      }),
      { runs: 200 },
    );
  });

  test("along a whole ramp each visitor changes sides once at most", () => {
    check(
      fc.property(fc.array(percents, { minLength: 2, maxLength: 12 }), salts, (steps, salt) => {
        const visitors = population(100);
        const rising = steps
          .toSorted((a, b) => a - b)
          .map((step) => inCanary(step, salt, visitors));
        const ways = visitors.map((_, index) => rising.map((sides) => Number(sides[index])));
        expect(ways).toEqual(ways.map((way) => way.toSorted((a, b) => a - b)));
      }),
    );
  });

  test("0 is nobody and 100 is everybody, of 50 000 visitors of each kind too", () => {
    check(
      fc.property(salts, (salt) => {
        expect(count(inCanary(0, salt, population(FEW)))).toBe(0);
        expect(count(inCanary(100, salt, population(FEW)))).toBe(FEW);
      }),
    );
    for (const kind of KINDS) {
      const visitors = population(50_000, kind);
      expect(count(inCanary(0, "salt", visitors))).toBe(0);
      expect(count(inCanary(100, "salt", visitors))).toBe(visitors.length);
    }
  });
});

describe(`share within the exact binomial bound, alpha ${ALPHA}`, () => {
  test("at any percent, whatever names visitors have", () => {
    check(
      fc.property(percents, salts, fc.constantFrom(...KINDS), (percent, salt, kind) => {
        expect(fits(inCanary(percent, salt, population(10_000, kind)), percent)).toBe(true);
      }),
      { runs: 60 },
    );
  });

  test("ask 4, at 0.01 % too: a hundred of a million, neither none nor one in a hundred", () => {
    const visitors = population(200_000);
    const flags = ["a", "b", "c", "d", "e"].flatMap((salt) => inCanary(0.01, salt, visitors));
    expect(binomialBounds(flags.length, 0.0001).lower).toBeGreaterThan(40);
    expect(fits(flags, 0.01)).toBe(true);
  });

  test("next to its ends: 99.99 % leaves some to stable", () => {
    const visitors = population(200_000);
    const flags = ["a", "b"].flatMap((salt) => inCanary(99.99, salt, visitors));
    expect(fits(flags, 99.99)).toBe(true);
    expect(count(flags)).toBeLessThan(flags.length);
  });
});
