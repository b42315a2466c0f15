import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MAX_REGEX_COST, MAX_REGEX_VALUE_CHARS } from "../../../../src/policy/limits.ts";
import { fitsWhole } from "../../../../src/policy/predicates/regex-positions.ts";
import { readRegex } from "../../../../src/policy/predicates/regex-read.ts";
import { check } from "../../../support/property.ts";

function read(regex: string) {
  const result = readRegex(regex);
  if (!result.ok) throw new Error(result.error[0]);
  return result.value;
}

function byPositions(regex: string): (value: string) => boolean {
  const { part } = read(regex);
  return (value) => fitsWhole(part, value);
}

/** What the platform's own engine says, by trying choice after choice. */
const backtracking = (regex: string, value: string) =>
  new RegExp(`^(?:${regex})$`, "u").test(value);

describe("as the platform's engine has it", () => {
  test.each([
    ["", [""], ["a"]],
    ["ab", ["ab"], ["", "a", "b", "abb"]],
    ["a|bc|", ["a", "bc", ""], ["b", "abc"]],
    ["(?:a|b)c", ["ac", "bc"], ["c", "a", "abc"]],
    ["(?<name>ab)+", ["ab", "ababab"], ["", "aba"]],
    ["(ab){2,3}", ["abab", "ababab"], ["ab", "abababab"]],
    ["a{2,}", ["aa", "aaaaa"], ["a", "ab"]],
    ["a{0}b", ["b"], ["ab"]],
    ["(a?)?b", ["b", "ab"], ["aab"]],
    ["[a-c]*?x", ["x", "abcx"], ["dx"]],
    ["[^a]", ["b", "\n", "\u{1F600}"], ["a", ""]],
    [".", ["a", "\u{1F600}", "\uD800"], ["\n", "\r", "\u2028", ""]],
    [".*a.*", ["a", "bab"], ["b", "a\n"]],
    [String.raw`\d\D\w\W\s\S`, ["1aa- -", "1a_. -"], ["aaa- -"]],
    [String.raw`\p{Lu}\P{Lu}`, ["Äb", "A1"], ["ab"]],
    [String.raw`\x41\u0042\u{43}\cA\.\/`, ["ABC\u0001./"], ["ABC./"]],
    [String.raw`\ud83d\ude00{2}`, ["\u{1F600}\u{1F600}"], ["\u{1F600}"]],
    ["\u{1F600}?", ["", "\u{1F600}"], ["\uD83D"]],
    ["^a$", ["a"], ["b"]],
    ["a^b", [], ["ab"]],
    [String.raw`\bab\b c\B`, [], ["ab c", "abc"]],
    [String.raw`\bab\b \Bc?`, ["ab "], ["ab c"]],
    ["(?i:aB)c", ["abc", "ABc"], ["abC"]],
    ["(?i:(?-i:a)b)", ["ab", "aB"], ["Ab"]],
    ["(?s:.)", ["\n", "a"], []],
    ["(?m:a$\n^b)", ["a\nb"], ["ab"]],
  ])("%j", (regex, fitting, others) => {
    const fits = byPositions(regex);
    for (const value of [...fitting, ...others]) {
      expect([value, fits(value)]).toEqual([value, fitting.includes(value)]);
      expect([value, backtracking(regex, value)]).toEqual([value, fitting.includes(value)]);
    }
  });

  const PIECES = String.raw`a b . [ab] [^a] \w \b ^ $ | ( ) (?: (?i: * + ? *? {2} {1,3} {0,9} {2,} \u{1F600}`;
  const piece = fc.constantFrom(...PIECES.split(" "));
  const regexes = fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => pieces.join(""))
    .filter((regex) => readRegex(regex).ok && read(regex).steps < 2 ** 20);
  const values = fc
    .array(fc.constantFrom("a", "b", "B", "-", "\n", "\u{1F600}"), { maxLength: 8 })
    .map((points) => points.join(""));

  test("whatever the expression and the value", () => {
    check(
      fc.property(regexes, fc.array(values, { minLength: 4, maxLength: 4 }), (regex, several) => {
        const fits = byPositions(regex);
        for (const value of [...several, ...several])
          expect([regex, value, fits(value)]).toEqual([regex, value, backtracking(regex, value)]);
      }),
      { runs: 2000 },
    );
  });
});

describe("steps of a backtracking engine", () => {
  test.each([
    ["abc", 4],
    ["a*b", 1 + 512 + 512 + 512],
    [".*a", 1 + 512 + 512 + 512],
    ["a.*", 1 + 1 + 1 + 1],
    ["(?:a|b)c", 1 + 1 + 2 + 2 + 2],
  ])("%s: %i", (regex, steps) => {
    expect(read(regex).steps).toBe(steps);
  });
});

describe("what would take a backtracking engine seconds or years", () => {
  /** CPU time of one test (ms), the least of a few: other work on the machine only adds. */
  function leastMs(run: () => void): number {
    const times = Array.from({ length: 5 }, () => {
      const begin = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  }

  test.each([
    `${"a?".repeat(22)}b`,
    `.*(?:${"a?".repeat(21)})b.*`,
    `${"(?:aa|aa)".repeat(22)}b`,
    "a*a*(?:a|a)(?:a|a)(?:a|a)(?:a|a)b",
    "(?:aa)*(?:aa)*b",
    "a{0,511}a{0,511}b",
    `${"[ab]".repeat(60)}.*[^a][^b].*`,
  ])("%s takes a fraction of a millisecond", (regex) => {
    expect(read(regex).cost).toBeLessThanOrEqual(MAX_REGEX_COST);
    const fits = byPositions(regex);
    const value = "a".repeat(MAX_REGEX_VALUE_CHARS);
    expect(leastMs(() => fits(value))).toBeLessThan(5);
  });
});
