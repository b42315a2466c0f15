import { describe, expect, test } from "vitest";
import { blueGreen, canary, issuesOf, ORIGIN, pathMap, weighted } from "./judge.ts";

const match = { method: "GET" };
const five = canary({ percent: 5 });

describe("two splits of one policy are never hashed alike in silence", () => {
  test.each<[string, unknown, string[]]>([
    [
      "a rule without a name leads to one",
      weighted({ rules: [{ match, policy: five }] }),
      ["$.rules[0].name"],
    ],
    [
      "two rules without a name do",
      pathMap({
        rules: [
          { match, policy: five },
          { match, policy: weighted() },
        ],
      }),
      ["$.rules[0].name", "$.rules[1].name"],
    ],
    [
      "two rules of one name do",
      weighted({
        rules: [
          { name: "p", match, policy: five },
          { name: "p", match, policy: weighted() },
        ],
      }),
      ["$.rules[1].name"],
    ],
    [
      "/a › /a/b and /a/a/b",
      pathMap({
        paths: { "/a": pathMap({ paths: { "/a/b": weighted() } }), "/a/a/b": weighted() },
      }),
      ['$.paths["/a/a/b"]'],
    ],
    [
      "rules p › q and p#q",
      weighted({
        rules: [
          {
            name: "p",
            match,
            policy: weighted({ rules: [{ name: "q", match, policy: five }] }),
          },
          { name: "p#q", match, policy: five },
        ],
      }),
      ["$.rules[1].name"],
    ],
    [
      "a rule behind a prefix, and a prefix behind a rule",
      pathMap({
        rules: [{ name: "x/a#x", match, policy: five }],
        paths: { "/a": weighted({ rules: [{ name: "x", match, policy: five }] }) },
      }),
      [],
    ],
    [
      "a default and the prefix / are one place",
      pathMap({ paths: { "/a": pathMap({ paths: { "/": weighted() } }), "/a/": ORIGIN } }),
      ['$.paths["/a/"]'],
    ],
    [
      "one salt with two epochs is two draws",
      pathMap({
        paths: {
          "/a": weighted({ salt: "s", epoch: 1 }),
          "/b": weighted({ salt: "s", epoch: 2 }),
        },
      }),
      [],
    ],
    [
      "one salt in both is on purpose",
      pathMap({
        paths: {
          "/a": weighted({ salt: "s", epoch: 1 }),
          "/b": canary({ percent: 5, salt: "s", epoch: 1 }),
        },
      }),
      [],
    ],
    [
      "a salt that is written like another with its epoch",
      pathMap({
        paths: { "/a": weighted({ salt: "s@1" }), "/b": weighted({ salt: "s", epoch: 1 }) },
      }),
      ['$.paths["/b"].salt'],
    ],
    [
      "a salt that is written like one by default below a map's",
      pathMap({ salt: "s", paths: { "/a": weighted(), "/b": weighted({ salt: "s/a" }) } }),
      ['$.paths["/b"].salt'],
    ],
    [
      "the salt of a map is not any child's own",
      pathMap({ salt: "s", paths: { "/a": weighted(), "/b": weighted(), "/c": blueGreen() } }),
      [],
    ],
    [
      "a nameless rule to a split that has a salt, and to what does not split",
      weighted({
        rules: [
          { match, policy: canary({ percent: 5, salt: "s" }) },
          { match, policy: ORIGIN },
          { match, variant: "control" },
        ],
      }),
      [],
    ],
  ])("%s", (_, policy, paths) => {
    expect(issuesOf(policy).map(({ path }) => path)).toEqual(paths);
  });

  test("and the message says which other split it is, and what to write", () => {
    const [issue] = issuesOf(
      pathMap({
        paths: { "/a": pathMap({ paths: { "/a/b": weighted() } }), "/a/a/b": weighted() },
      }),
    );
    expect(issue?.message).toContain('$.paths["/a"].paths["/a/b"]');
    expect(issue?.fix).toContain('"salt"');
  });

  test("an experiment is not called like another's salt", () => {
    const policy = pathMap({
      paths: { "/a": weighted({ salt: "prices" }), "/b": weighted({ experiment: "prices" }) },
    });
    expect(issuesOf(policy).map(({ path }) => path)).toEqual(['$.paths["/b"].experiment']);
  });
});
