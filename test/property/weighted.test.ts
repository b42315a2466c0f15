import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_WEIGHT } from "../../src/policy/limits.ts";
import { check } from "../support/property.ts";
import { ALPHA, binomialBounds, goodnessOfFit } from "../support/statistics.ts";
import { names, salts } from "./arbitraries/text.ts";
import { split, weights, type Named } from "./arbitraries/variants.ts";
import { assign, KINDS, population, ready, tally, weightedOf } from "./population.ts";

/** Visitors per run: a share of one half is then known to about two and a half percentage points at ALPHA. */
const VISITORS = 10_000;

/** Visitors where the property holds for each of them, whatever their number. */
const FEW = 500;

const namesOf = (variants: readonly Named[]) => variants.map(({ name }) => name);
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const weightsOf = (variants: readonly Named[]) => variants.map(({ weight }) => weight);

/** A split and the same one with the weight of one variant changed; both can serve. */
const changes = fc
  .tuple(split, fc.nat(7), weights)
  .map(([before, index, weight]) => {
    const at = index % before.length;
    const after = before.map((one, i) => (i === at ? { ...one, weight } : one));
    return { before, after, changed: before[at]?.name ?? "" };
  })
  .filter(({ after }) => sum(weightsOf(after)) > 0);

/** Of each pair of variants that differ, the two names. */
function moves(before: readonly string[], after: readonly string[]): [string, string][] {
  return before.flatMap((from, index): [string, string][] => {
    const to = after[index] ?? "";
    return from === to ? [] : [[from, to]];
  });
}

describe(`shares (chi-square, alpha ${ALPHA})`, () => {
  test("ask 4, exact weights: 2 to 8 variants get what their weights say, whatever names visitors have", () => {
    check(
      fc.property(split, salts, fc.constantFrom(...KINDS), (variants, salt, kind) => {
        const assigned = assign(ready(weightedOf(variants, salt)), population(VISITORS, kind));
        const counts = tally(namesOf(variants), assigned);
        expect(goodnessOfFit(counts, weightsOf(variants)).p).toBeGreaterThan(ALPHA);
      }),
      { runs: 50 },
    );
  });

  test("a weight of one in ten thousand is neither lost nor rounded up", () => {
    const variants = [
      { name: "rare", weight: MAX_WEIGHT / 10_000 },
      { name: "rest", weight: MAX_WEIGHT - MAX_WEIGHT / 10_000 },
    ];
    const visitors = population(200_000);
    const counts = ["a", "b", "c", "d", "e"].map(
      (salt) => tally(["rare", "rest"], assign(ready(weightedOf(variants, salt)), visitors))[0],
    );
    const { lower, upper } = binomialBounds(5 * visitors.length, 1 / 10_000);
    expect(lower).toBeGreaterThan(40);
    expect(sum(counts.map(Number))).toBeGreaterThanOrEqual(lower);
    expect(sum(counts.map(Number))).toBeLessThanOrEqual(upper);
  });
});

describe("weight 0", () => {
  test("ask 3 and 4: gets nobody, in any position, beside any other weights", () => {
    const withZeros = fc
      .tuple(split, fc.uniqueArray(names, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(8)))
      .map(([variants, zeros, places]) => {
        const positive = variants.filter(({ weight }) => weight > 0);
        const drained = zeros.filter((name) => !namesOf(positive).includes(name));
        for (const [index, name] of drained.entries())
          positive.splice(places[index] ?? 0, 0, { name, weight: 0 });
        return { variants: positive, drained };
      });
    check(
      fc.property(withZeros, salts, ({ variants, drained }, salt) => {
        const assigned = new Set(assign(ready(weightedOf(variants, salt)), population(FEW)));
        expect(drained.filter((name) => assigned.has(name))).toEqual([]);
      }),
    );
  });

  test("ask 3: beside a weight of 1 it gets none of 200 000 visitors, first or last", () => {
    const drained = { name: "drained", weight: 0 };
    const whole = { name: "whole", weight: 1 };
    for (const variants of [
      [drained, whole],
      [whole, drained],
    ]) {
      const assigned = assign(ready(weightedOf(variants, "salt")), population(200_000));
      expect(assigned.includes("drained")).toBe(false);
    }
  });
});

describe("order", () => {
  test("any permutation gives every visitor the same variant", () => {
    const permuted = split.chain((variants) =>
      fc.tuple(
        fc.constant(variants),
        fc.shuffledSubarray(variants, { minLength: variants.length }),
      ),
    );
    check(
      fc.property(permuted, salts, ([variants, shuffled], salt) => {
        const visitors = population(FEW);
        expect(assign(ready(weightedOf(shuffled, salt)), visitors)).toEqual(
          assign(ready(weightedOf(variants, salt)), visitors),
        );
      }),
    );
  });
});

describe("ask 6, no reshuffling", () => {
  test("a changed weight moves visitors into that variant or out of it, and no others", () => {
    check(
      fc.property(changes, salts, ({ before, after, changed }, salt) => {
        const visitors = population(FEW);
        const weightIn = (list: readonly Named[]) =>
          list.find(({ name }) => name === changed)?.weight ?? 0;
        const rises = weightIn(after) > weightIn(before);
        const moved = moves(
          assign(ready(weightedOf(before, salt)), visitors),
          assign(ready(weightedOf(after, salt)), visitors),
        );
        expect(moved.filter(([from, to]) => (rises ? to : from) !== changed)).toEqual([]);
      }),
      { runs: 200 },
    );
  });

  test("an added variant takes visitors from the others, a removed one gives them back, nobody else moves", () => {
    const added = fc
      .tuple(split, names, weights, fc.nat(8))
      .filter(([variants, name]) => !namesOf(variants).includes(name));
    check(
      fc.property(added, salts, ([variants, name, weight, place], salt) => {
        const visitors = population(FEW);
        const more = variants.toSpliced(place, 0, { name, weight });
        const without = assign(ready(weightedOf(variants, salt)), visitors);
        const withIt = assign(ready(weightedOf(more, salt)), visitors);
        expect(moves(without, withIt).filter(([, to]) => to !== name)).toEqual([]);
      }),
      { runs: 200 },
    );
  });

  test("the share that moves is what the change in weights says, from and to each variant", () => {
    check(
      fc.property(changes, salts, ({ before, after, changed }, salt) => {
        const visitors = population(VISITORS);
        const share = (list: readonly Named[]) =>
          (list.find(({ name }) => name === changed)?.weight ?? 0) / sum(weightsOf(list));
        const moved = moves(
          assign(ready(weightedOf(before, salt)), visitors),
          assign(ready(weightedOf(after, salt)), visitors),
        );
        const { lower, upper } = binomialBounds(VISITORS, Math.abs(share(after) - share(before)));
        expect(moved.length).toBeGreaterThanOrEqual(lower);
        expect(moved.length).toBeLessThanOrEqual(upper);

        const others = before.filter(({ name }) => name !== changed);
        const partners = moved.map(([from, to]) => (to === changed ? from : to));
        if (partners.length === 0) return;
        const fit = goodnessOfFit(tally(namesOf(others), partners), weightsOf(others));
        expect(fit.p).toBeGreaterThan(ALPHA);
      }),
      { runs: 30 },
    );
  });

  test("10 to 11 of 100 moves one visitor in a hundred, not ten", () => {
    const of = (weight: number) =>
      ready(
        weightedOf(
          [
            { name: "control", weight: 100 - weight },
            { name: "treatment", weight },
          ],
          "checkout",
        ),
      );
    const visitors = population(50_000);
    // Two weights change at once here, and the sum stays: the share that moves is still the difference.
    const moved = moves(assign(of(10), visitors), assign(of(11), visitors));
    const { lower, upper } = binomialBounds(visitors.length, 0.01);
    expect(moved.length).toBeGreaterThanOrEqual(lower);
    expect(moved.length).toBeLessThanOrEqual(upper);
    expect(new Set(moved.map(([, to]) => to))).toEqual(new Set(["treatment"]));
  });
});
