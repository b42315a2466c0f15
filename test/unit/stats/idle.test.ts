import { describe, expect, test } from "vitest";
import { resultsOf } from "../../../src/stats/results.ts";
import { experiment, stratum, tally } from "./experiment.ts";

const even = { stable: 50, canary: 50 };

describe("a variant of weight 0", () => {
  const two = { stable: tally(9000, 900), canary: tally(9000, 1200) };
  const variants = ["stable", "canary", "idle"];
  const idle = stratum({ ...even, idle: 0 }, two);

  test("that nobody was ever drawn for is compared with nobody, and no verdict waits for it", () => {
    const results = resultsOf(experiment([idle], { variants }));
    const told = results.goals[0]?.comparisons.map(({ variant }) => variant);
    expect(told).toEqual(["canary"]);
    expect(results.variants.at(-1)).toMatchObject({ variant: "idle", visitors: 0 });
    expect(results.verdict).not.toContain("idle");
  });

  test("that had its visitors before stays a comparison", () => {
    const before = stratum({ ...even, idle: 50 }, { ...two, idle: tally(9000, 900) });
    const { goals } = resultsOf(experiment([before, idle], { variants }));
    expect(goals[0]?.comparisons.map(({ variant }) => variant)).toEqual(["canary", "idle"]);
  });

  test("is one that visitors may still be drawn for, as long as nobody was met", () => {
    const { goals } = resultsOf(experiment([], { variants }));
    expect(goals[0]?.comparisons.map(({ variant }) => variant)).toEqual(["canary", "idle"]);
  });
});
