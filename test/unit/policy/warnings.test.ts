import { describe, expect, test } from "vitest";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { blueGreen, canary, ORIGIN, pathMap, single, weighted } from "./judge.ts";

const told = (value: unknown, key?: string) => {
  const parsed = parseValue(value, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return warningsOf(parsed.policy, key);
};
const pathsOf = (value: unknown, key?: string) => told(value, key).map(({ path }) => path);

const match = { method: "GET" };
const five = (fields: object = {}) => canary({ percent: 5, ...fields });
const turn = { active: "green", at: "2026-12-01T09:00:00Z", drainSeconds: 60 };

test("most policies give no reason to warn", () => {
  for (const policy of [
    ORIGIN,
    single(),
    weighted(),
    five(),
    blueGreen(),
    pathMap(),
    weighted({
      sticky: { by: [{ header: "x-user-id" }, "cookie"], cookie: { domain: "example.com" } },
    }),
  ])
    expect(told(policy, "shop.example.com")).toEqual([]);
});

describe("a warning is given", () => {
  const both = { by: ["cookie", "ip"] };
  test.each<[string, unknown, string[]]>([
    ["where an address names everybody", weighted({ sticky: both }), ["$.sticky.by"]],
    [
      "once, where a path-map hands that down",
      pathMap({ sticky: both, paths: { "/a": weighted(), "/b": five() } }),
      ["$.sticky.by"],
    ],
    ["not where the policy pins", weighted({ sticky: { ...both, mode: "pin" } }), []],
    ["not where a drain gives the cookie", blueGreen({ sticky: both, next: turn }), []],
    ["not where nobody asks who comes", pathMap({ sticky: both, paths: { "/a": ORIGIN } }), []],
    [
      "for a strict cookie",
      weighted({ sticky: { cookie: { sameSite: "strict" } } }),
      ["$.sticky.cookie.sameSite"],
    ],
    [
      "for a partitioned cookie that no frame gets",
      weighted({ sticky: { cookie: { partitioned: true } } }),
      ["$.sticky.cookie.partitioned"],
    ],
    [
      "not for one that frames get",
      weighted({ sticky: { cookie: { partitioned: true, sameSite: "none" } } }),
      [],
    ],
    [
      "for a pin of a rule where nothing pins",
      weighted({ rules: [{ match, variant: "control", pin: true }] }),
      ["$.rules[0].pin"],
    ],
    [
      "for a pin of a rule of a policy that cannot pin",
      blueGreen({ sticky: { mode: "pin" }, rules: [{ match, variant: "blue", pin: true }] }),
      ["$.rules[0].pin"],
    ],
    [
      "for a pin of a rule that leads to a policy",
      weighted({
        sticky: { mode: "pin" },
        rules: [{ name: "a", match, policy: five(), pin: true }],
      }),
      ["$.rules[0].pin"],
    ],
    [
      "not for a pin that pins, by an inherited mode too",
      pathMap({
        sticky: { mode: "pin" },
        paths: { "/a": weighted({ rules: [{ match, variant: "control", pin: true }] }) },
      }),
      [],
    ],
  ])("%s", (_, policy, paths) => {
    expect(pathsOf(policy)).toEqual(paths);
  });

  test.each([
    ["shop.example.com", "example.com", true],
    ["shop.example.com", "shop.example.com", true],
    ["shop.example.com", ".Example.com", true],
    ["shop.example.com", "other.example.com", false],
    ["shop.example.com", "ample.com", false],
    ["*.example.com", "example.com", true],
    ["*.example.com", "shop.example.com", false],
    ["storefrontA", "example.com", true],
    ["*", "example.com", true],
    [undefined, "example.com", true],
  ])("under %s for the domain %s: %s is fine", (key, domain, isFine) => {
    const policy = weighted({ sticky: { cookie: { domain } } });
    expect(pathsOf(policy, key)).toEqual(isFine ? [] : ["$.sticky.cookie.domain"]);
  });

  test("for every experiment of a group whose range overlaps another's", () => {
    const at = (from: number, to: number, name = "autumn") =>
      weighted({ group: { name, from, to } });
    const paths = {
      "/a": at(0, 50),
      "/b": at(50, 100),
      "/c": at(10, 20),
      "/d": at(0, 100, "other"),
      "/e": at(99, 100),
    };
    expect(pathsOf(pathMap({ paths }))).toEqual(['$.paths["/c"]', '$.paths["/e"]']);
    const inherited = pathMap({
      group: { name: "autumn", from: 0, to: 50 },
      paths: { "/a": weighted(), "/b": weighted() },
    });
    expect(pathsOf(inherited)).toEqual(['$.paths["/b"]']);
  });

  test("with what it means and what to write", () => {
    const [warning] = told(weighted({ sticky: { by: ["cookie", "ip"] } }));
    expect(warning?.message).toContain("nobody ever gets a cookie");
    expect(warning?.fix).toContain('"ip"');
  });
});
