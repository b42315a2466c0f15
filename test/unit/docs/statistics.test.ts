import { describe, expect, test } from "vitest";
import { isEarned } from "../../../src/stats/guard/earned.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import { sequence } from "../../../src/stats/sequence.ts";
import { CLAIMS } from "../../prove/claims.ts";
import { HEALTHY, MAX_ERROR } from "../../prove/guard/error.ts";
import { CANARIES } from "../../prove/guard/found.ts";
import { LIMITS } from "../../prove/prove.ts";
import { experiment, stratum, tally } from "../stats/experiment.ts";
import { grouped, page, tableOf } from "./markdown.ts";

const statistics = page("docs/statistics.md");

/** `620 of 5 010`. */
function tallied(cell: string) {
  const [purchases = Number.NaN, visitors = Number.NaN] = cell
    .replaceAll(/(\d) (\d)/g, "$1$2")
    .split(" of ")
    .map(Number);
  return tally(visitors, purchases);
}

describe("the verdicts are those of the code:", () => {
  const { rows } = tableOf(statistics, "stable");

  test.each(rows.map(([stable = "", canary = "", verdict = ""]) => ({ stable, canary, verdict })))(
    "$verdict",
    ({ stable, canary, verdict }) => {
      const variants = { stable: tallied(stable), canary: tallied(canary) };
      const data = experiment([stratum({ stable: 50, canary: 50 }, variants)]);
      expect(resultsOf(data).verdict).toBe(verdict);
    },
  );

  test("one of each kind", () => {
    expect(rows.length).toBe(5);
  });
});

test("intervals are as wide as is written", () => {
  const { rows } = tableOf(statistics, "visitors of an even split");
  const width = (visitors: number, variants: number, halvings: number) =>
    sequence({ difference: 0, variance: 1, visitors }, { variants, halvings }).high;
  const computed = [1000, 5000, 20_000, 100_000].map((visitors) => [
    grouped(visitors),
    width(visitors, 2, 0).toFixed(2),
    `× ${(width(visitors, 2, 0) / 1.96).toFixed(2)}`,
    width(visitors, 5, 0).toFixed(2),
    width(visitors, 2, 3).toFixed(2),
  ]);
  expect(rows).toEqual(computed);
});

describe("the table of `npm run prove`", () => {
  const { rows } = tableOf(statistics, "experiment");
  const kept = rows.filter(([name = ""]) => !name.startsWith("naive"));

  test("has a line for each claim", () => {
    expect(rows.map(([name]) => name)).toEqual(CLAIMS.map(({ name }) => name));
  });

  test("keeps to the limits, but for naive versions", () => {
    const limits = [LIMITS.winner, LIMITS.missed, LIMITS.alert];
    for (const [name, ...cells] of kept)
      for (const [at, limit] of limits.entries())
        expect([name, Number.parseFloat(cells[at] ?? "") <= limit * 100]).toEqual([name, true]);
    for (const cells of rows.filter((row) => !kept.includes(row)))
      expect(cells.join(" ")).toContain("% !");
  });
});

describe("the tables of guards", () => {
  const errors = tableOf(statistics, "what").rows;

  test("have a line for each healthy canary, none of them acted on too often", () => {
    expect(errors.slice(0, HEALTHY.length).map(([name]) => name)).toEqual(
      HEALTHY.map(({ name }) => name),
    );
    for (const [name, , acted = ""] of errors)
      expect([name, Number.parseFloat(acted) <= MAX_ERROR * 100]).toEqual([name, true]);
  });

  test("have a line for each bad one, all of them found", () => {
    const { rows } = tableOf(statistics, "canary against control");
    expect(rows.map(([name]) => name)).toEqual(CANARIES.map(({ name }) => name));
    for (const [name, , , never] of rows.slice(0, -1))
      expect([name, never]).toEqual([name, "0.00 %"]);
  });

  test("a step is earned by as many visitors as is written", () => {
    const written = /a step with (\d+) of them, at 2 with (\d+), at 0\.5 with (\d+);/u.exec(
      statistics.text,
    );
    const needed = (maxIncrease: number) => {
      let visitors = 10;
      const isEnough = () => {
        const control = { visitors: 9 * visitors, failed: 0 };
        return isEarned({ minVisitors: 10, maxIncrease, canary: { visitors, failed: 0 }, control });
      };
      while (!isEnough()) visitors += 1;
      return String(visitors);
    };
    expect(written?.slice(1)).toEqual([needed(1), needed(2), needed(0.5)]);
  });
});
