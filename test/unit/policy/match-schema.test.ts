import { describe, expect, test } from "vitest";
import { issuesOf, single } from "./judge.ts";

const rule = (match: unknown) => single({ rules: [{ match, variant: "origin" }] });

const CONDITIONS = [
  "yes",
  "",
  ["a", "b"],
  true,
  false,
  { prefix: "a" },
  { suffix: "" },
  { contains: "b" },
];

describe("conditions", () => {
  test.each(["host", "method", "country"])("%s takes every kind", (field) => {
    for (const condition of CONDITIONS) expect(issuesOf(rule({ [field]: condition }))).toEqual([]);
  });

  test.each(["header", "query", "cookie"])(
    "%s takes a condition of every kind per name",
    (field) => {
      for (const condition of CONDITIONS)
        expect(issuesOf(rule({ [field]: { "x-a": condition } }))).toEqual([]);
    },
  );

  test.each<[unknown, string]>([
    [1, "$.rules[0].match.host"],
    [null, "$.rules[0].match.host"],
    [[], "$.rules[0].match.host"],
    [[1], "$.rules[0].match.host[0]"],
    [{}, "$.rules[0].match.host"],
    [{ prefix: "a", suffix: "b" }, "$.rules[0].match.host"],
    [{ prefx: "a" }, "$.rules[0].match.host.prefx"],
    [{ regex: "(" }, "$.rules[0].match.host.regex"],
    [{ prefix: 1 }, "$.rules[0].match.host.prefix"],
  ])("host refuses %j", (condition, path) => {
    expect(issuesOf(rule({ host: condition })).map((issue) => issue.path)).toContain(path);
  });

  test.each<[string, unknown, string]>([
    ["header", { "a b": "1" }, '$.rules[0].match.header["a b"]'],
    ["header", { "x-a": 1 }, '$.rules[0].match.header["x-a"]'],
    ["header", [], "$.rules[0].match.header"],
    ["query", { "": "1" }, '$.rules[0].match.query[""]'],
    ["cookie", "sy=1", "$.rules[0].match.cookie"],
    ["bot", "yes", "$.rules[0].match.bot"],
    ["headers", {}, "$.rules[0].match.headers"],
  ])("%s refuses %j", (field, value, path) => {
    expect(issuesOf(rule({ [field]: value })).map((issue) => issue.path)).toContain(path);
  });
});

describe("paths", () => {
  test.each(["/", "/*", "/x", "/x/", "/x/*", "/é", "/%61", ["/a", "/b/*"]])("%j", (path) => {
    expect(issuesOf(rule({ path }))).toEqual([]);
  });

  test.each([
    "",
    "x",
    "*",
    "/a*",
    "/x/a*",
    "/x*/y",
    "/*/x",
    "/x?y",
    "/x#y",
    "/a b",
    "/a\\b",
    [],
    ["/a", "b"],
    true,
  ])("refuses %j", (path) => {
    expect(issuesOf(rule({ path })).length).toBeGreaterThan(0);
  });
});
