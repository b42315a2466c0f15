import { describe, expect, test } from "vitest";
import type { Outcome } from "../../../src/decide/outcome.ts";
import { explain, summarize } from "../../../src/decide/explain.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { changedPaths } from "../../../src/preview/changed-paths.ts";
import { plan } from "../../../src/preview/plan.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { issuesOf, ORIGIN, pathMap, single, weighted } from "./judge.ts";

const NOBODY = { visitor: undefined, now: 0 };

const under = (key: string, child: unknown, fields: object = {}) =>
  pathMap({ paths: { [key]: child }, ...fields });
const rule = (path: unknown, policy: unknown) => ({ name: "r", match: { path }, policy });
const to = (prefix: string) => ({ rewrite: { prefix } });

/** What an origin is asked for, as explanations tell it. */
const asked = (policy: unknown, path: string) =>
  summarize(explain(ready(policy), factsFrom({ path })).outcome, NOBODY)?.path;

function valid(policy: unknown) {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.policy;
}

describe("a prefix stands in place of the one that matched", () => {
  test.each([
    [under("/api", single(to("/v1"))), "/api", "/v1"],
    [under("/api", single(to("/v1"))), "/api/", "/v1/"],
    [under("/api", single(to("/v1"))), "/api/x", "/v1/x"],
    [under("/api", single(to("/v1/"))), "/api/x", "/v1/x"],
    [under("/api", single(to("/%76%31"))), "/api/x", "/v1/x"],
    [under("/api", single(to("/é"))), "/api/x", "/%C3%A9/x"],
    [under("/api", single(to(""))), "/api/x", "/x"],
    [under("/api", single(to("/"))), "/api/x", "/x"],
    [under("/api", single(to(""))), "/api", "/"],
    [under("=/api", single(to("/v1"))), "/api", "/v1"],
    [under("=/api/", single(to("/v1"))), "/api/", "/v1/"],
    [under("/api", ORIGIN, to("/v1")), "/api/x", "/v1/x"],
    [under("/api", single(to("/v2")), to("/v1")), "/api/x", "/v2/x"],
    [under("/a", under("/a/b", single(to("/v1")))), "/a/b/c", "/v1/c"],
    [under("/a", under("/b", single(to("/v1")), { stripPrefix: true })), "/a/b/c", "/v1/c"],
    [under("/a", pathMap({ paths: {}, default: single(to("/v1")) })), "/a/b", "/v1/b"],
    [pathMap({ rules: [rule("/a/*", single(to("/v1")))] }), "/a/b", "/v1/b"],
    [pathMap({ rules: [rule("/a/*", ORIGIN)], ...to("/v1") }), "/a/b", "/v1/b"],
    [weighted({ rules: [rule(["/a/*", "/a/b/*"], single(to("/v1")))] }), "/a/b/c", "/v1/c"],
    [
      single({ ...to("/v1"), rules: [{ match: { path: "/a/*" }, variant: "origin" }] }),
      "/a/b",
      "/v1/b",
    ],
    // Where nothing matched there is nothing to take off.
    [single(to("/v1")), "/x", "/v1/x"],
    [pathMap({ paths: {}, default: single(to("/v1")) }), "/x", "/v1/x"],
    [pathMap({ rules: [rule("/a", single(to("/v1")))] }), "/a", "/v1/a"],
  ])("%j: %s is %s", (policy, path, expected) => {
    expect(issuesOf(policy)).toEqual([]);
    expect(asked(policy, path)).toBe(expected);
  });
});

describe("a path stands in place of the whole", () => {
  test.each([
    [single({ rewrite: { path: "/x" } }), "/a/b", "/x"],
    [single({ rewrite: { path: "/" } }), "/a/b", "/"],
    [single({ rewrite: { path: "/x/" } }), "/", "/x/"],
    [under("/a", single({ rewrite: { path: "/%78" } })), "/a/b", "/x"],
    [under("/a", ORIGIN, { rewrite: { path: "/x" } }), "/a/b", "/x"],
    [under("/a", single({ rewrite: { path: "/x" } }), { stripPrefix: true }), "/a/b", "/x"],
  ])("%j: %s is %s", (policy, path, expected) => {
    expect(issuesOf(policy)).toEqual([]);
    expect(asked(policy, path)).toBe(expected);
  });
});

describe("the nearest to the origin wins", () => {
  const variant = (fields: object, origin: unknown = ORIGIN) =>
    under("/a", {
      strategy: "weighted",
      variants: [{ name: "v", weight: 1, origin, ...fields }],
      ...to("/policy"),
    });

  test.each([
    ["the policy's", variant({}), "/policy/x"],
    ["the variant's", variant(to("/variant")), "/variant/x"],
    ["the origin's", variant(to("/variant"), { url: ORIGIN, ...to("/origin") }), "/origin/x"],
    ["the origin's, that takes off", variant(to("/variant"), { url: ORIGIN, ...to("") }), "/x"],
    ["the origin's of the other kind", variant({}, { url: ORIGIN, rewrite: { path: "/o" } }), "/o"],
  ])("%s", (_whose, policy, expected) => {
    expect(issuesOf(policy)).toEqual([]);
    expect(asked(policy, "/a/x")).toBe(expected);
  });
});

describe("stripPrefix is the same as a rewrite to nothing", () => {
  const strip = { stripPrefix: true };
  test.each([
    under("/a", single(strip)),
    under("/a", ORIGIN, strip),
    under("/a", under("/b", ORIGIN), strip),
    under("/a", under("/b", ORIGIN, strip)),
    under("/a", weighted({ ...strip, rules: [rule("/b/*", single(strip))] })),
    pathMap({ ...strip, rules: [rule("/a/*", ORIGIN)] }),
    pathMap({ rules: [rule("/a/*", single(strip))] }),
    pathMap({ paths: {}, default: single(strip) }),
    single(strip),
  ])("%j", (policy) => {
    const text = JSON.stringify(policy);
    const other: unknown = JSON.parse(
      text.replaceAll('"stripPrefix":true', '"rewrite":{"prefix":""}'),
    );
    for (const path of ["/a", "/a/", "/a/b/c", "/b", "/"]) {
      expect(asked(other, path)).toBe(asked(policy, path));
      const trace = (one: unknown) => explain(ready(one), factsFrom({ path })).outcome;
      expect(partsOf(trace(other))).toEqual(partsOf(trace(policy)));
    }
    const said = (one: unknown) =>
      warningsOf(valid(one)).map(({ path }) => path.replace("stripPrefix", "rewrite"));
    expect(said(other)).toEqual(said(policy));
  });

  const partsOf = (outcome: Outcome) =>
    outcome.do === "forward" ? [outcome.stripped, outcome.matchedPrefix] : [];

  test("so both on one policy are refused, and of two policies the inner one's holds", () => {
    for (const stripPrefix of [true, false])
      for (const place of [single, weighted, (fields: object) => under("/a", ORIGIN, fields)])
        expect(issuesOf(place({ stripPrefix, ...to("/v1") })).map(({ path }) => path)).toEqual([
          "$.rewrite",
        ]);
    expect(asked(under("/a", single(to("/v1")), strip), "/a/x")).toBe("/v1/x");
    expect(asked(under("/a", single(strip), to("/v1")), "/a/x")).toBe("/x");
    expect(asked(under("/a", single({ stripPrefix: false }), to("/v1")), "/a/x")).toBe("/a/x");
    expect(
      asked(under("/a", under("/a/b", ORIGIN, { stripPrefix: false }), to("/v1")), "/a/b"),
    ).toBe("/a/b");
  });

  test.each([{ path: "/a" }, { path: "/*" }, { bot: true }])(
    "so a rule that names no prefix has none to take off: %j",
    (match) => {
      const policy = weighted({ rules: [{ match, policy: single(to("")) }] });
      expect(issuesOf(policy)).toMatchObject([{ path: "$.rules[0].policy.rewrite" }]);
    },
  );
});

describe("a rewrite that has no prefix to stand in place of", () => {
  const warned = (policy: unknown) => warningsOf(valid(policy)).map(({ path }) => path);

  test.each([
    [single(to("/v1")), "$.rewrite.prefix"],
    [weighted(to("/v1")), "$.rewrite.prefix"],
    [pathMap({ default: single(to("/v1")) }), "$.default.rewrite.prefix"],
    [under("/", single(to("/v1"))), '$.paths["/"].rewrite.prefix'],
    [under("=/", single(to("/v1"))), '$.paths["=/"].rewrite.prefix'],
    [pathMap({ rules: [rule("/a", single(to("/v1")))] }), "$.rules[0].policy.rewrite.prefix"],
  ])("is told: %j", (policy, path) => {
    expect(warned(policy)).toEqual([path]);
  });

  test.each([
    [under("/a", single(to("/v1")))],
    [under("=/a", single(to("/v1")))],
    [under("/a", ORIGIN, to("/v1"))],
    [under("/a", pathMap({ default: single(to("/v1")) }))],
    [under("/a", pathMap({ rules: [rule("/a/b", single(to("/v1")))] }))],
    [pathMap({ rules: [rule("/a/*", single(to("/v1")))] })],
    [pathMap({ rules: [rule("/a/*", pathMap({ default: single(to("/v1")) }))] })],
    [single({ ...to("/v1"), rules: [{ match: { path: "/a/*" }, variant: "origin" }] })],
    [single({ rewrite: { path: "/x" } })],
  ])("is not, where it has one: %j", (policy) => {
    expect(warned(policy)).toEqual([]);
  });
});

describe("a preview", () => {
  test("moves visitors to another path of the same origin", () => {
    const [before, after] = [valid(under("/a", ORIGIN)), valid(under("/a", single(to("/v1"))))];
    expect(changedPaths(before, after)).toEqual(["/a"]);
    const { paths } = plan("shop.example.com", before, after, { now: 0, request: undefined });
    expect(paths).toMatchObject([{ path: "/a", moved: paths[0]?.visitors }]);
    expect(paths[0]?.after[0]?.at?.origin).toBe(`${ORIGIN}/v1`);
  });

  test("knows the paths behind a prefix that a rewrite takes off", () => {
    const inner = pathMap({ paths: { "/b": ORIGIN } });
    const [before, after] = [
      valid(under("/a", inner, to(""))),
      valid(under("/a", { ...inner, paths: { "/b": single({ timeoutMs: 5 }) } }, to(""))),
    ];
    expect(changedPaths(before, after)).toEqual(["/a/b"]);
  });
});
