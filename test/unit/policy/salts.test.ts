import { describe, expect, test } from "vitest";
import { parseValue } from "../../../src/policy/parse.ts";
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

  describe("where the route's key is known", () => {
    const paths = (policy: unknown, key?: string) => {
      const parsed = parseValue(policy, { allowPrivateOrigins: false, key });
      return parsed.ok ? [] : parsed.issues.map(({ path }) => path);
    };
    const spelt = pathMap({ paths: { "/a": weighted(), "/b": weighted({ salt: "shop/a" }) } });

    test("a salt that is written like one by default is refused", () => {
      expect(paths(spelt, "shop")).toEqual(['$.paths["/b"].salt']);
      const ahead = pathMap({ paths: { "/a": weighted({ salt: "shop/b" }), "/b": weighted() } });
      expect(paths(ahead, "shop")).toEqual(['$.paths["/b"]']);
    });

    test("not where the key is another one, or is not known", () => {
      expect(paths(spelt, "store")).toEqual([]);
      expect(paths(spelt)).toEqual([]);
    });

    test("nor below a map with a salt of its own, nor with an epoch of its own", () => {
      expect(paths({ ...spelt, salt: "s" }, "shop")).toEqual([]);
      const epoch = pathMap({
        paths: { "/a": weighted(), "/b": weighted({ salt: "shop/a", epoch: 2 }) },
      });
      expect(paths(epoch, "shop")).toEqual([]);
    });

    test("an experiment that is called like a default salt is refused", () => {
      const named = pathMap({
        paths: { "/a": weighted(), "/b": weighted({ experiment: "shop/a" }) },
      });
      expect(paths(named, "shop")).toEqual(['$.paths["/b"].experiment']);
      expect(paths(named)).toEqual([]);
    });
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
