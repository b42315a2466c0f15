import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diff } from "../../../src/policy/diff.ts";
import { mergePatch } from "../../../src/lib/merge-patch.ts";
import { check } from "../../support/property.ts";
import { policy } from "../../support/policies.ts";

/** RFC 7396, appendix A: original, patch, result. */
const VECTORS: readonly [unknown, unknown, unknown][] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe("a merge patch", () => {
  it.each(VECTORS)("of %j with %j is %j (RFC 7396)", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it("keeps a reserved name as a field, so that it is seen and refused", () => {
    const patch: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
    const merged = mergePatch({}, patch);
    expect(Object.getOwnPropertyNames(merged)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

describe("a diff", () => {
  it("is empty for a policy and itself, and only then, but for the order of fields", () => {
    check(
      fc.property(policy, policy, (a, b) => {
        expect(diff(a, structuredClone(b)).length === 0).toBe(
          JSON.stringify(a) === JSON.stringify(b) || sorted(a) === sorted(b),
        );
        expect(diff(a, structuredClone(a))).toEqual([]);
      }),
    );
  });

  it("mirrors itself", () => {
    check(
      fc.property(policy, policy, (a, b) => {
        const back = diff(b, a)
          .map(({ path }) => path)
          .toSorted();
        expect(
          diff(a, b)
            .map(({ path }) => path)
            .toSorted(),
        ).toEqual(back);
      }),
    );
  });

  it("names variants, and tells additions from removals", () => {
    const from = {
      variants: [
        { name: "a", weight: 1 },
        { name: "b", weight: 2 },
      ],
      percent: 5,
    };
    const to = {
      variants: [
        { name: "b", weight: 3 },
        { name: "c x", weight: 1 },
      ],
      salt: "s",
    };
    expect(diff(from, to)).toEqual([
      { path: "$.variants.a", from: { name: "a", weight: 1 } },
      { path: "$.variants.b.weight", from: 2, to: 3 },
      { path: '$.variants["c x"]', to: { name: "c x", weight: 1 } },
      { path: "$.percent", from: 5 },
      { path: "$.salt", to: "s" },
    ]);
  });

  it("tells a new order of rules, which is a change", () => {
    const [a, b] = [
      { name: "a", variant: "x" },
      { name: "b", variant: "y" },
    ];
    expect(diff([a, b], [b, a])).not.toEqual([]);
    expect(diff([1, 2], [1])).toEqual([{ path: "$[1]", from: 2 }]);
  });
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
