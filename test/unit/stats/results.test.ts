import { describe, expect, test } from "vitest";
import type { GoalTally, VariantTally } from "../../../src/stats/data.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import { experiment, stratum, tally } from "./experiment.ts";

const even = { stable: 50, canary: 50 };

const one = (stable: VariantTally, canary: VariantTally) =>
  experiment([stratum(even, { stable, canary })]);

/** The comparison of the first goal's first treatment. */
function compared(data: Parameters<typeof resultsOf>[0]) {
  const comparison = resultsOf(data).goals[0]?.comparisons[0];
  if (comparison === undefined) throw new Error("nothing is compared");
  return comparison;
}

const ofRevenue = (visitors: number, revenue: GoalTally): VariantTally => ({
  ...tally(visitors, 0),
  goals: { revenue },
});

/** Purchases of the same value each. */
const revenue = (conversions: number, value: number): GoalTally => ({
  conversions,
  sum: conversions * value,
  sumOfSquares: conversions * value ** 2,
  capped: 7,
});

test("tells an experiment in the shape of the contract", () => {
  const data = experiment(
    [stratum({ stable: 90, canary: 10 }, { stable: tally(9000, 900), canary: tally(1010, 130) })],
    {
      halvings: 1,
      goals: [{ goal: "purchase", unattributed: 4 }],
      apart: { byRule: 12, olderPins: 40, unchecked: 3 },
    },
  );
  expect(resultsOf(data)).toMatchObject({
    experiment: "shop",
    control: "stable",
    since: "2026-11-11T12:00:00.000Z",
    sampleRate: 0.5,
    allocations: 1,
    srm: { verdict: "ok", p: 1 },
    variants: [
      { variant: "stable", visitors: 9000, expected: 9009, failed: 0, crossoverShare: 0 },
      { variant: "canary", visitors: 1010, expected: 1001, failed: 0, crossoverShare: 0 },
    ],
    apart: { byRule: 12, olderPins: 40, unchecked: 3 },
    goals: [
      {
        goal: "purchase",
        unattributed: 4,
        variants: [
          { variant: "stable", visitors: 9000, conversions: 900, rate: 0.1 },
          { variant: "canary", visitors: 1010, conversions: 130, rate: 130 / 1010 },
        ],
        comparisons: [{ variant: "canary", verdict: "undecided" }],
      },
    ],
    strata: [
      {
        allocation: "90/10",
        since: "2026-11-11T12:00:00.000Z",
        variants: [
          { variant: "stable", visitors: 9000, goals: { purchase: 0.1 } },
          { variant: "canary", visitors: 1010, goals: { purchase: 130 / 1010 } },
        ],
      },
    ],
  });
});

test("is text and numbers only, with no visitor at all too", () => {
  for (const data of [
    experiment([]),
    one(tally(0, 0), tally(0, 0)),
    one(tally(5, 0), tally(0, 0)),
  ]) {
    const results = resultsOf(data);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
    expect(results.goals[0]?.comparisons).toEqual([
      {
        variant: "canary",
        difference: null,
        low: null,
        high: null,
        lift: null,
        p: 1,
        verdict: "too-early",
        detectable: null,
        value: null,
        controlValue: null,
        visitorsNeeded: null,
      },
    ]);
  }
});

describe("it is too early for a rate", () => {
  test.each([
    ["99 visitors of the smaller variant", tally(1000, 500), tally(99, 50), true],
    ["100", tally(1000, 500), tally(100, 50), false],
    ["19.9 expected conversions", tally(1000, 101), tally(200, 18), true],
    ["20", tally(1000, 101), tally(200, 19), false],
    ["19.9 expected of those who do not convert", tally(1000, 899), tally(200, 182), true],
    ["20 of them", tally(1000, 899), tally(200, 181), false],
  ])("or not with %s", (_, stable, canary, early) => {
    for (const data of [one(stable, canary), one(canary, stable)])
      expect(compared(data).verdict === "too-early").toBe(early);
  });

  test("and then only that is sure which was so before", () => {
    expect(compared(one(tally(99, 90), tally(99, 1)))).toMatchObject({
      difference: expect.closeTo(-89 / 99, 10) as number,
      low: -1,
      high: 1,
      p: 1,
      detectable: null,
    });
  });

  test("and it says how many visitors more that takes, where something tells", () => {
    expect(compared(one(tally(50, 20), tally(50, 20))).visitorsNeeded).toBe(100);
    expect(compared(one(tally(1000, 10), tally(1000, 10))).visitorsNeeded).toBe(2000);
    expect(compared(one(tally(1000, 0), tally(1000, 0))).visitorsNeeded).toBeNull();
    expect(compared(one(tally(1000, 500), tally(1000, 500)))).not.toHaveProperty("visitorsNeeded");
  });
});

describe("values", () => {
  const goals = [{ goal: "revenue", cap: 20, unattributed: 0 }];
  const data = (stable: GoalTally, canary: GoalTally) => ({
    ...one(ofRevenue(2000, stable), ofRevenue(2000, canary)),
    goals,
  });

  test("are told as sums and means, with those that were cut", () => {
    const { variants, cap } = resultsOf(data(revenue(200, 10), revenue(300, 10))).goals[0] ?? {};
    expect(cap).toBe(20);
    expect(variants).toEqual([
      { variant: "stable", visitors: 2000, conversions: 200, sum: 2000, mean: 1, capped: 7 },
      { variant: "canary", visitors: 2000, conversions: 300, sum: 3000, mean: 1.5, capped: 7 },
    ]);
  });

  test("are as uncertain as two visitors more would make them, one with nothing and one with the cap", () => {
    const wide = (cap: number) => {
      const told = {
        ...data(revenue(200, 10), revenue(300, 10)),
        goals: [{ goal: "revenue", cap, unattributed: 0 }],
      };
      const { low, high } = compared(told);
      return (high ?? 0) - (low ?? 0);
    };
    // Of 2 002 values the variance of each variant is (sum of squares + cap²) / 2 002 less the mean's square.
    const variance = (conversions: number, cap: number) =>
      (conversions * 100 + cap ** 2) / 2002 - ((conversions * 10 + cap) / 2002) ** 2;
    const both = (cap: number) => variance(200, cap) + variance(300, cap);
    expect(wide(500) / wide(10)).toBeCloseTo(Math.sqrt(both(500) / both(10)), 10);
    expect(wide(500)).toBeGreaterThan(3 * wide(10));
  });

  test("say nothing below 100 conversions a variant", () => {
    const early = compared(data(revenue(99, 10), revenue(200, 10)));
    expect(early).toMatchObject({ verdict: "too-early", low: -20, high: 20, p: 1 });
    expect(compared(data(revenue(200, 10), revenue(99, 10))).verdict).toBe("too-early");
    expect(compared(data(revenue(100, 10), revenue(100, 10))).verdict).toBe("undecided");
    expect(compared(data(revenue(100, 10), revenue(300, 10))).verdict).toBe("better");
  });
});

describe("a comparison", () => {
  const better = one(tally(5000, 500), tally(5000, 650));

  test("is better or worse where the interval is without 0, by the side it is on", () => {
    expect(compared(better)).toMatchObject({
      verdict: "better",
      lift: expect.closeTo(0.3, 10) as number,
    });
    expect(compared(one(tally(5000, 650), tally(5000, 500))).verdict).toBe("worse");
    expect(compared(one(tally(5000, 500), tally(5000, 550))).verdict).toBe("undecided");
  });

  test("of failures is the other way round", () => {
    const [none, some] = [{ failed: 100 }, { failed: 250 }];
    const verdict = (...[stable, canary]: readonly [typeof none, typeof none]) =>
      resultsOf(one(tally(5000, 1, stable), tally(5000, 1, canary))).failures.comparisons[0]
        ?.verdict;
    expect(verdict(none, some)).toBe("worse");
    expect(verdict(some, none)).toBe("better");
  });

  test("names no winner and no loser under an alert, and keeps its numbers", () => {
    const exposed = { stable: 5000, canary: 5500 };
    const unsound = experiment([
      stratum(even, { stable: tally(5000, 500), canary: tally(5000, 650) }, { exposed }),
    ]);
    expect(resultsOf(unsound).srm.verdict).toBe("alert");
    expect(compared(unsound)).toEqual({ ...compared(better), verdict: "undecided" });
    // As once it was, so it stays; and where nothing is drawn, nothing is off.
    expect(compared({ ...better, srmPeak: Math.log(1000) }).verdict).toBe("undecided");
    expect(compared({ ...unsound, drawn: false }).verdict).toBe("better");
  });

  test("with more variants, or after a halving, is as much harder to win, with p ≤ 0.05 where it is won", () => {
    const data = one(tally(5000, 500), tally(5000, 620));
    expect(compared(data).verdict).toBe("better");
    const third = { ...data, variants: ["stable", "canary", "bold"] };
    expect(compared(third).p / compared(data).p).toBeGreaterThan(1.9);
    expect(compared({ ...data, halvings: 1 }).p).toBe(compared(third).p);
    for (let purchases = 560; purchases < 680; purchases += 1) {
      const { low, p, verdict } = compared({
        ...one(tally(5000, 500), tally(5000, purchases)),
        halvings: 2,
      });
      expect([verdict, (low ?? 0) > 0]).toEqual(
        p <= 0.05 ? ["better", true] : ["undecided", false],
      );
    }
  });
});

describe("allocations", () => {
  /** Few convert at first, when the canary has 10 %; many later, when it has half. Pooled, it seems to win. */
  const ramp = experiment([
    stratum({ stable: 90, canary: 10 }, { stable: tally(9000, 450), canary: tally(1000, 50) }),
    stratum(even, { stable: tally(5000, 1000), canary: tally(5000, 1000) }),
  ]);

  test("are compared one by one, and rates agree with the difference", () => {
    const { difference, value, controlValue, verdict } = compared(ramp);
    expect(difference).toBeCloseTo(0, 12);
    expect(verdict).toBe("undecided");
    const weights = [900, 2500];
    const rate = (0.05 * (weights[0] ?? 0) + 0.2 * (weights[1] ?? 0)) / 3400;
    expect(value).toBeCloseTo(rate, 12);
    expect(controlValue).toBeCloseTo(rate, 12);
    const [stable, canary] = resultsOf(ramp).goals[0]?.variants ?? [];
    expect([stable, canary]).toMatchObject([
      { conversions: 1450, rate: controlValue },
      { conversions: 1050, rate: value },
    ]);
  });

  test("in which one of the two met nobody tell nothing of their difference", () => {
    const alone = stratum({ stable: 100, canary: 0 }, { stable: tally(50_000, 40_000) });
    const more = experiment([...ramp.strata, alone]);
    expect(compared(more)).toEqual(compared(ramp));
    expect(resultsOf(more).variants).toMatchObject([{ visitors: 64_000 }, { visitors: 6000 }]);
  });

  test("that are a hundred say more than one of them", () => {
    const many = experiment(Array.from({ length: 100 }, () => ramp.strata[1] ?? stratum({}, {})));
    expect(compared(many).difference).toBeCloseTo(0, 12);
    expect(compared(many).detectable).toBeLessThan((compared(ramp).detectable ?? 0) / 5);
  });
});

test("operations stand side by side", () => {
  // Of a hundred requests 80 in the first bucket, 17 in the third, 3 in the sixth.
  const known = {
    stable: { requests: 1000, failures: 5, latency: [800, 0, 170, 0, 0, 30] },
    canary: { requests: 0, failures: 0, latency: [] },
  };
  const told = resultsOf(
    experiment([], { operations: known, variants: ["stable", "canary", "bold"] }),
  );
  const nothing = { requests: 0, failureShare: null, latency: { p50: null, p95: null, p99: null } };
  expect(told.operations).toEqual([
    {
      variant: "stable",
      requests: 1000,
      failureShare: 0.005,
      latency: { p50: 1, p95: 1.15 ** 2, p99: 1.15 ** 5 },
    },
    { variant: "canary", ...nothing },
    { variant: "bold", ...nothing },
  ]);
  expect(resultsOf(experiment([]))).not.toHaveProperty("operations");
});

test("names that every object has are names like others", () => {
  const data = experiment(
    [stratum({ constructor: 1, toString: 1 }, { constructor: tally(5000, 500) })],
    { variants: ["constructor", "toString", "valueOf"], control: "constructor" },
  );
  expect(resultsOf(data).variants).toMatchObject([
    { visitors: 5000 },
    { visitors: 0 },
    { visitors: 0 },
  ]);
  expect(resultsOf(data).strata[0]?.variants[1]).toEqual({
    variant: "toString",
    visitors: 0,
    goals: { purchase: null },
  });
});
