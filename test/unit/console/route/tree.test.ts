import { describe, expect, test } from "vitest";

import { actionsFor, branchesOf, isSplit } from "../../../../src/console/pages/route/tree.ts";
import type { Policy } from "../../../../src/policy/schema.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";

const canary = (percent: number): Policy => ({ strategy: "canary", stable: A, canary: B, percent });

describe("the tree of a policy", () => {
  test("a policy that is a URL is one branch without anything to turn", () => {
    const [whole, ...others] = branchesOf(A, "shop.example.com");
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ pointer: "", label: "", strategy: "single", kind: "leaf" });
    expect(whole && isSplit(whole)).toBe(false);
    expect(whole && actionsFor(whole)).toEqual([]);
  });

  test("a map stands before its branches, and each knows its pointer and its experiment", () => {
    const policy: Policy = {
      strategy: "path-map",
      paths: { "/store": canary(20), "/a/b": A },
      default: { strategy: "blue-green", blue: A, green: B, active: "blue" },
    };
    const found = branchesOf(policy, "shop.example.com");
    expect(
      found.map(({ pointer, label, strategy, depth }) => [pointer, label, strategy, depth]),
    ).toEqual([
      ["", "", "path-map", 0],
      ["/paths/~1store", "/store", "canary", 1],
      ["/paths/~1a~1b", "/a/b", "single", 1],
      ["/default", "default", "blue-green", 1],
    ]);
    expect(found.map(({ leaf }) => leaf?.experiment)).toEqual([
      undefined,
      "shop.example.com/store",
      "shop.example.com/a/b",
      "shop.example.com/",
    ]);
  });

  test("what rules lead to stands below its split, named or numbered, each with its own leaf", () => {
    const policy: Policy = {
      strategy: "canary",
      stable: A,
      canary: B,
      percent: 20,
      rules: [
        { name: "beta", match: { header: { "x-beta": "1" } }, policy: canary(50) },
        { match: { header: { "x-one": "1" } }, policy: A },
        { match: { header: { "x-two": "1" } }, policy: B },
      ],
    };
    const found = branchesOf(policy, "k.example.com");
    expect(found.map(({ label, pointer }) => [label, pointer])).toEqual([
      ["", ""],
      ["beta", "/rules/0/policy"],
      ["rule 2", "/rules/1/policy"],
      ["rule 3", "/rules/2/policy"],
    ]);
    expect(found.map(({ leaf }) => leaf?.variants[0].origin.host)).toEqual([
      "a.example.com",
      "a.example.com",
      "a.example.com",
      "b.example.com",
    ]);
  });

  test("the actions of a split are those of its strategy, and those for every split", () => {
    const [whole] = branchesOf(canary(5), "k");
    expect(whole && actionsFor(whole)).toEqual([
      "promote",
      "pause",
      "resume",
      "abort",
      "renew",
      "force",
      "unforce",
    ]);
  });
});
