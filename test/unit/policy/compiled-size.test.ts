import { describe, expect, test } from "vitest";
import { MAX_VARY_NAMES } from "../../../src/policy/cache-key.ts";
import { compile } from "../../../src/policy/compile.ts";
import { MAX_COMPILED_BYTES } from "../../../src/policy/limits.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { edits, heavy, nodes } from "./large.ts";
import { leafAt } from "./leaf.ts";
import { ORIGIN, pathMap, single } from "./judge.ts";

function compiled(value: unknown) {
  const parsed = parseValue(value, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues[0]));
  return compile(parsed.policy, "key");
}

const fields = (count: number, make: (index: number) => unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, make(index)]));

/** Values in all lists that a value holds, each list once. */
function listed(root: unknown): number {
  const seen = new Set<unknown>();
  const waiting = [root];
  let count = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) count += value.length;
    waiting.push(...(value instanceof Map ? value.values() : Object.values(value)));
  }
  return count;
}

describe("a compiled policy", () => {
  test("shares what its branches inherit, where they have more of their own too", () => {
    const own = { url: ORIGIN, headers: { request: { set: { "x-own": "1" } } } };
    const split = (outer: number) => ({
      strategy: "weighted",
      headers: { request: { set: fields(outer, () => "1") } },
      variants: Array.from({ length: 60 }, (_, i) => ({ name: `v${i}`, origin: own, weight: 1 })),
    });
    const [few, many] = [listed(compiled(split(1)).root), listed(compiled(split(1000)).root)];
    expect(many - few).toBeLessThan(1100);
    const [variant] = leafAt(compiled(split(2))).variants;
    expect(variant.edits.request.map(({ name }) => name)).toEqual(["x-0", "x-1", "x-own"]);
  });

  test("names as many fields in Vary as a cache keeps answers by, and beyond that all of them", () => {
    const rule = (from: number, count: number) => ({
      match: {
        header: Object.fromEntries(
          Object.entries(fields(count, () => true)).map(([name, value]) => [
            `${name}-${from}`,
            value,
          ]),
        ),
      },
      variant: "origin",
    });
    const cache = (last: number) =>
      leafAt(compiled(single({ rules: [rule(0, 40), rule(1, last)] }))).cacheKey;
    expect(cache(MAX_VARY_NAMES - 40)).toMatchObject({ unshareable: false });
    expect(cache(MAX_VARY_NAMES - 40).vary).toHaveLength(MAX_VARY_NAMES);
    expect(cache(MAX_VARY_NAMES - 39)).toEqual({ vary: ["*"], unshareable: true });
  });

  test("says what it takes in memory, which grows with its nodes, their ways and its text", () => {
    const [small, large] = [compiled(nodes(19_001)).size, compiled(nodes(24_000)).size];
    expect(large - small).toBeGreaterThan(4999 * 1000);
    expect(compiled(edits(1000)).size).toBeGreaterThan(2 * JSON.stringify(edits(1000)).length);
    expect(compiled(heavy(MAX_COMPILED_BYTES)).size).toBeGreaterThan(MAX_COMPILED_BYTES);
    expect(compiled(pathMap()).size).toBeLessThan(5000);
  });
});
