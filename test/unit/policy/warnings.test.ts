import { describe, expect, test } from "vitest";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { blueGreen, guarded as five, ORIGIN, pathMap, single, weighted } from "./judge.ts";

const told = (value: unknown, key?: string) => {
  const parsed = parseValue(value, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return warningsOf(parsed.policy, key);
};
const pathsOf = (value: unknown, key?: string) => told(value, key).map(({ path }) => path);

const match = { method: "GET" };
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

  const below = (key: string, policy: unknown, fields: object = {}) =>
    pathMap({ paths: { [key]: policy }, ...fields });
  const strips = single({ stripPrefix: true });
  const led = single({ rules: [{ name: "x", match, policy: ORIGIN }] });
  const one = [{ name: "only", origin: ORIGIN, weight: 1 }];
  const mirror = { origin: ORIGIN, percent: 50 };
  const group = { name: "autumn", from: 0, to: 50 };

  const all = { match: { path: "/*" }, policy: ORIGIN };
  const behind = (first: object) =>
    single({
      rules: [
        { match: first, policy: ORIGIN },
        { match, policy: ORIGIN },
      ],
    });
  const slow = { url: ORIGIN, timeoutMs: 20_000 };
  const timed = (origin: unknown, fields: object = {}) =>
    single({ origin, timeoutMs: 1000, ...fields });

  test.each<[string, unknown, string[]]>([
    ["for stripPrefix at the root", strips, ["$.stripPrefix"]],
    ["for stripPrefix of a split at the root", five({ stripPrefix: true }), ["$.stripPrefix"]],
    ["for stripPrefix of a default", pathMap({ default: strips }), ["$.default.stripPrefix"]],
    ["for stripPrefix under the root's key", below("/", strips), ['$.paths["/"].stripPrefix']],
    [
      "for stripPrefix of a default further in",
      below("/a", pathMap({ default: strips })),
      ['$.paths["/a"].default.stripPrefix'],
    ],
    [
      "for stripPrefix of a map without keys",
      { strategy: "path-map", default: ORIGIN, paths: {}, stripPrefix: true },
      ["$.stripPrefix"],
    ],
    ["not for stripPrefix under a key", below("/a", strips), []],
    ["not for stripPrefix of a map with keys", below("/a", ORIGIN, { stripPrefix: true }), []],
    [
      "not for stripPrefix of a map under a key",
      below("/a", { strategy: "path-map", default: ORIGIN, paths: {}, stripPrefix: true }),
      [],
    ],
    [
      "not for stripPrefix of a map whose inner map has keys",
      {
        strategy: "path-map",
        paths: {},
        stripPrefix: true,
        default: below("/a", ORIGIN),
      },
      [],
    ],
    [
      "not for stripPrefix behind a rule's prefix",
      single({ rules: [{ name: "x", match: { path: "/x/*" }, policy: strips }] }),
      [],
    ],
    ["not for stripPrefix that is false", single({ stripPrefix: false }), []],
    ["for rescue without another variant", single({ rescue: true }), ["$.rescue"]],
    ["for rescue of a split of one", weighted({ variants: one, rescue: true }), ["$.rescue"]],
    ["not for rescue that is off", single({ rescue: false }), []],
    ["not for rescue of a split", weighted({ rescue: true, assetRescue: true }), []],
    ["for assetRescue without another variant", single({ assetRescue: true }), ["$.assetRescue"]],
    ["for bots of a single", single({ bots: "origin" }), ["$.bots"]],
    ["not for bots that are kept from rules", { ...led, bots: "origin" }, []],
    ["not for bots of a split", five({ bots: "stable" }), []],
    ["for coverage of a single", single({ coverage: 50 }), ["$.coverage"]],
    ["for coverage of a colour", blueGreen({ coverage: 50 }), ["$.coverage"]],
    ["for coverage of a split of one", weighted({ variants: one, coverage: 50 }), ["$.coverage"]],
    ["not for full coverage", single({ coverage: 100 }), []],
    ["for a group of a single", single({ group }), ["$.group"]],
    ["for a group of a colour", blueGreen({ group }), ["$.group"]],
    ["not for coverage and group of splits", five({ coverage: 50, group }), []],
    [
      "not for what a map hands down",
      below("/a", ORIGIN, { coverage: 50, group, bots: "split" }),
      [],
    ],
    ["for consent of a single", single({ consent: { cookie: "ok" } }), ["$.consent"]],
    ["not for consent ahead of rules", { ...led, consent: { cookie: "ok" } }, []],
    ["for stickiness of a single", single({ sticky: { mode: "pin" } }), ["$.sticky"]],
    ["not for stickiness that a mirror asks for", single({ sticky: { by: ["ip"] }, mirror }), []],
    [
      "not for stickiness that an inherited mirror asks for",
      below("/a", single({ sticky: { by: ["ip"] }, salt: "s" }), { mirror }),
      [],
    ],
    ["for a salt of a single", single({ salt: "s" }), ["$.salt"]],
    ["for an epoch of a single", single({ epoch: 2 }), ["$.epoch"]],
    ["for an experiment of a single", single({ experiment: "e" }), ["$.experiment"]],
    ["for pins of a colour", blueGreen({ sticky: { mode: "pin" } }), ["$.sticky.mode"]],
    ["for onZero without pins", weighted({ sticky: { onZero: "evict" } }), ["$.sticky.onZero"]],
    ["not for onZero with pins", weighted({ sticky: { mode: "pin", onZero: "evict" } }), []],
    [
      "for a cookie's settings where there is none",
      weighted({ sticky: { by: ["ip"], cookie: { ttlSeconds: 60 } } }),
      ["$.sticky.cookie"],
    ],
    [
      "for a cut-over to what is active",
      blueGreen({ next: { ...turn, active: "blue" } }),
      ["$.next"],
    ],
    ["not for one to the other colour", blueGreen({ next: turn }), []],
    ["for a rule behind one for every path", behind({ path: "/*" }), ["$.rules[1]"]],
    ["for one behind a list with every path", behind({ path: ["/a", "/*"] }), ["$.rules[1]"]],
    ["for one behind every path's prefix", behind({ path: { prefix: "/" } }), ["$.rules[1]"]],
    ["for one behind a header without a name", behind({ header: {}, query: {} }), ["$.rules[1]"]],
    ["not for one behind a path", behind({ path: "/a/*" }), []],
    ["not for one behind another prefix", behind({ path: { prefix: "/a" } }), []],
    ["not for one behind just the first page", behind({ path: "/" }), []],
    ["not for one behind every path of one method", behind({ path: "/*", method: "GET" }), []],
    ["not for one behind a header", behind({ header: { "x-a": false } }), []],
    ["not for the rule for everything itself", single({ rules: [all] }), []],
    [
      "for each rule behind one for everything, of a map too",
      pathMap({
        rules: ["a", "b", "c"].map((name) => ({ name, match: { path: "/*" }, policy: ORIGIN })),
      }),
      ["$.rules[1]", "$.rules[2]"],
    ],
    ["for a time-out that the origin has itself", timed(slow), ["$.timeoutMs"]],
    ["not for one that the origin has not", timed(ORIGIN), []],
    ["not for one that the fallback has not", timed(slow, { fallback: ORIGIN }), []],
    ["for one that the fallback has too", timed(slow, { fallback: slow }), ["$.timeoutMs"]],
    ["for one that only a mirror could have", timed(slow, { mirror }), ["$.timeoutMs"]],
    [
      "for one that all variants have",
      weighted({
        variants: [
          { name: "a", origin: slow, weight: 1 },
          { name: "b", origin: slow, weight: 1 },
        ],
        timeoutMs: 1000,
      }),
      ["$.timeoutMs"],
    ],
    ["not for one that one variant has not", five({ canary: slow, timeoutMs: 1000 }), []],
    [
      "for a map's that every child has",
      below("/a", single({ origin: slow }), {
        timeoutMs: 1000,
        paths: { "/a": single({ origin: slow }), "/b": timed(ORIGIN) },
      }),
      ["$.timeoutMs"],
    ],
    ["not for a map's that a child has not", below("/a", ORIGIN, { timeoutMs: 1000 }), []],
    [
      "not for a map's that only what a child's rule leads to has not",
      below("/a", single({ origin: slow, rules: [{ name: "x", match, policy: single() }] }), {
        timeoutMs: 1000,
      }),
      [],
    ],
    [
      "not for a child's that an inherited fallback has not",
      below("/a", timed(slow), { fallback: ORIGIN }),
      [],
    ],
    [
      "in a policy that a rule leads to",
      weighted({ rules: [{ name: "x", match, policy: single({ rescue: true }) }] }),
      ["$.rules[0].policy.rescue"],
    ],
  ])("%s: it does nothing there", (_, policy, paths) => {
    expect(pathsOf(policy)).toEqual(paths);
    for (const { message, fix } of told(policy)) {
      expect(message).toContain("does nothing here");
      expect(fix).toMatch(/take (?:"\w+"|it) away/);
    }
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
