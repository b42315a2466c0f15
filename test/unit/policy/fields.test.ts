import { describe, expect, test } from "vitest";
import { COMMON, type Case } from "./common-fields.ts";
import { issuesOf, pathMap, single } from "./judge.ts";
import { OWN } from "./own-fields.ts";

const under = (field: string, place: string) => `$.${field}${place}`;
const good = (table: Readonly<Record<string, Case>>) =>
  Object.entries(table).flatMap(([field, [values]]) =>
    values.map((value) => [field, value] as const),
  );
const bad = (table: Readonly<Record<string, Case>>) =>
  Object.entries(table).flatMap(([field, [, values]]) =>
    values.map(([value, place]) => [field, value, place] as const),
  );

const OWN_CASES = Object.fromEntries(
  Object.entries(OWN).map(([field, [, ...cases]]): [string, Case] => [field, cases]),
);
const build = (field: string, value: unknown) => OWN[field]?.[0](value);

describe("common fields", () => {
  test.each(good(COMMON))("%s takes %j", (field, value) => {
    expect(issuesOf(single({ [field]: value }))).toEqual([]);
  });

  test.each(bad(COMMON))("%s refuses %j, at %j below it", (field, value, place) => {
    const issues = issuesOf(single({ [field]: value }));
    expect(issues.map(({ path }) => path)).toContain(under(field, place));
    for (const { message, fix } of issues) {
      expect(message).toMatch(/^"|^the |^policies /);
      expect(fix).not.toBe("");
    }
  });

  test("the table above leaves none out", () => {
    const [issue] = issuesOf(single({ xyzzyxyzzy: 1 }));
    const known = issue?.fix.replace("remove it; known here: ", "").split(", ") ?? [];
    // A guard needs a split: its cases stand with those of single strategies.
    const told = ["strategy", "origin", "guard", ...Object.keys(COMMON)];
    expect(known.toSorted()).toEqual(told.toSorted());
  });

  test("a path-map has all of them but force, which needs variants", () => {
    const { force: _, bots: __, rules: ___, ...shared } = COMMON;
    for (const [field, value] of good(shared))
      expect(issuesOf(pathMap({ [field]: value }))).toEqual([]);
    expect(issuesOf(pathMap({ bots: "split", rules: [] }))).toEqual([]);
    expect(issuesOf(pathMap({ force: "origin" })).map(({ path }) => path)).toEqual(["$.force"]);
  });
});

describe("fields of one strategy", () => {
  test.each(good(OWN_CASES))("%s takes %j", (field, value) => {
    expect(issuesOf(build(field, value))).toEqual([]);
  });

  test.each(bad(OWN_CASES))("%s refuses %j, at %j below it", (field, value, place) => {
    expect(issuesOf(build(field, value)).map(({ path }) => path)).toContain(under(field, place));
  });
});
