import { describe, expect, test } from "vitest";
import { nearest } from "../../../src/lib/nearest.ts";

const FIELDS = ["strategy", "variants", "salt", "epoch", "sticky", "percent", "timeoutMs", "rules"];

describe("nearest", () => {
  test.each([
    ["wieght", ["name", "origin", "weight"], "weight"],
    ["weigth", ["name", "origin", "weight"], "weight"],
    ["Weight", ["name", "origin", "weight"], "weight"],
    ["STRATEGY", FIELDS, "strategy"],
    ["stratgy", FIELDS, "strategy"],
    ["variant", FIELDS, "variants"],
    ["timeout", FIELDS, "timeoutMs"],
    ["timeoutMS", FIELDS, "timeoutMs"],
    ["percentage", FIELDS, "percent"],
    ["rule", FIELDS, "rules"],
    ["bluegreen", ["single", "blue-green"], "blue-green"],
    ["pathmap", ["single", "path-map"], "path-map"],
  ])("%s means one of %j: %s", (written, known, meant) => {
    expect(nearest(written, known)).toBe(meant);
  });

  test.each([
    ["xyzzy", FIELDS],
    ["", FIELDS],
    ["backends", FIELDS],
    ["bc", ["a"]],
    ["weight", []],
  ])("%j means none of %j", (written, known) => {
    expect(nearest(written, known)).toBeUndefined();
  });

  test("three edits are near, four are not", () => {
    expect(nearest("strateXYZ", ["strategic"])).toBe("strategic");
    expect(nearest("stratWXYZ", ["strategic"])).toBeUndefined();
  });

  test("the nearest of two wins, the first of two as near", () => {
    expect(nearest("pathx", ["paths", "patch"])).toBe("paths");
    expect(nearest("blux", ["blue", "blur"])).toBe("blue");
  });

  test("40 characters are looked at, 41 are not a typing error", () => {
    const long = "a".repeat(40);
    expect(nearest(`${long.slice(1)}b`, [long])).toBe(long);
    expect(nearest(`${long}b`, [long])).toBeUndefined();
  });
});
