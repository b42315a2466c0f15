import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  MAX_REGEX_CHARS,
  MAX_REGEX_COST,
  MAX_REGEX_COST_TOGETHER,
  MAX_REGEX_VALUE_CHARS,
  MAX_REGEXES_TOGETHER,
  MAX_TEXTS_TOGETHER,
} from "../../../../src/policy/limits.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import { compileCondition } from "../../../../src/policy/predicates/condition.ts";
import { readRegex } from "../../../../src/policy/predicates/regex-read.ts";
import { check } from "../../../support/property.ts";

function costOf(regex: string): number | string {
  const read = readRegex(regex);
  return read.ok ? read.value.cost : (read.error[0] ?? "");
}

describe("what a regular expression costs", () => {
  test.each([
    ["abc", 1],
    ["a*", 512],
    ["a+", 512],
    ["a{9}", 512],
    ["a{2,}", 512],
    ["a{8}", 8],
    ["a{2,4}", 4],
    ["a{0,3}", 4],
    ["a?", 2],
    ["a??", 2],
    ["a|b|c", 3],
    ["(?:a|b)(?:c|d)", 4],
    ["a+b+", 512 * 512],
    [".*a.*", 1],
    [".*(?:a).*", 1],
    [".*|b", 2],
    ["x.*y", 512],
    ["(?:.*)x", 512],
    [String.raw`\.*a`, 512],
    [String.raw`\\.*`, 1],
    ["[a*|(]+", 512],
    [String.raw`[\]a*]`, 1],
    [String.raw`\u{1F600}{2}`, 2],
    [String.raw`\p{L}+`, 512],
    ["(?<name>ab)+", 512],
    ["(?:a+)?", 1024],
  ])("%s: %i", (regex, cost) => {
    expect(costOf(regex)).toBe(cost);
  });
});

describe("what is not in the subset", () => {
  const repeated = "a group that is repeated holds an alternation or a quantifier";
  test.each([
    ["(a*)*", repeated],
    ["(a|b)+", repeated],
    ["(?:a?)+", repeated],
    ["((a?))*", repeated],
    ["((a|b)c){2}", repeated],
    [String.raw`(a)\1`, "it refers back to a group"],
    [String.raw`(?<n>a)\k<n>`, "it refers back to a group"],
    ["(?=a)b", "it looks around"],
    ["(?!a)b", "it looks around"],
    ["(?<=a)b", "it looks around"],
    ["(?<!a)b", "it looks around"],
    ["(", "it is not one (ECMAScript, flag u)"],
    ["a)|(b", "it is not one (ECMAScript, flag u)"],
    ["a{,3}", "it is not one (ECMAScript, flag u)"],
    ["(".repeat(50_000) + ")".repeat(50_000), "it has more than 256 characters"],
  ])("%s", (regex, why) => {
    expect(costOf(regex)).toBe(why);
  });
});

const policyWith = (...regexes: string[]) => ({
  strategy: "canary",
  stable: "https://stable.example",
  canary: "https://canary.example",
  percent: 5,
  rules: regexes.map((regex, index) => ({
    name: `r${index}`,
    match: { header: { "x-a": { regex } } },
    variant: "canary",
  })),
});

function issuesOf(policy: unknown): string[] {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path}: ${message}`);
}

describe("limits", () => {
  test("characters", () => {
    expect(issuesOf(policyWith("a".repeat(MAX_REGEX_CHARS)))).toEqual([]);
    expect(issuesOf(policyWith("a".repeat(MAX_REGEX_CHARS + 1)))).toHaveLength(1);
  });

  test("the cost of one", () => {
    const most = "a+b+(?:c|d)(?:c|d)(?:c|d)(?:c|d)";
    expect(costOf(most)).toBe(MAX_REGEX_COST);
    expect(issuesOf(policyWith(most))).toEqual([]);
    expect(issuesOf(policyWith(`${most}(?:c|d)`))).toEqual([
      expect.stringContaining(`costs ${MAX_REGEX_COST * 2} steps at worst`),
    ]);
  });

  test("the cost of all that one request may meet, and the dearest is named", () => {
    const half = "a+b+(?:c|d)(?:c|d)(?:c|d)";
    const many = Array.from({ length: MAX_REGEX_COST_TOGETHER / (MAX_REGEX_COST / 2) }, () => half);
    expect(issuesOf(policyWith(...many))).toEqual([]);
    const above = issuesOf(policyWith(...many, "a+b+", "x"));
    expect(above).toEqual([
      expect.stringMatching(/^\$\.rules\[0\]\.match: .*the dearest, with 2097152, is "a\+b/),
    ]);
  });

  test.each([
    ["regular expressions", { regex: "a" }, MAX_REGEXES_TOGETHER],
    ['texts to be found ("contains")', { not: { contains: "a" } }, MAX_TEXTS_TOGETHER],
  ])("the number of %s that one request may meet", (what, condition, most) => {
    const rules = (count: number, policy: unknown) => ({
      strategy: "path-map",
      rules: Array.from({ length: count }, (_, index) => ({
        name: `r${index}`,
        match: { header: { "x-a": condition } },
        policy,
      })),
      paths: { "/a": rulesOfOne, "/b": rulesOfOne },
    });
    const rulesOfOne = {
      origin: "https://o.example",
      rules: [{ match: { cookie: { c: condition } }, variant: "origin" }],
    };
    expect(issuesOf(rules(most - 1, "https://o.example"))).toEqual([]);
    expect(issuesOf(rules(most, "https://o.example"))).toEqual([
      `$: one request may meet ${most + 1} ${what} in its rules and goals, of ${most} allowed`,
    ]);
  });

  test("branches of a path-map are not met by one request, a rule's policy and the rules before it are", () => {
    const half = "a+b+(?:c|d)(?:c|d)(?:c|d)";
    const seven = policyWith(...Array.from({ length: 7 }, () => half));
    const paths = { "/a": seven, "/b": seven, "/c": seven };
    expect(issuesOf({ strategy: "path-map", paths })).toEqual([]);
    const rule = { name: "first", match: { path: { regex: half } }, policy: "https://o.example" };
    expect(issuesOf({ strategy: "path-map", rules: [rule], paths })).toEqual([]);
    const twice = [rule, { ...rule, name: "second" }];
    expect(issuesOf({ strategy: "path-map", rules: twice, paths })).toHaveLength(1);
  });
});

describe("a value", () => {
  const fits = (regex: string, value: string) => compileCondition({ regex }).one(value);

  test("fits whole or not at all", () => {
    expect(fits("a|b", "a")).toBe(true);
    expect(fits("a|b", "ab")).toBe(false);
    expect(fits("a", "xa")).toBe(false);
    expect(fits("^a$", "a")).toBe(true);
    expect(fits(".", "\u{1F600}")).toBe(true);
  });

  test("longer than the bound never fits", () => {
    expect(fits(".*", "a".repeat(MAX_REGEX_VALUE_CHARS))).toBe(true);
    expect(fits(".*", "a".repeat(MAX_REGEX_VALUE_CHARS + 1))).toBe(false);
  });

  test("is absent: no regular expression fits, its opposite does", () => {
    expect(compileCondition({ regex: ".*" }).one(undefined)).toBe(false);
    expect(compileCondition({ not: { regex: ".*" } }).one(undefined)).toBe(true);
  });
});

test("reading never throws, and what is read compiles, whatever stands there", () => {
  const piece = fc.constantFrom(
    "a",
    ".",
    "*",
    "+",
    "?",
    "|",
    "(",
    ")",
    "[",
    "]",
    "\\",
    "{2}",
    "{1,}",
    "^",
    "$",
    "(?:",
    "(?=",
    "\\1",
    "-",
    "\u{1F600}",
  );
  check(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const read = readRegex(pieces.join(""));
      if (!read.ok) return;
      expect(read.value.cost).toBeGreaterThanOrEqual(1);
      expect(() => compileCondition({ regex: pieces.join("") }).one("aaaa")).not.toThrow();
    }),
    { runs: 2000 },
  );
});
