import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import type { Decision } from "../../../src/decide/outcome.ts";
import { leavesOf } from "../../../src/policy/leaves.ts";
import { bucket, murmur3, SEED, unit } from "../../../src/lib/hash.ts";
import { canaryOf, ready, visitFacts, weightedOf } from "../../property/population.ts";

/** The contract's version: a change to any vector is a breaking release, and counts it up. */
const VERSION = 1;

const DIRECTORY = new URL("../../vectors/", import.meta.url);

interface File<T> {
  readonly version: number;
  readonly what: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly vectors: readonly T[];
}

const read = <T>(name: string): File<T> =>
  JSON.parse(readFileSync(new URL(`${name}.json`, DIRECTORY), "utf8")) as File<T>;

/** A hash as the files write it. */
const hex = (hash: number) => hash.toString(16).padStart(8, "0");

function serve(policy: unknown, visitor: string): Decision {
  const decision = decide(ready(policy), visitFacts(visitor));
  if (decision === undefined) throw new Error("no prefix matched");
  return decision;
}

interface Draw {
  readonly salt: string;
  readonly visitor: string;
  readonly hash: string;
  readonly u: number;
}

describe("the files", () => {
  // What others made lies in folders, and has tests of its own.
  const files = readdirSync(DIRECTORY)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replace(/\.json$/, ""));

  test("are these", () => {
    expect(files.toSorted()).toEqual([
      "canary",
      "coverage",
      "group",
      "guard",
      "hash",
      "latency",
      "mirror",
      "salts",
      "sequences",
      "siphash",
      "split",
      "srm",
      "visitors",
    ]);
  });

  test.each(files)("%s has this version, and says of each input what it is", (name) => {
    const { version, what, inputs, seed: _seed, ...tables } = read<object>(name);
    expect(version).toBe(VERSION);
    expect(what).not.toBe("");
    let count = 0;
    for (const [table, vectors] of Object.entries(tables)) {
      // A file with several tables describes the inputs of each.
      const described = table === "vectors" ? inputs : Reflect.get(inputs, table);
      for (const vector of vectors)
        expect(Object.keys(vector)).toEqual(Object.keys(described as object));
      count += vectors.length;
    }
    expect(count).toBeGreaterThan(20);
  });
});

describe("salts", () => {
  const { vectors } = read<{
    readonly key: string;
    readonly policy: unknown;
    readonly salts: readonly string[];
  }>("salts");

  test.each(vectors)("$key splits by $salts", ({ key, policy, salts }) => {
    const splits = [...leavesOf(ready(policy, key))].filter(({ definition }) => definition.splits);
    expect(splits.map(({ salt }) => salt).toSorted()).toEqual(salts);
  });
});

describe("hash", () => {
  const { vectors } = read<{
    readonly text: string;
    readonly utf8: string;
    readonly seed: number;
    readonly hash: string;
    readonly source: "published" | "computed";
  }>("hash");

  test.each(vectors)("murmur3($text, $seed) is $hash, $source", ({ text, utf8, seed, hash }) => {
    expect(Buffer.from(new TextEncoder().encode(text)).toString("hex")).toBe(utf8);
    expect(hex(murmur3(text, seed))).toBe(hash);
  });

  test("published ones are among them, and all lengths of the last, broken block", () => {
    expect(vectors.filter(({ source }) => source === "published").length).toBeGreaterThan(10);
    expect(new Set(vectors.map(({ utf8 }) => (utf8.length / 2) % 4))).toEqual(
      new Set([0, 1, 2, 3]),
    );
  });
});

describe("split", () => {
  const { seed, vectors } = read<{
    readonly salt: string;
    readonly visitor: string;
    readonly variants: readonly {
      readonly name: string;
      readonly weight: number;
      readonly hash: string;
      readonly score: number;
    }[];
    readonly variant: string;
  }>("split");

  test("its seed is the split's", () => {
    expect(seed).toBe(SEED.split);
  });

  test.each(vectors)(
    "$visitor under $salt gets $variant",
    ({ salt, visitor, variants, variant }) => {
      for (const { name, weight, hash, score } of variants) {
        const own = murmur3(`${salt}\n${visitor}\n${name}`, SEED.split);
        expect(hex(own)).toBe(hash);
        const computed = weight === 0 ? 0 : -weight / Math.log(unit(own));
        expect(Math.abs(computed - score)).toBeLessThanOrEqual(score * 1e-12);
      }
      expect(serve(weightedOf(variants, salt), visitor).variant.name).toBe(variant);
    },
  );
});

describe("canary", () => {
  const { seed, vectors } = read<Draw & { readonly percent: number; readonly variant: string }>(
    "canary",
  );

  test.each(vectors)("$visitor under $salt at $percent % gets $variant", (vector) => {
    const { salt, visitor, percent, hash, u, variant } = vector;
    expect(seed).toBe(SEED.split);
    expect(hex(murmur3(`${salt}\n${visitor}`, SEED.split))).toBe(hash);
    expect(bucket(SEED.split, salt, visitor)).toBe(u);
    expect(serve(canaryOf(percent, salt), visitor).variant.name).toBe(variant);
  });
});

describe("coverage", () => {
  const { seed, vectors } = read<Draw & { readonly coverage: number; readonly covered: boolean }>(
    "coverage",
  );

  test.each(vectors)("$visitor under $salt at $coverage %: $covered", (vector) => {
    const { salt, visitor, coverage, hash, u, covered } = vector;
    expect(seed).toBe(SEED.coverage);
    expect(hex(murmur3(`${salt}\n${visitor}`, SEED.coverage))).toBe(hash);
    expect(bucket(SEED.coverage, salt, visitor)).toBe(u);
    expect(serve(canaryOf(50, salt, { coverage }), visitor).counted).toBe(covered);
  });
});

describe("group", () => {
  const { seed, vectors } = read<
    Omit<Draw, "salt"> & {
      readonly group: string;
      readonly from: number;
      readonly to: number;
      readonly inside: boolean;
    }
  >("group");

  test.each(vectors)("$visitor in $group from $from to $to: $inside", (vector) => {
    const { group: name, visitor, from, to, hash, u, inside } = vector;
    expect(seed).toBe(SEED.group);
    expect(hex(murmur3(`${name}\n${visitor}`, SEED.group))).toBe(hash);
    expect(bucket(SEED.group, name, visitor)).toBe(u);
    const policy = canaryOf(50, "any salt", { group: { name, from, to } });
    expect(serve(policy, visitor).counted).toBe(inside);
  });
});

describe("mirror", () => {
  const { seed, vectors } = read<Draw & { readonly percent: number; readonly mirrored: boolean }>(
    "mirror",
  );

  test.each(vectors)("$visitor under $salt at $percent %: $mirrored", (vector) => {
    const { salt, visitor, percent, hash, u, mirrored } = vector;
    expect(seed).toBe(SEED.mirror);
    expect(hex(murmur3(`${salt}\n${visitor}`, SEED.mirror))).toBe(hash);
    expect(bucket(SEED.mirror, salt, visitor)).toBe(u);
    const mirror = { origin: "https://shadow.example.com", percent };
    expect(serve(canaryOf(50, salt, { mirror }), visitor).mirrors.length > 0).toBe(mirrored);
  });
});
