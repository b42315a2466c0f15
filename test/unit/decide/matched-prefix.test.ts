import { describe, expect, test } from "vitest";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { decide } from "../../support/decide.ts";
import { ORIGIN, pathMap, single, weighted } from "../policy/judge.ts";

/** By what part of the path a request is led to where it ends, and what of it is taken off. */
function seen(policy: unknown, path: string) {
  const decision = decide(ready(policy), factsFrom({ path }));
  return decision && [decision.matchedPrefix, decision.stripped];
}

const under = (key: string, child: unknown, fields: object = {}) =>
  pathMap({ paths: { [key]: child }, ...fields });
const rule = (path: unknown, policy: unknown) => ({ name: "r", match: { path }, policy });
const strip = { stripPrefix: true };

describe("the matched prefix", () => {
  test.each([
    ["nothing", ORIGIN, "/a/x", ["", ""]],
    ["a key", under("/a", ORIGIN), "/a/x", ["/a", ""]],
    ["a key alone", under("/a", ORIGIN), "/a", ["/a", ""]],
    ["a key with a slash at its end", under("/a/", ORIGIN), "/a/", ["/a", ""]],
    ["a key that is taken off", under("/a", single(strip)), "/a/x", ["/a", "/a"]],
    ["the longest key", pathMap({ paths: { "/a": ORIGIN, "/a/b": ORIGIN } }), "/a/b", ["/a/b", ""]],
    ["a default", pathMap({ paths: { "/a": ORIGIN }, default: ORIGIN }), "/x", ["", ""]],
    ["the root's key", under("/", ORIGIN), "/a/x", ["", ""]],
    ["the inner of two keys", under("/a", under("/a/b", ORIGIN)), "/a/b/c", ["/a/b", ""]],
    [
      "both keys where the outer is taken off",
      under("/a", under("/b", single({ stripPrefix: false }), strip)),
      "/a/b/c",
      ["/a/b", "/a"],
    ],
    [
      "both keys where both are taken off",
      under("/a", under("/b", ORIGIN, strip)),
      "/a/b/c",
      ["/a/b", "/a/b"],
    ],
    [
      "the outer key of an inner default",
      under("/a", pathMap({ paths: {}, default: ORIGIN })),
      "/a/b",
      ["/a", ""],
    ],
    ["a rule's prefix", pathMap({ rules: [rule("/a/*", ORIGIN)] }), "/a/x", ["/a", ""]],
    [
      "the longest of a rule's",
      pathMap({ rules: [rule(["/a/*", "/a/b/*"], ORIGIN)] }),
      "/a/b/c",
      ["/a/b", ""],
    ],
    [
      "a rule's that is taken off",
      pathMap({ rules: [rule("/a/*", single(strip))] }),
      "/a/x",
      ["/a", "/a"],
    ],
    ["a rule of a split", weighted({ rules: [rule("/a/*", ORIGIN)] }), "/a/x", ["/a", ""]],
    [
      "a rule below a key",
      under("/a", weighted({ rules: [rule("/a/b/*", ORIGIN)] })),
      "/a/b/c",
      ["/a/b", ""],
    ],
    [
      "a key in front of a rule for a whole path",
      under("/a", weighted({ rules: [rule("/a/b", ORIGIN)] })),
      "/a/b",
      ["/a", ""],
    ],
    [
      "a rule that asks for no path",
      pathMap({ rules: [{ name: "r", match: { bot: false }, policy: ORIGIN }] }),
      "/a/b",
      ["", ""],
    ],
  ])("is that of %s", (_of, policy, path, expected) => {
    expect(seen(policy, path)).toEqual(expected);
  });

  test("is a rule's to a variant only where nothing led to the policy before", () => {
    const chosen = (path: string) => weighted({ rules: [{ match: { path }, variant: "control" }] });
    expect(seen(chosen("/a/*"), "/a/x")).toEqual(["/a", ""]);
    expect(seen(under("/a", chosen("/a/b/*")), "/a/b/c")).toEqual(["/a", ""]);
  });
});
