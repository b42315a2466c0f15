import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../support/property.ts";
import { ALPHA, binomialBounds } from "../support/statistics.ts";
import { NOW } from "./arbitraries/facts.ts";
import { percents, salts } from "./arbitraries/text.ts";
import { browser } from "./browser.ts";
import { canaryOf, population, ready } from "./population.ts";

const DAY_MS = 86_400_000;

/** Newcomers a day: a share of one half is then known to about four percentage points at ALPHA. */
const NEW_PER_DAY = 1500;

/** Of each day's newcomers these come back on every later day; the others once and never again. */
const LOYAL_PER_DAY = 400;

interface Day {
  readonly percent: number;
  /** Newcomers in the canary. */
  readonly fresh: number;
  /** Visitors of earlier days in the canary, and how many came. */
  readonly back: number;
  readonly returned: number;
  /** Visitors who came back to another variant than last time. */
  readonly flips: number;
}

/** A canary that rises by a step a day, in front of visitors who keep their cookies. */
function simulate(steps: readonly number[], salt: string, mode: "hash" | "pin"): Day[] {
  const ids = population(NEW_PER_DAY * steps.length);
  const regulars: { visitor: ReturnType<typeof browser>; last: string }[] = [];
  return steps.map((percent, day) => {
    const policy = ready(canaryOf(percent, salt, { sticky: { mode } }));
    const now = NOW + day * DAY_MS;
    let [back, flips, fresh] = [0, 0, 0];
    const returned = regulars.length;
    for (const regular of regulars) {
      const { name } = regular.visitor.visit(policy, now).variant;
      if (name === "canary") back += 1;
      if (name !== regular.last) flips += 1;
      regular.last = name;
    }
    for (const [index, id] of ids.slice(day * NEW_PER_DAY, (day + 1) * NEW_PER_DAY).entries()) {
      const visitor = browser(id);
      const { name } = visitor.visit(policy, now).variant;
      if (name === "canary") fresh += 1;
      if (index < LOYAL_PER_DAY) regulars.push({ visitor, last: name });
    }
    return { percent, fresh, back, returned, flips };
  });
}

const ramps = fc
  .array(percents, { minLength: 2, maxLength: 6 })
  .map((steps) => steps.toSorted((a, b) => a - b));

const within = (count: number, trials: number, percent: number): boolean => {
  const { lower, upper } = binomialBounds(trials, percent / 100);
  return count >= lower && count <= upper;
};

describe(`ask 2, a sticky canary does not drift to 100 % (exact binomial bounds, alpha ${ALPHA})`, () => {
  test("hash: each day the canary has its percent of everybody, new or back", () => {
    check(
      fc.property(ramps, salts, (steps, salt) => {
        for (const { percent, fresh, back, returned } of simulate(steps, salt, "hash")) {
          expect(within(fresh + back, NEW_PER_DAY + returned, percent)).toBe(true);
          expect(within(back, returned, percent)).toBe(true);
        }
      }),
      { runs: 15 },
    );
  });

  test("pin: each day newcomers get exactly that day's percent, and nobody who comes back is moved", () => {
    check(
      fc.property(ramps, salts, (steps, salt) => {
        for (const { percent, fresh, flips } of simulate(steps, salt, "pin")) {
          expect(within(fresh, NEW_PER_DAY, percent)).toBe(true);
          expect(flips).toBe(0);
        }
      }),
      { runs: 15 },
    );
  });

  test("pin: on a percent that stays, visitors who come back for two weeks stay at that percent", () => {
    check(
      fc.property(fc.constantFrom(1, 5, 10, 50), salts, (percent, salt) => {
        const days = simulate(
          Array.from({ length: 14 }, () => percent),
          salt,
          "pin",
        );
        for (const { back, returned } of days) expect(within(back, returned, percent)).toBe(true);
      }),
      { runs: 3 },
    );
  });

  test("a canary sent back to 0 keeps its pinned visitors, evicts them on request, and gets nobody new", () => {
    check(
      fc.property(salts, fc.integer({ min: 20, max: 80 }), (salt, percent) => {
        const at = (share: number, onZero: string) =>
          ready(canaryOf(share, salt, { sticky: { mode: "pin", onZero } }));
        const [before, kept, evicting] = [at(percent, "keep"), at(0, "keep"), at(0, "evict")];
        for (const id of population(300)) {
          const visitor = browser(id);
          const first = visitor.visit(before).variant.name;
          expect(visitor.visit(kept).variant.name).toBe(first);
          expect(browser(id).visit(kept).variant.name).toBe("stable");
          expect(visitor.visit(evicting).variant.name).toBe("stable");
          expect(visitor.visit(before).variant.name).toBe("stable");
        }
      }),
      { runs: 10 },
    );
  });
});
