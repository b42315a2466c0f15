import { describe, expect, test } from "vitest";
import type { ExperimentData, VariantTally } from "../../../src/stats/data.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import { DAY_MS, experiment, NOW, stratum, tally } from "./experiment.ts";

const even = { stable: 50, canary: 50 };
const one = (stable: VariantTally, canary: VariantTally, others: Partial<ExperimentData> = {}) =>
  experiment([stratum(even, { stable, canary })], others);

const sentence = (data: ExperimentData) => resultsOf(data).verdict;

const BETTER = [tally(5000, 500), tally(5010, 620)] as const;
const BETTER_WORDS = "canary converts better: +2.4 points (0.3 to 4.5) in purchase";

/** Visitors who paid so much each, in mean and in mean square half as much again. */
const paid = (visitors: number, conversions: number, value: number): VariantTally => {
  const sum = conversions * value;
  return {
    ...tally(visitors, 0),
    goals: { revenue: { conversions, sum, sumOfSquares: 1.5 * sum * value, capped: 0 } },
  };
};

describe("the verdict", () => {
  test.each<[what: string, data: ExperimentData, words: string]>([
    ["a winner", one(...BETTER), `${BETTER_WORDS}.`],
    [
      "a loser",
      one(tally(5010, 620), tally(5000, 500)),
      "canary converts worse: −2.4 points (−4.5 to −0.3) in purchase.",
    ],
    [
      "nothing sure",
      one(tally(5000, 500), tally(5000, 505)),
      "canary is undecided: +0.1 points (−1.9 to 2.1) in purchase.",
    ],
    [
      "no difference at all",
      one(tally(5000, 500), tally(5000, 500)),
      "canary is undecided: 0.0 points (−2.0 to 2.0) in purchase.",
    ],
    [
      "too few visitors",
      one(tally(500, 15), tally(500, 15)),
      "too early: purchase needs about 334 more visitors.",
    ],
    [
      "no conversions",
      one(tally(500, 0), tally(500, 0)),
      "too early: nothing tells yet how many visitors purchase needs.",
    ],
    ["nobody", experiment([]), "too early: no visitor was exposed yet."],
    [
      "values",
      one(paid(5000, 500, 50), paid(5010, 640, 52), {
        goals: [{ goal: "revenue", cap: 500, unattributed: 0 }],
      }),
      "canary brings more: +1.6 (0.2 to 3.1) a visitor in revenue.",
    ],
    [
      "the first goal, whatever another one says",
      one(...BETTER, {
        goals: [
          { goal: "signup", unattributed: 0 },
          { goal: "purchase", unattributed: 0 },
        ],
      }),
      "too early: nothing tells yet how many visitors signup needs.",
    ],
    [
      "no goal, but failures",
      one(tally(5000, 0, { failed: 100 }), tally(5000, 0, { failed: 200 }), { goals: [] }),
      "no goal is declared; canary fails for more visitors: +2.0 points (0.9 to 3.1).",
    ],
    [
      "a winner that fails more",
      one(tally(5000, 500, { failed: 100 }), tally(5010, 620, { failed: 200 })),
      `${BETTER_WORDS}; canary fails for more visitors: +2.0 points (0.9 to 3.1).`,
    ],
    [
      "a winner that fails less",
      one(tally(5000, 500, { failed: 200 }), tally(5010, 620, { failed: 100 })),
      `${BETTER_WORDS}.`,
    ],
    [
      "several variants, the best first",
      experiment(
        [
          stratum(
            { stable: 1, bold: 1, calm: 1, canary: 1 },
            {
              stable: tally(5000, 500),
              bold: tally(5000, 370),
              calm: tally(5000, 520),
              canary: tally(5000, 640),
            },
          ),
        ],
        { variants: ["stable", "bold", "calm", "canary"] },
      ),
      "canary converts better: +2.8 points (0.5 to 5.1) in purchase; bold converts worse: −2.6 points (−4.7 to −0.5) in purchase; calm is undecided: +0.4 points (−1.8 to 2.6) in purchase.",
    ],
    [
      "one variant only",
      experiment([stratum({ stable: 1 }, { stable: tally(500, 50) })], { variants: ["stable"] }),
      "there is no other variant to compare.",
    ],
  ])("says of %s", (_, data, words) => {
    expect(sentence(data)).toBe(words);
  });

  test.each<[what: string, others: Partial<ExperimentData>, words: RegExp]>([
    ["an address", { identity: "address" }, /^no verdict possible: .* address only/],
    ["`sticky: false`", { identity: "not-sticky" }, /^no verdict possible: .*`sticky` is false/],
    ["no VISITOR_KEY", { identity: "no-key" }, /^no verdict possible: .*VISITOR_KEY/],
    ["no draw", { drawn: false }, /^no verdict possible: no draw/],
  ])("is none with %s", (_, others, words) => {
    expect(sentence(one(...BETTER, others))).toMatch(words);
    expect(sentence(one(...BETTER, others))).not.toContain("better");
  });
});

describe("an uneven split", () => {
  const split = (by: number, crossovers = 0) =>
    one(tally(5000 - by, 500), tally(5000 + by, 750, { crossovers }));

  test("with an alert has no winner, and says why first", () => {
    expect(sentence(split(220))).toBe(
      "no winner: visitors are not split as drawn (stable 4 780 instead of 5 000 and canary 5 220 instead of 5 000, p = 0.00069); find out why first.",
    );
    expect(sentence(split(500, 1000))).toMatch(
      /^no winner: .*p < 0\.0001\); find out why first\.$/,
    );
  });

  test("is told of all exposures, where visitors were dropped from the sample", () => {
    const exposed = { stable: 47_000, canary: 53_000 };
    const halved = experiment(
      [stratum(even, { stable: tally(2350, 230), canary: tally(2650, 250) }, { exposed })],
      { halvings: 4 },
    );
    expect(sentence(halved)).toContain("stable 47 000 instead of 50 000 and canary 53 000");
  });

  test("with a warning is told behind the verdict", () => {
    expect(sentence(split(190))).toMatch(
      /^canary converts better: .*; the split may be uneven \(.*\)\.$/,
    );
    expect(sentence(split(180))).not.toContain("uneven");
  });
});

describe("crossovers", () => {
  const crossed = (crossovers: number) =>
    sentence(one(BETTER[0], tally(5000, 620, { crossovers })));

  test("above 1 % are told first", () => {
    expect(crossed(51)).toMatch(
      /^visitors met more than one variant \(1\.02 % of canary\), which hides differences; canary converts better/,
    );
    expect(crossed(50)).toMatch(/^canary converts better/);
  });
});

describe("a week", () => {
  /** Days are those of the calendar, and the question is asked at noon. */
  const began = (since: number) => sentence(one(...BETTER, { since }));
  const MIDNIGHT = NOW - DAY_MS / 2;

  test.each([
    [MIDNIGHT - 7 * DAY_MS, ""],
    [MIDNIGHT - 7 * DAY_MS + 1, "; 1 more day to a whole week"],
    [MIDNIGHT - 3 * DAY_MS, "; 4 more days to a whole week"],
    [NOW - 1, "; 7 more days to a whole week"],
    [NOW + DAY_MS, "; 7 more days to a whole week"],
  ])("begun at %d is told until it is whole", (since, words) => {
    expect(began(since)).toBe(`${BETTER_WORDS}${words}.`);
  });
});
