import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { SEED, bucket } from "../../../src/lib/hash.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import { check } from "../../support/property.ts";
import { ALPHA, goodnessOfFit, independence } from "../../support/statistics.ts";
import { numberArbitrary } from "./ramps.ts";
import { compiled, factsOf, visitorId } from "./scene.ts";

/** Enough that every cell of an 8 × 8 table expects some 900. */
const VISITORS = 60_000;

/** Consecutive ids: the hardest a hash is asked for, and what a customer's own numbers look like. */
const ids = Array.from({ length: VISITORS }, (_, number) => String(number));

const sticky = { by: [{ query: "uid" }] };
const variants = [
  { name: "control", origin: "https://one.example.com", weight: 1 },
  { name: "treatment", origin: "https://two.example.com", weight: 1 },
];
const canary = {
  strategy: "canary",
  stable: "https://stable.example.com",
  canary: "https://canary.example.com",
};

const ask = (policy: CompiledPolicy, uid: string) =>
  decide(policy, factsOf({ query: { uid: [uid] } }));

/** One policy per draw, all with the same salt, and the group named like it: the worst case for independence. */
const SALT = "checkout";
const draws: Readonly<Record<string, (uid: string) => boolean>> = (() => {
  const common = { salt: SALT, sticky };
  const coverage = compiled({ strategy: "weighted", variants, ...common, coverage: 40 });
  const group = compiled({
    strategy: "weighted",
    variants,
    ...common,
    group: { name: SALT, from: 30, to: 70 },
  });
  const share = compiled({ ...canary, ...common, percent: 30 });
  const split = compiled({ strategy: "weighted", variants, ...common });
  const mirror = compiled({
    origin: "https://one.example.com",
    ...common,
    mirror: { origin: "https://shadow.example.com", percent: 50 },
  });
  return {
    coverage: (uid) => ask(coverage, uid)?.reason !== "not-covered",
    group: (uid) => ask(group, uid)?.reason !== "not-covered",
    "split of a canary": (uid) => ask(share, uid)?.variant.name === "canary",
    "split by weight": (uid) => ask(split, uid)?.variant.name === "treatment",
    mirror: (uid) => ask(mirror, uid)?.mirrors.length === 1,
  };
})();

const SHARES: Readonly<Record<string, number>> = {
  coverage: 40,
  group: 40,
  "split of a canary": 30,
  "split by weight": 50,
  mirror: 50,
};

const names = Object.keys(draws);
// Both are the split's own draw, over different keys; no policy takes both.
const pairs = names
  .flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const))
  .filter(([one, other]) => !(one.startsWith("split") && other.startsWith("split")));

describe("the draws of a decision", () => {
  const outcomes = new Map(
    names.map((name) => [name, ids.map((id) => draws[name]?.(id) ?? false)]),
  );
  const of = (name: string): readonly boolean[] => outcomes.get(name) ?? [];

  it.each(names)("%s takes its share", (name) => {
    const taken = of(name).filter(Boolean).length;
    const share = SHARES[name] ?? 0;
    expect(goodnessOfFit([taken, VISITORS - taken], [share, 100 - share]).p).toBeGreaterThan(ALPHA);
  });

  it.each(pairs)("%s and %s are independent", (one, other) => {
    const table = [
      [0, 0],
      [0, 0],
    ];
    for (const [index, first] of of(one).entries()) {
      const row = table[Number(first)] ?? [];
      const column = Number(of(other)[index]);
      row[column] = (row[column] ?? 0) + 1;
    }
    expect(independence(table).p).toBeGreaterThan(ALPHA);
  });

  it.each(
    Object.entries(SEED).flatMap(([one, seed], index) =>
      Object.entries(SEED)
        .slice(index + 1)
        .map(([other, second]) => [one, other, seed, second] as const),
    ),
  )("the places of %s and %s are independent in eighths", (_one, _other, seed, second) => {
    const table = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => 0));
    for (const id of ids) {
      const row = table[Math.floor(bucket(seed, SALT, id) * 8)] ?? [];
      const column = Math.floor(bucket(second, SALT, id) * 8);
      row[column] = (row[column] ?? 0) + 1;
    }
    expect(independence(table).p).toBeGreaterThan(ALPHA);
  });
});

const percentArbitrary = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
);

describe("coverage", () => {
  it("raised only ever adds visitors, and moves none of those that were in", () => {
    check(
      fc.property(
        percentArbitrary,
        percentArbitrary,
        fc.array(numberArbitrary, { minLength: 20, maxLength: 20 }),
        (one, other, crowd) => {
          const at = (coverage: number) =>
            compiled({ strategy: "weighted", variants, coverage, sticky });
          const lower = at(Math.min(one, other));
          const higher = at(Math.max(one, other));
          for (const number of crowd) {
            const before = ask(lower, visitorId(number));
            const after = ask(higher, visitorId(number));
            if (before?.reason !== "split") continue;
            expect(after?.reason).toBe("split");
            expect(after?.variant.name).toBe(before.variant.name);
          }
        },
      ),
    );
  });

  it("takes in a visitor from just above their place on, as a warehouse would reckon it", () => {
    check(
      fc.property(numberArbitrary, (number) => {
        const uid = visitorId(number);
        const place = bucket(SEED.coverage, SALT, uid) * 100;
        const at = (coverage: number) =>
          ask(compiled({ strategy: "weighted", variants, coverage, sticky, salt: SALT }), uid);
        expect(at(place)?.reason).toBe("not-covered");
        expect(at(place + 1e-9)?.reason).toBe("split");
      }),
    );
  });

  it("of 0 takes in nobody and of 100 everybody", () => {
    const at = (coverage: number) => compiled({ strategy: "weighted", variants, coverage, sticky });
    check(
      fc.property(numberArbitrary, (number) => {
        const nobody = ask(at(0), visitorId(number));
        expect([nobody?.reason, nobody?.variant.name]).toEqual(["not-covered", "control"]);
        expect(nobody?.counted).toBe(false);
        expect(ask(at(100), visitorId(number))?.reason).toBe("split");
      }),
    );
  });
});

describe("experiments in one group", () => {
  const within = (key: string, from: number, to: number, more: object = {}) =>
    compiled(
      { strategy: "weighted", variants, sticky, group: { name: "checkout", from, to }, ...more },
      key,
    );
  const isIn = (policy: CompiledPolicy, uid: string) => ask(policy, uid)?.reason !== "not-covered";

  it("has the lower edge of a range in it, and the upper one not", () => {
    check(
      fc.property(numberArbitrary, (number) => {
        const uid = visitorId(number);
        const place = bucket(SEED.group, "checkout", uid) * 100;
        expect(isIn(within("shop", 0, place), uid)).toBe(false);
        expect(isIn(within("shop", place, 100), uid)).toBe(true);
        expect(isIn(within("shop", 0, place + 1e-9), uid)).toBe(true);
        expect(isIn(within("shop", place + 1e-9, 100), uid)).toBe(false);
      }),
    );
  });

  it("with disjoint ranges never share a visitor, whatever else differs between them", () => {
    check(
      fc.property(
        fc.uniqueArray(percentArbitrary, { minLength: 4, maxLength: 4 }),
        fc.array(numberArbitrary, { minLength: 30, maxLength: 30 }),
        fc.nat(9),
        (edges, crowd, epoch) => {
          const [a = 0, b = 0, c = 0, d = 0] = edges.toSorted((x, y) => x - y);
          const first = within("shop", a, b, { salt: "one", epoch });
          const second = within("blog", c, d, { coverage: 90 });
          for (const number of crowd) {
            const uid = visitorId(number);
            expect(isIn(first, uid) && isIn(second, uid)).toBe(false);
          }
        },
      ),
    );
  });

  it("with ranges that meet share nobody and leave nobody out", () => {
    check(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.array(numberArbitrary, { minLength: 30, maxLength: 30 }),
        (edge, crowd) => {
          const first = within("shop", 0, edge);
          const second = within("blog", edge, 100);
          for (const number of crowd) {
            const uid = visitorId(number);
            expect(Number(isIn(first, uid)) + Number(isIn(second, uid))).toBe(1);
          }
        },
      ),
    );
  });
});
