import { expect, test } from "vitest";

import type { ExperimentData } from "../../../src/stats/data.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import type { Standing } from "../../../src/stats/types.ts";
import { DAY_MS, experiment, NOW, stratum, tally } from "./experiment.ts";

const even = { stable: 50, canary: 50 };
const three = { stable: 34, canary: 33, bold: 33 };

const one = (stable: number, canary: number, others: Partial<ExperimentData> = {}) =>
  experiment([stratum(even, { stable: tally(5000, stable), canary: tally(5000, canary) })], others);

const ofThree = (stable: number, canary: number, bold: number) =>
  experiment(
    [
      stratum(three, {
        stable: tally(5000, stable),
        canary: tally(5000, canary),
        bold: tally(5000, bold),
      }),
    ],
    { variants: ["stable", "canary", "bold"] },
  );

const failing = (stable: number, canary: number) =>
  experiment(
    [
      stratum(even, {
        stable: tally(5000, 0, { failed: stable }),
        canary: tally(5000, 0, { failed: canary }),
      }),
    ],
    { goals: [] },
  );

/** Since the first instant of a Wednesday: this many whole days ago. */
const days = (count: number) => ({ since: Math.floor(NOW / DAY_MS) * DAY_MS - count * DAY_MS });

test.each<[what: string, data: ExperimentData, standing: Standing]>([
  ["a winner after two weeks", one(500, 700), "decided"],
  ["a loser after two weeks", one(700, 500), "decided"],
  ["a winner after a whole week", one(500, 700, days(7)), "decided"],
  ["a winner after six days", one(500, 700, days(6)), "ahead"],
  ["nothing sure", one(500, 505), "undecided"],
  ["few conversions", one(5, 5), "too-early"],
  ["nobody", experiment([]), "too-early"],
  ["more failures, without a goal", failing(100, 200), "decided"],
  ["as many failures, without a goal", failing(100, 101), "undecided"],
  ["a winner beside one that is undecided", ofThree(500, 700, 505), "decided"],
  ["a loser beside one that may be better yet", ofThree(700, 500, 705), "undecided"],
  ["two losers", ofThree(700, 500, 490), "decided"],
  [
    "a split that is not what was drawn",
    experiment([stratum(even, { stable: tally(6000, 500), canary: tally(4000, 700) })]),
    "untrusted",
  ],
  ["visitors known by their address", one(500, 700, { identity: "address" }), "impossible"],
  ["no draw", one(500, 700, { drawn: false }), "impossible"],
  [
    "no variant beside the control",
    experiment([stratum({ stable: 100 }, { stable: tally(5000, 500) })], { variants: ["stable"] }),
    "impossible",
  ],
])("%s", (_, data, standing) => {
  expect(resultsOf(data).standing).toBe(standing);
});
