import { describe, expect, test } from "vitest";
import {
  ALPHA,
  binomialBounds,
  binomialP,
  chiSquare,
  chiSquareP,
  goodnessOfFit,
  independence,
} from "../../support/statistics.ts";
import { seed } from "../../support/property.ts";

/** Mulberry32: what is tested here must not depend on the hash that these tests will one day judge. */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("chi-square distribution", () => {
  // Critical values: NIST/SEMATECH e-Handbook of Statistical Methods, §1.3.6.7.4, three decimals.
  test.each([
    [3.841, 1, 0.05],
    [5.991, 2, 0.05],
    [11.07, 5, 0.05],
    [16.919, 9, 0.05],
    [43.773, 30, 0.05],
    [124.342, 100, 0.05],
    [6.635, 1, 0.01],
    [23.209, 10, 0.01],
    [135.807, 100, 0.01],
    [10.828, 1, 0.001],
    [29.588, 10, 0.001],
    [149.449, 100, 0.001],
    [2.706, 1, 0.1],
    [118.498, 100, 0.1],
  ])("%f with %i df has p = %f", (statistic, df, p) => {
    expect(chiSquareP(statistic, df) / p).toBeCloseTo(1, 2.5);
  });

  test("with 2 df is exp(-x / 2), far into the tail too", () => {
    for (const x of [0.01, 1, 3.9, 4.1, 27.631, 60, 600]) {
      expect(chiSquareP(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 8);
    }
  });

  test("refuses what it is not defined for", () => {
    expect(() => chiSquareP(1, 0)).toThrow(RangeError);
    expect(() => chiSquareP(-1, 1)).toThrow(RangeError);
    expect(() => chiSquareP(Number.NaN, 1)).toThrow(RangeError);
  });
});

describe("goodness of fit", () => {
  test("Mendel's peas against 9:3:3:1 give 0.470 with p = 0.925", () => {
    const share = 556 / 16;
    const fit = chiSquare(
      [
        { observed: 315, expected: 9 * share },
        { observed: 101, expected: 3 * share },
        { observed: 108, expected: 3 * share },
        { observed: 32, expected: share },
      ],
      3,
    );
    expect(fit.statistic).toBeCloseTo(0.47, 3);
    expect(fit.p).toBeCloseTo(0.925, 3);
  });

  test("counts equal to the weights fit perfectly", () => {
    expect(goodnessOfFit([9000, 1000], [90, 10])).toEqual({ statistic: 0, df: 1, p: 1 });
  });

  test("a shift of one percentage point in a hundred thousand does not pass", () => {
    expect(goodnessOfFit([51_000, 49_000], [1, 1]).p).toBeLessThan(ALPHA);
  });

  test("one count in a class of weight 0 does not pass, in any position", () => {
    expect(goodnessOfFit([1, 99_999], [0, 1]).p).toBe(0);
    expect(goodnessOfFit([50_000, 1, 49_999], [1, 0, 1]).p).toBe(0);
    expect(goodnessOfFit([50_000, 0, 50_000], [1, 0, 1])).toEqual({ statistic: 0, df: 1, p: 1 });
  });

  test("rare classes are pooled, and still judged", () => {
    expect(goodnessOfFit([99_800, 60, 60, 80], [998, 0.6, 0.6, 0.8]).df).toBe(1);
    expect(goodnessOfFit([50_000, 49_990, 10], [0.5, 0.4999, 0.0001]).p).toBeGreaterThan(0.9);
    expect(goodnessOfFit([50_000, 49_940, 60], [0.5, 0.4999, 0.0001]).p).toBeLessThan(ALPHA);
    expect(goodnessOfFit([99_940, 60], [9999, 1]).p).toBeLessThan(ALPHA);
    expect(goodnessOfFit([0, 0, 1000], [1, 1, 0.0001]).p).toBeLessThan(ALPHA);
  });

  test("rejects a true hypothesis as often as it says, rare classes included", () => {
    const random = generator(seed());
    const weights = [5000, 3000, 1900, 80, 20];
    const experiments = 2000;
    let rejected = 0;
    for (let i = 0; i < experiments; i++) {
      const counts = weights.map(() => 0);
      for (let j = 0; j < 2000; j++) {
        let left = random() * 10_000;
        const drawn = weights.findIndex((weight) => (left -= weight) < 0);
        counts[drawn] = (counts[drawn] ?? 0) + 1;
      }
      if (goodnessOfFit(counts, weights).p < 0.05) rejected++;
    }
    // Doubling the smaller of two p-values rejects a little less than it may: the lower bound allows half.
    expect(rejected).toBeLessThanOrEqual(binomialBounds(experiments, 0.05).upper);
    expect(rejected).toBeGreaterThanOrEqual(binomialBounds(experiments, 0.025).lower);
  });

  test("refuses counts that match no weights", () => {
    expect(() => goodnessOfFit([1], [1, 1])).toThrow(RangeError);
    expect(() => goodnessOfFit([1, 1], [0, 0])).toThrow(RangeError);
    expect(() => goodnessOfFit([0, 0], [1, 1])).toThrow(RangeError);
  });
});

describe("independence", () => {
  // Agresti, An Introduction to Categorical Data Analysis (2007), p. 39; the example of R's chisq.test too.
  const table = [
    [762, 327, 468],
    [484, 239, 477],
  ];

  test("party by gender gives 30.07 with 2 df and p = 2.954e-7", () => {
    const fit = independence(table);
    expect(fit.statistic).toBeCloseTo(30.07, 2);
    expect(fit.df).toBe(2);
    expect(fit.p * 1e7).toBeCloseTo(2.954, 3);
  });

  test("empty rows and columns count for nothing", () => {
    const wider = [...table.map((row) => [...row, 0]), [0, 0, 0, 0]];
    expect(independence(wider)).toEqual(independence(table));
  });

  test("refuses cells too thin for the approximation", () => {
    expect(() =>
      independence([
        [5, 1000],
        [1000, 5000],
      ]),
    ).not.toThrow();
    expect(() =>
      independence([
        [5, 100],
        [100, 5000],
      ]),
    ).toThrow(RangeError);
  });
});

describe("binomial", () => {
  test("20 trials at one half: P(X ≤ 5) = 0.0207, so 95 % lie in 6…14", () => {
    expect(binomialP(5, 20, 0.5)).toBeCloseTo(2 * 0.0207, 4);
    expect(binomialBounds(20, 0.5, 0.05)).toEqual({ lower: 6, upper: 14 });
  });

  test("no success in 10 trials at one half: twice 1 / 1024", () => {
    expect(binomialP(0, 10, 0.5)).toBeCloseTo(2 / 1024, 12);
    expect(binomialP(5, 10, 0.5)).toBe(1);
  });

  test("shares of 0 and 1 leave no room", () => {
    expect(binomialBounds(1000, 0)).toEqual({ lower: 0, upper: 0 });
    expect(binomialBounds(1000, 1)).toEqual({ lower: 1000, upper: 1000 });
    expect(binomialP(1, 1000, 0)).toBe(0);
  });

  test("agrees with the normal law where that holds, and is skewed where it does not", () => {
    const sigmas = 4.8916; // two-sided 1e-6
    const half = binomialBounds(1_000_000, 0.5);
    expect(Math.abs(half.upper - (500_000 + sigmas * 500))).toBeLessThan(2);
    expect(half.lower + half.upper).toBe(1_000_000);
    const rare = binomialBounds(1_000_000, 0.0001);
    expect(rare.lower).toBeGreaterThan(100 - sigmas * 10);
    expect(rare.upper).toBeGreaterThan(100 + sigmas * 10);
  });

  test("bounds and p-value tell the same story", () => {
    for (const [trials, share] of [
      [50, 0.1],
      [1000, 0.01],
      [100_000, 0.0001],
      [7, 0.9],
    ] as const) {
      const { lower, upper } = binomialBounds(trials, share, 0.01);
      expect(binomialP(lower, trials, share)).toBeGreaterThan(0.01);
      expect(binomialP(upper, trials, share)).toBeGreaterThan(0.01);
      const beyond = [lower - 1, upper + 1].filter((count) => count >= 0 && count <= trials);
      for (const count of beyond) {
        expect(binomialP(count, trials, share)).toBeLessThanOrEqual(0.01);
      }
    }
  });
});
