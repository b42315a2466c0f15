import { describe, expect, test } from "vitest";
import { judge } from "../../bench/claims.ts";
import { uniform } from "../../bench/draws.ts";
import { CONFIDENCE, LEAST_VALUES, medianInterval, paired } from "../../bench/interval.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("the interval of a median", () => {
  test("lies between the order statistics that the tables of the sign test name", () => {
    // Conover, Practical Nonparametric Statistics: n = 8 → 1st and 8th, n = 10 → 2nd and 9th, n = 20 → 6th and 15th.
    expect(medianInterval(numbers(8))).toMatchObject({ median: 4.5, low: 1, high: 8 });
    expect(medianInterval(numbers(10))).toMatchObject({ median: 5.5, low: 2, high: 9 });
    expect(medianInterval(numbers(20))).toMatchObject({ median: 10.5, low: 6, high: 15 });
  });

  test("is all there is where values are few, and says what that is worth", () => {
    const few = medianInterval(numbers(LEAST_VALUES - 1));
    expect(few).toMatchObject({ low: 1, high: LEAST_VALUES - 1 });
    expect(few.coverage).toBeLessThan(CONFIDENCE);
    expect(medianInterval(numbers(LEAST_VALUES)).coverage).toBeGreaterThanOrEqual(CONFIDENCE);
    expect(medianInterval([])).toMatchObject({ median: NaN, low: NaN, high: NaN, coverage: 0 });
  });

  test("holds the true median as often as it says, of a lopsided distribution too", () => {
    const draw = uniform(7);
    const trials = 2000;
    let held = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const { low, high } = medianInterval(Array.from({ length: 15 }, () => -Math.log(1 - draw())));
      if (low <= Math.LN2 && Math.LN2 <= high) held += 1;
    }
    // Of 15 values it is 96.5 %; a share of 2 000 trials lies within 0.4 points of it two times of three.
    expect(held / trials).toBeGreaterThan(0.953);
    expect(held / trials).toBeLessThan(0.977);
  });

  test("leaves out what has no pair", () => {
    expect(medianInterval(paired([2, 4, 9], [1, 2]))).toMatchObject({ low: 2, high: 2 });
  });
});

describe("a claim", () => {
  const of = (low: number, high: number) => ({ median: (low + high) / 2, low, high, coverage: 1 });

  test("is held or not only where the whole interval lies on one side of its bar", () => {
    expect(judge({ bar: 1, measured: of(0.8, 1) })).toBe("held");
    expect(judge({ bar: 1, measured: of(0.8, 1.01) })).toBe("not resolved");
    expect(judge({ bar: 1, measured: of(1, 1.2) })).toBe("not resolved");
    expect(judge({ bar: 1, measured: of(1.01, 1.2) })).toBe("not held");
  });

  test("says nothing on too few values", () => {
    expect(judge({ bar: 1, measured: { ...of(0.5, 0.6), coverage: 0.94 } })).toBe("not resolved");
    expect(judge({ bar: 1, measured: { ...of(0.5, 0.6), coverage: CONFIDENCE } })).toBe("held");
  });

  test("of a count is what it is", () => {
    expect(judge({ bar: 45, measured: 45 })).toBe("held");
    expect(judge({ bar: 45, measured: 45.1 })).toBe("not held");
  });

  test("is not held by what was not measured", () => {
    expect(judge({ bar: 1, measured: of(NaN, NaN) })).toBe("not resolved");
    expect(judge({ bar: 1, measured: NaN })).toBe("not held");
  });
});
