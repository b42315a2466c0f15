import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_COMPARED_CHARS } from "../../../src/policy/limits.ts";
import { compileCondition, type ConditionInput } from "../../../src/policy/predicates/condition.ts";

const fits = (condition: ConditionInput, value: string): boolean =>
  compileCondition(condition).one(value);

describe("a condition on a long value", () => {
  const longest = "a".repeat(MAX_COMPARED_CHARS);

  test.each<[string, ConditionInput]>([
    ["prefix", { prefix: "a" }],
    ["suffix", { suffix: "a" }],
    ["contains", { contains: "aa" }],
  ])("%s fits up to the limit, and never beyond it", (_, condition) => {
    expect(fits(condition, longest)).toBe(true);
    expect(fits(condition, `${longest}a`)).toBe(false);
    expect(fits({ not: condition }, `${longest}a`)).toBe(true);
  });

  test("that it is there holds however long it is", () => {
    expect(fits(true, `${longest}a`)).toBe(true);
    expect(fits(false, `${longest}a`)).toBe(false);
  });
});

describe("a part of a value", () => {
  test("is found as the engine finds it, in short values and long ones", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.constantFrom(1, 200), (value, part, times) => {
        const long = value.repeat(times);
        const many = part.repeat(Math.min(times, 25));
        expect(fits({ contains: many }, long)).toBe(long.includes(many));
      }),
      { numRuns: 500 },
    );
  });

  // Five hundred such took nine seconds: each repeats all of the part at each place of the value.
  test("costs no more where it nearly fits everywhere", () => {
    const conditions = Array.from({ length: 500 }, (_, index) =>
      compileCondition({ contains: `${"a".repeat(500)}${index}${"a".repeat(500)}` }),
    );
    const value = "a".repeat(MAX_COMPARED_CHARS);
    const start = process.cpuUsage();
    expect(conditions.some((condition) => condition.one(value))).toBe(false);
    const { user } = process.cpuUsage(start);
    expect(user / 1000).toBeLessThan(500);
  });
});
