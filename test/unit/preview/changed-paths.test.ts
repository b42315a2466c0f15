import { describe, expect, test } from "vitest";

import { CONDITIONS } from "../../../src/policy/conditions/index.ts";
import { FIELDS } from "../../../src/policy/fields/index.ts";
import { LANGUAGE, makeLanguage } from "../../../src/policy/language.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { pathMap } from "../../../src/policy/strategies/path-map.ts";
import { STRATEGIES } from "../../../src/policy/strategies/index.ts";
import { branchesOf, changedPaths } from "../../../src/preview/changed-paths.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";

const map = (paths: Record<string, unknown>, more: object = {}) =>
  ({ strategy: "path-map", paths, ...more }) as Policy;

describe("the branches of a policy", () => {
  test("are each path that a map leads on, and the paths of maps inside it", () => {
    const inner = map({ "/store/eu": A, "/store/us": B }, { default: A });
    const policy = map({ "/store": inner, "/admin/": A }, { default: B });
    expect([...branchesOf(policy).keys()].toSorted()).toEqual([
      "/",
      "/admin",
      "/store",
      "/store/eu",
      "/store/us",
    ]);
  });

  test("stand behind the prefix that a map above takes off", () => {
    const inner = map({ "/eu": A }, { default: B, stripPrefix: true });
    expect([...branchesOf(map({ "/store": inner })).keys()]).toEqual(["/store/eu", "/store"]);
  });

  test("are those of any strategy that leads on, whatever its name", () => {
    const strategies = { ...STRATEGIES, "site-map": pathMap };
    const language = makeLanguage({
      ...LANGUAGE,
      strategies,
      conditions: CONDITIONS,
      fields: FIELDS,
    });
    const policy = { strategy: "site-map", paths: { "/a": A, "/b": B } } as unknown as Policy;
    expect([...branchesOf(policy, language).keys()]).toEqual(["/a", "/b"]);
  });
});

describe("changed are", () => {
  test("the branches that lead elsewhere, and no others", () => {
    const before = map({ "/a": A, "/b": A }, { default: A });
    expect(changedPaths(before, map({ "/a": A, "/b": B }, { default: A }))).toEqual(["/b"]);
  });

  test("all branches below a map whose own fields change", () => {
    const before = map({ "/a": A, "/b": A });
    expect(changedPaths(before, map({ "/a": A, "/b": A }, { timeoutMs: 5 }))).toEqual(["/a", "/b"]);
  });

  test("none where only the order of prefixes does", () => {
    expect(changedPaths(map({ "/a": A, "/b": B }), map({ "/b": B, "/a": A }))).toEqual([]);
  });

  test("all branches of the one policy where there is no other", () => {
    expect(changedPaths(undefined, map({ "/a": A }))).toEqual(["/a"]);
    expect(changedPaths(map({ "/a": A }), undefined)).toEqual(["/a"]);
  });
});
