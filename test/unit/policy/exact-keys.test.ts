import { describe, expect, test } from "vitest";
import { normalPath } from "../../../src/lib/path.ts";
import { compile } from "../../../src/policy/compile.ts";
import { leavesOf } from "../../../src/policy/leaves.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { branchesOf } from "../../../src/preview/changed-paths.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { decide } from "../../support/decide.ts";
import { issuesOf, pathMap, weighted } from "./judge.ts";

const at = (name: string) => `https://${name}.example.com`;

const policy = pathMap({
  paths: {
    "/x": at("prefix"),
    "=/x": at("exact"),
    "=/x/y": at("below"),
    "=/z/": at("folder"),
    "=/%41%2f": at("encoded"),
    "=/": at("root"),
  },
  default: at("default"),
});

/** Who gets a path as it arrives. */
const reached = (of: unknown, path: string) =>
  decide(ready(of), factsFrom({ path: normalPath(new URL(path, "http://host").pathname) }))?.variant
    .origin.host;

describe("an exact key", () => {
  test.each([
    ["/x", "exact"],
    ["/x/", "prefix"],
    ["/x//", "prefix"],
    ["/x/z", "prefix"],
    ["/x/y", "below"],
    ["/x/y/", "prefix"],
    ["/%78", "exact"],
    ["/a/../x", "exact"],
    ["/X", "default"],
    ["/xx", "default"],
    ["/z", "default"],
    ["/z/", "folder"],
    ["/z/z", "default"],
    ["/A%2F", "encoded"],
    ["/A%2f", "encoded"],
    ["/A/", "default"],
    ["/", "root"],
    ["/a", "default"],
  ])("%s is led to %s", (path, name) => {
    expect(reached(policy, path)).toBe(`${name}.example.com`);
  });

  test("alone leaves every other path without a place", () => {
    const alone = pathMap({ paths: { "=/x": at("exact") } });
    expect([reached(alone, "/x"), reached(alone, "/x/")]).toEqual(["exact.example.com", undefined]);
  });

  test("comes behind the map's own rules", () => {
    const rules = [{ name: "r", match: { path: "/x" }, policy: at("rule") }];
    expect(reached({ ...policy, rules }, "/x")).toBe("rule.example.com");
  });

  test("is taken off like a prefix, a slash at its end staying", () => {
    const paths = { "=/x": at("o"), "=/y/": at("o"), "=/": at("o") };
    const stripped = ready(pathMap({ paths, stripPrefix: true }));
    const seen = (path: string) => {
      const { matchedPrefix, path: sent } = decide(stripped, factsFrom({ path })) ?? {};
      return [matchedPrefix, sent];
    };
    expect(["/x", "/y/", "/"].map(seen)).toEqual([
      ["/x", "/"],
      ["/y", "/"],
      ["", "/"],
    ]);
  });

  test("splits on its own beside the prefix of the same path", () => {
    const paths = { "/x": weighted(), "=/x": weighted(), "=/%79": weighted() };
    const compiled = compile(pathMap({ paths }) as unknown as Policy, "key");
    expect([...leavesOf(compiled)].map(({ salt }) => salt).toSorted()).toEqual([
      "key/x",
      "key=/x",
      "key=/y",
    ]);
  });

  test("is told apart from a prefix where two keys mean the same", () => {
    const [issue] = issuesOf(pathMap({ paths: { "=/a": at("o"), "=/%61": at("o") } }));
    expect(issue?.message).toContain('means the same path as "=/a"');
  });

  test("has a path of its own in previews, and so have its neighbours", () => {
    expect([...branchesOf(policy as unknown as Policy).keys()].toSorted()).toEqual(
      ["/", "/-", "/A%2F", "/x", "/x/", "/x/y", "/z/"].toSorted(),
    );
    for (const [path, host] of [
      ["/x/", "prefix"],
      ["/-", "default"],
    ] as const)
      expect(reached(policy, path)).toBe(`${host}.example.com`);
  });
});
