import { describe, expect, test } from "vitest";
import { decide as outcomeOf } from "../../../src/decide/decide.ts";
import { changedPaths } from "../../../src/preview/changed-paths.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { decide } from "../../support/decide.ts";
import { issuesOf, ORIGIN, weighted } from "./judge.ts";

const rule = (path: unknown, policy: unknown) => ({ name: "r", match: { path }, policy });
const mapOf = (...rules: unknown[]) => ({ strategy: "path-map", rules });

describe("a path-map of rules alone", () => {
  const policy = mapOf(rule("/a/*", ORIGIN));

  test("is a policy, and leads where its rules lead", () => {
    expect(issuesOf(policy)).toEqual([]);
    expect(decide(ready(policy), factsFrom({ path: "/a/x" }))?.path).toBe("/a/x");
    expect(outcomeOf(ready(policy), factsFrom({ path: "/b" }))).toMatchObject({ do: "refuse" });
    expect(issuesOf({ ...policy, default: ORIGIN })).toEqual([]);
    expect(issuesOf({ ...policy, paths: {} })).toEqual([]);
  });

  test("is none without rules", () => {
    expect(issuesOf(mapOf()).map(({ path }) => path)).toEqual(["$.paths"]);
    expect(issuesOf({ strategy: "path-map" }).map(({ path }) => path)).toEqual(["$.paths"]);
    expect(issuesOf({ strategy: "path-map", default: ORIGIN }).map(({ path }) => path)).toEqual([
      "$.paths",
    ]);
  });

  test("has a path to preview", () => {
    const before = mapOf(rule("/a/*", ORIGIN)) as never;
    const after = mapOf(rule("/b/*", ORIGIN)) as never;
    expect(changedPaths(before, after)).toEqual(["/"]);
    expect(changedPaths(before, before)).toEqual([]);
  });
});

describe("stripPrefix in a rule's policy", () => {
  const stripped = { origin: ORIGIN, stripPrefix: true };
  const seen = (policy: unknown, path: string) => {
    const decision = decide(ready(policy), factsFrom({ path }));
    return decision && [decision.stripped, decision.path];
  };

  test.each([
    ["/a/*", "/a", ["/a", "/"]],
    ["/a/*", "/a/", ["/a", "/"]],
    ["/a/*", "/a/x/y", ["/a", "/x/y"]],
    ["/%61/*", "/a/x", ["/a", "/x"]],
    [["/a/*", "/a/b/*"], "/a/b/c", ["/a/b", "/c"]],
    [["/exact", "/a/*"], "/exact", ["", "/exact"]],
  ])("takes the prefix of %j off %s", (path, asked, expected) => {
    expect(seen(mapOf(rule(path, stripped)), asked)).toEqual(expected);
    expect(seen(weighted({ rules: [rule(path, stripped)] }), asked)).toEqual(expected);
  });

  test("takes nothing off where it is not said, or said for a path-map's keys", () => {
    expect(seen(mapOf(rule("/a/*", ORIGIN)), "/a/x")).toEqual(["", "/a/x"]);
    expect(seen({ ...mapOf(rule("/a/*", ORIGIN)), stripPrefix: true }, "/a/x")).toEqual([
      "",
      "/a/x",
    ]);
  });

  test("adds up with the prefixes of path-maps inside", () => {
    const inner = {
      strategy: "path-map",
      stripPrefix: true,
      paths: { "/b": { origin: ORIGIN } },
    };
    expect(seen(mapOf(rule("/a/*", inner)), "/a/b/c")).toEqual(["/a/b", "/c"]);
  });

  test.each([{ path: "/a" }, { path: { prefix: "/a" } }, { path: "/*" }, { bot: true }])(
    "is refused where the rule names no prefix: %j",
    (match) => {
      const policy = weighted({ rules: [{ match, policy: stripped }] });
      expect(issuesOf(policy)).toMatchObject([
        { path: "$.rules[0].policy.stripPrefix", fix: expect.stringContaining("/x/*") as string },
      ]);
    },
  );
});
