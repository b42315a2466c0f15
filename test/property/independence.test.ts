import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../support/decide.ts";
import { check } from "../support/property.ts";
import { ALPHA, binomialBounds, goodnessOfFit, independence } from "../support/statistics.ts";
import { names, salts } from "./arbitraries/text.ts";
import { evenSplit, type Named } from "./arbitraries/variants.ts";
import {
  assign,
  canaryOf,
  crossTally,
  population,
  ready,
  tally,
  visitFacts,
  weightedOf,
} from "./population.ts";

/** Visitors per run: the least cell of a table of two `evenSplit`s then expects 123, and chance makes less than 100 of that in none. */
const VISITORS = 10_000;

const CANARY = ["stable", "canary"];
const namesOf = (variants: readonly Named[]) => variants.map(({ name }) => name);
const yesNo = (flags: readonly boolean[]) => flags.map(String);

/** The chance of a table this uneven if what visitors get in one split says nothing on what they get in the other. */
const independenceP = (
  variants: readonly [readonly string[], readonly string[]],
  assigned: readonly [readonly string[], readonly string[]],
): number => independence(crossTally(variants, assigned)).p;

describe(`ask 5, uncorrelated draws (chi-square on the contingency table, alpha ${ALPHA})`, () => {
  test("two salts of the same split", () => {
    check(
      fc.property(
        evenSplit,
        fc.uniqueArray(salts, { minLength: 2, maxLength: 2 }),
        (variants, [one = "", two = ""]) => {
          const visitors = population(VISITORS);
          expect(
            independenceP(
              [namesOf(variants), namesOf(variants)],
              [
                assign(ready(weightedOf(variants, one)), visitors),
                assign(ready(weightedOf(variants, two)), visitors),
              ],
            ),
          ).toBeGreaterThan(ALPHA);
        },
      ),
      { runs: 12 },
    );
  });

  test("two salts of the same canary", () => {
    const shares = fc.integer({ min: 10, max: 90 });
    const pairs = fc.uniqueArray(salts, { minLength: 2, maxLength: 2 });
    check(
      fc.property(shares, shares, pairs, (percent, other, [one = "", two = ""]) => {
        const visitors = population(VISITORS);
        expect(
          independenceP(
            [CANARY, CANARY],
            [
              assign(ready(canaryOf(percent, one)), visitors),
              assign(ready(canaryOf(other, two)), visitors),
            ],
          ),
        ).toBeGreaterThan(ALPHA);
      }),
      { runs: 10 },
    );
  });

  test("two epochs of the same salt", () => {
    check(
      fc.property(evenSplit, salts, fc.nat(1000), (variants, salt, epoch) => {
        const visitors = population(VISITORS);
        const at = (number: number) =>
          assign(ready(weightedOf(variants, salt, { epoch: number })), visitors);
        expect(
          independenceP([namesOf(variants), namesOf(variants)], [at(epoch), at(epoch + 1)]),
        ).toBeGreaterThan(ALPHA);
      }),
      { runs: 10 },
    );
  });

  test("two experiments on the same visitors: under two keys, and under two prefixes of one key", () => {
    check(
      fc.property(evenSplit, evenSplit, (one, two) => {
        const visitors = population(VISITORS);
        const unsalted = (variants: readonly Named[]) => {
          const { salt: _, ...policy } = weightedOf(variants, "");
          return policy;
        };
        const bothNames = [namesOf(one), namesOf(two)] as const;
        expect(
          independenceP(bothNames, [
            assign(ready(unsalted(one), "shop.example.com"), visitors),
            assign(ready(unsalted(two), "blog.example.com"), visitors),
          ]),
        ).toBeGreaterThan(ALPHA);
        const map = ready({
          strategy: "path-map",
          paths: { "/a": unsalted(one), "/b": unsalted(two) },
        });
        const under = (path: string) =>
          visitors.map(
            (visitor) => decide(map, { ...visitFacts(visitor), path })?.variant.name ?? "",
          );
        expect(independenceP(bothNames, [under("/a"), under("/b")])).toBeGreaterThan(ALPHA);
      }),
      { runs: 10 },
    );
  });

  test("a canary and a weighted split with the same salt", () => {
    check(
      fc.property(evenSplit, salts, fc.integer({ min: 10, max: 90 }), (variants, salt, percent) => {
        const visitors = population(VISITORS);
        expect(
          independenceP(
            [CANARY, namesOf(variants)],
            [
              assign(ready(canaryOf(percent, salt)), visitors),
              assign(ready(weightedOf(variants, salt)), visitors),
            ],
          ),
        ).toBeGreaterThan(ALPHA);
      }),
      { runs: 10 },
    );
  });
});

describe(`ask 5, one seed per purpose under one salt (alpha ${ALPHA})`, () => {
  /** Of a canary whose every draw is in play, what came of each for all visitors. */
  function draws(salt: string): readonly (readonly boolean[])[] {
    const decisions = (fields: object) => {
      const policy = ready(canaryOf(50, salt, { ...fields }));
      return population(VISITORS).map((visitor) => decide(policy, visitFacts(visitor)));
    };
    const mirror = { origin: "https://shadow.example.com", percent: 50 };
    // The group's name is the salt: what tells its draw from the others is the seed alone.
    const group = { name: salt, from: 0, to: 50 };
    return [
      decisions({}).map((one) => one?.variant.name === "canary"),
      decisions({ coverage: 50 }).map((one) => one?.reason === "split"),
      decisions({ group }).map((one) => one?.reason === "split"),
      decisions({ mirror }).map((one) => (one?.mirrors.length ?? 0) > 0),
    ];
  }

  test("split, coverage, group and mirror know nothing of one another", () => {
    check(
      fc.property(names, (salt) => {
        const all = draws(salt);
        for (const [index, one] of all.entries()) {
          for (const other of all.slice(index + 1)) {
            expect(
              independenceP(
                [yesNo([false, true]), yesNo([false, true])],
                [yesNo(one), yesNo(other)],
              ),
            ).toBeGreaterThan(ALPHA);
          }
        }
      }),
      { runs: 5 },
    );
  });

  test("shares fit the weights among the covered too: who is covered does not decide who gets what", () => {
    check(
      fc.property(
        evenSplit,
        salts,
        fc.integer({ min: 20, max: 100 }),
        (variants, salt, coverage) => {
          const policy = ready(weightedOf(variants, salt, { coverage }));
          const covered = population(VISITORS)
            .map((visitor) => decide(policy, visitFacts(visitor)))
            .flatMap((decision) => (decision?.counted === true ? [decision.variant.name] : []));
          const { lower, upper } = binomialBounds(VISITORS, coverage / 100);
          expect(covered.length).toBeGreaterThanOrEqual(lower);
          expect(covered.length).toBeLessThanOrEqual(upper);
          const weights = variants.map(({ weight }) => weight);
          expect(goodnessOfFit(tally(namesOf(variants), covered), weights).p).toBeGreaterThan(
            ALPHA,
          );
        },
      ),
      { runs: 20 },
    );
  });

  test("parts of one group share their visitors out: each is in just one of them", () => {
    check(
      fc.property(salts, salts, fc.integer({ min: 1, max: 99 }), (one, two, border) => {
        const part = (salt: string, from: number, to: number) => {
          const policy = ready(canaryOf(50, salt, { group: { name: "pricing", from, to } }));
          return (visitor: string) => decide(policy, visitFacts(visitor))?.reason === "split";
        };
        const low = part(one, 0, border);
        const high = part(two, border, 100);
        const visitors = population(500);
        expect(visitors.map(low)).toEqual(visitors.map((visitor) => !high(visitor)));
      }),
      { runs: 30 },
    );
  });
});
