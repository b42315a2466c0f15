import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../../src/stats/random.ts";
import { check } from "../../support/property.ts";
import { ALPHA, goodnessOfFit } from "../../support/statistics.ts";

const DRAWS = 50_000;
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** P(X = 0), P(X = 1), … of a binomial by its recurrence in logarithms. */
function binomial(trials: number, share: number): number[] {
  const [success, failure] = [Math.log(share), Math.log(1 - share)];
  let ways = 0;
  return Array.from({ length: trials + 1 }, (_, k) => {
    if (k > 0) ways += Math.log((trials - k + 1) / k);
    return Math.exp(ways + k * success + (trials - k) * failure);
  });
}

describe(`chance in simulations (alpha ${ALPHA})`, () => {
  test("a binomial has the distribution of one, by either way of drawing it", () => {
    const shares = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    check(
      fc.property(seeds, fc.integer({ min: 1, max: 400 }), shares, (seed, trials, share) => {
        const random = new Random(seed);
        const counts = Array.from({ length: trials + 1 }, () => 0);
        for (let left = DRAWS; left > 0; left -= 1) {
          const drawn = random.binomial(trials, share);
          counts[drawn] = (counts[drawn] ?? 0) + 1;
        }
        expect(goodnessOfFit(counts, binomial(trials, share)).p).toBeGreaterThan(ALPHA);
      }),
      { runs: 12 },
    );
  });

  test("a multinomial gives everybody away, and to each class its share", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 });
    check(
      fc.property(
        seeds,
        weights,
        fc.integer({ min: 10_000, max: 100_000 }),
        (seed, all, trials) => {
          const total = all.reduce((sum, weight) => sum + weight, 0);
          const counts = new Random(seed).multinomial(
            trials,
            all.map((weight) => weight / total),
          );
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(trials);
          expect(goodnessOfFit(counts, all).p).toBeGreaterThan(ALPHA);
        },
      ),
      { runs: 30 },
    );
  });

  test("a normal has mean 0, variance 1, and one in twenty beyond 1.96", () => {
    check(
      fc.property(seeds, (seed) => {
        const random = new Random(seed);
        let [sum, squares, beyond] = [0, 0, 0];
        for (let left = DRAWS; left > 0; left -= 1) {
          const drawn = random.normal();
          sum += drawn;
          squares += drawn ** 2;
          if (Math.abs(drawn) > 1.959_963_985) beyond += 1;
        }
        // 4.9 standard errors each.
        expect(Math.abs(sum) / Math.sqrt(DRAWS)).toBeLessThan(4.9);
        expect(Math.abs(squares - DRAWS) / Math.sqrt(2 * DRAWS)).toBeLessThan(4.9);
        expect(goodnessOfFit([beyond, DRAWS - beyond], [5, 95]).p).toBeGreaterThan(ALPHA);
      }),
      { runs: 10 },
    );
  });

  test("is the same for the same seed, and none for the certain", () => {
    const [one, other] = [new Random(5), new Random(5)];
    for (let left = 100; left > 0; left -= 1) expect(one.uniform()).toBe(other.uniform());
    expect(one.binomial(10, 0)).toBe(0);
    expect(one.binomial(10, 1)).toBe(10);
    expect(one.binomial(0, 0.5)).toBe(0);
  });
});
