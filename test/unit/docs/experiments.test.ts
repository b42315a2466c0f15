import { describe, expect, test } from "vitest";

import type { ExperimentData, VariantTally } from "../../../src/stats/data.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import { Sqlite } from "../../support/sqlite.ts";
import { blocksOf, codeIn, page, tableOf } from "./markdown.ts";

const PAGE = page("docs/experiments.md");

const tally = (visitors: number, conversions: number, more: Partial<VariantTally> = {}) => ({
  visitors,
  failed: 0,
  crossovers: 0,
  goals: { goal: { conversions, sum: conversions, sumOfSquares: conversions, capped: 0 } },
  ...more,
});

/** What is said of a control and a treatment with equal shares. */
function verdict(
  control: VariantTally,
  treatment: VariantTally,
  more: Partial<ExperimentData> = {},
): string {
  const exposed = { control: control.visitors, treatment: treatment.visitors };
  return resultsOf({
    experiment: "x",
    control: "control",
    variants: ["control", "treatment"],
    identity: "lasting",
    drawn: true,
    halvings: 0,
    since: 0,
    now: 1_000_000,
    goals: [{ goal: "goal", unattributed: 0 }],
    apart: { byRule: 0, olderPins: 0, unchecked: 0 },
    strata: [
      {
        allocation: "50/50",
        since: 0,
        shares: { control: 1, treatment: 1 },
        exposed,
        variants: { control, treatment },
      },
    ],
    ...more,
  }).verdict;
}

const VALUES = { goals: [{ goal: "goal", cap: 10, unattributed: 0 }] };

const SAID = [
  verdict(tally(10, 1), tally(10, 1)),
  verdict(tally(5000, 500), tally(5000, 510)),
  verdict(tally(5000, 500), tally(5000, 900)),
  verdict(tally(5000, 900), tally(5000, 500)),
  verdict(tally(5000, 500), tally(5000, 900), VALUES),
  verdict(tally(5000, 900), tally(5000, 500), VALUES),
  verdict(tally(5000, 500), tally(5000, 500, { failed: 900 })),
  verdict(tally(5000, 500), tally(6000, 600)),
  verdict(tally(5000, 500), tally(5420, 536)),
  verdict(tally(5000, 500), tally(5000, 500, { crossovers: 100 })),
  verdict(tally(5000, 500), tally(5000, 500), { identity: "no-key" }),
];

describe("what verdicts mean", () => {
  const phrases = tableOf(PAGE, "begins with").rows.flatMap(([cell = ""]) => codeIn(cell));

  test.each(phrases)("%s is said", (phrase) => {
    const words = phrase.replace("… ", "");
    expect(SAID.filter((sentence) => sentence.includes(words))).not.toEqual([]);
  });

  test("nothing else is said of these", () => {
    expect(phrases).toHaveLength(11);
    for (const sentence of SAID)
      expect(phrases.some((phrase) => sentence.includes(phrase.replace("… ", "")))).toBe(true);
  });
});

test("the query that joins exposures with orders counts who bought nothing too, nobody twice, and allocations apart", () => {
  const [query] = blocksOf(PAGE, "sql");
  const db = new Sqlite();
  db.exec("CREATE TABLE exposures (digest TEXT, experiment TEXT, allocation TEXT, variant TEXT);");
  db.exec("CREATE TABLE orders (digest TEXT);");
  const exposures = [
    ["a", "bold-page", "50/50", "control"],
    ["b", "bold-page", "50/50", "control"],
    ["c", "bold-page", "50/50", "bold"],
    ["e", "bold-page", "0/100", "bold"],
    ["c", "another", "50/50", "bold"],
    ["d", "another", "50/50", "control"],
  ];
  for (const row of exposures) db.exec("INSERT INTO exposures VALUES (?, ?, ?, ?)", ...row);
  for (const digest of ["a", "c", "c", "nobody"]) db.exec("INSERT INTO orders VALUES (?)", digest);
  expect(db.exec(query?.text ?? "").toArray()).toEqual([
    { allocation: "0/100", variant: "bold", visitors: 1, buyers: 0 },
    { allocation: "50/50", variant: "bold", visitors: 1, buyers: 1 },
    { allocation: "50/50", variant: "control", visitors: 2, buyers: 1 },
  ]);
});
