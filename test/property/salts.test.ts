import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/policy/compile.ts";
import type { LeafNode } from "../../src/policy/compiled.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { parse } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";

const ORIGIN = "https://www.example.com";
const RUNS = 2000;

/** Salts that a policy may write, none of which is one by default. */
const WRITTEN = ["one", "two"] as const;

const own = fc.record(
  { salt: fc.constantFrom(...WRITTEN), epoch: fc.constantFrom(1, 2) },
  { requiredKeys: [] },
);

const variants = ["a", "b"].map((name) => ({ name, origin: ORIGIN, weight: 1 }));

const splits = fc.oneof(
  own.map((fields) => ({ strategy: "weighted", variants, ...fields })),
  own.map((fields) => ({
    strategy: "canary",
    stable: ORIGIN,
    canary: ORIGIN,
    percent: 5,
    ...fields,
  })),
);

/** Names of rules, so few and so alike that two ways to a split are often written alike. */
const names = fc.constantFrom("p", "q", "p#q", "q#p", "p/a", "a");
const match = { method: "GET" };

/** Prefixes that add up in more than one way. */
const prefixes = fc.constantFrom("/a", "/b", "/a/b", "/b/a", "/a/a", "/a/a/b", "/");

const node = (deep: boolean): fc.Arbitrary<unknown> => {
  const inner = deep ? node(false) : splits;
  const rules = fc.array(
    fc.record(
      { name: names, match: fc.constant(match), policy: inner },
      { requiredKeys: ["match", "policy"] },
    ),
    { maxLength: 2 },
  );
  const paths = fc.dictionary(prefixes, inner, { minKeys: 1, maxKeys: 3 });
  return fc.oneof(
    splits,
    fc.tuple(splits, rules).map(([split, all]) => ({ ...split, rules: all })),
    fc
      .record(
        { paths, default: inner, rules, salt: fc.constantFrom("map", "one/a") },
        { requiredKeys: ["paths"] },
      )
      .map((fields) => ({ strategy: "path-map", ...fields })),
  );
};

const policies = node(true);

const plain = fc.constantFrom(
  { strategy: "weighted", variants },
  { strategy: "weighted", variants, epoch: 1 },
  { strategy: "weighted", variants, salt: "one" },
);

/** Maps of splits two deep, with nothing wrong but what may be wrong with their salts. */
const maps = fc
  .dictionary(
    fc.constantFrom("/a", "/a/a", "/a/a/b", "/c"),
    fc.oneof(
      plain,
      fc
        .dictionary(fc.constantFrom("/a", "/b", "/a/b"), plain, { minKeys: 2, maxKeys: 3 })
        .map((paths) => ({ strategy: "path-map", paths })),
    ),
    { minKeys: 3, maxKeys: 4 },
  )
  .map((paths) => ({ strategy: "path-map", paths }));

const hasOwn = ({ salt }: LeafNode): boolean =>
  WRITTEN.some((written) => salt.split("@", 1)[0] === written);

/** The splits of a policy. It need not be valid: that is what the properties are about. */
const leavesIn = (policy: unknown): LeafNode[] => [
  ...leavesOf(compile(policy as Parameters<typeof compile>[0], "shop.example.com")),
];

/** Effective salts that several splits have, though not all of them wrote them. */
function shared(all: readonly LeafNode[]): string[] {
  const bySalt = new Map<string, LeafNode[]>();
  for (const leaf of all) bySalt.set(leaf.salt, [...(bySalt.get(leaf.salt) ?? []), leaf]);
  return [...bySalt].flatMap(([salt, leaves]) =>
    leaves.length > 1 && !leaves.every(hasOwn) ? [salt] : [],
  );
}

const isValid = (policy: unknown): boolean =>
  parse(JSON.stringify(policy), { allowPrivateOrigins: false }).ok;

test("no two splits of a valid policy are hashed alike, unless both say so", () => {
  let correlated = 0;
  let several = 0;
  check(
    fc.property(policies, (policy) => {
      if (!isValid(policy)) {
        correlated += 1;
        return;
      }
      const leaves = leavesIn(policy);
      expect(shared(leaves)).toEqual([]);
      if (leaves.length > 2) several += 1;
    }),
    { runs: RUNS },
  );
  expect(correlated).toBeGreaterThan(100);
  expect(several).toBeGreaterThan(100);
});

test("a policy is refused for its salts only where two splits would be hashed alike", () => {
  let refused = 0;
  check(
    fc.property(maps, (policy) => {
      const isAllowed = isValid(policy);
      expect(isAllowed).toBe(shared(leavesIn(policy)).length === 0);
      if (!isAllowed) refused += 1;
    }),
    { runs: RUNS },
  );
  expect(refused).toBeGreaterThan(20);
});
