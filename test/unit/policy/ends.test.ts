import { describe, expect, test } from "vitest";
import { LANGUAGE } from "../../../src/policy/language.ts";
import { issuesOf, ORIGIN, pathMap, pathsOf, redirect, respond } from "./judge.ts";

describe("a redirect", () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ["status", [301, 302, 303, 307, 308], [300, 304, 200, "301", null]],
    ["scheme", ["http", "https"], ["ftp", "HTTPS", "https:", "", null]],
    [
      "host",
      [
        "www.example.com",
        "WWW.Example.COM",
        "bücher.example",
        "localhost",
        "8.8.8.8",
        "[2606:4700::1111]",
        "a_b.example",
        "x".repeat(253),
      ],
      [
        "",
        "www.example.com:80",
        "https://www.example.com",
        "//www.example.com",
        "www.example.com/x",
        "www.example.com?x",
        "www.example.com#x",
        "user@www.example.com",
        "www.example.com\\x",
        "*.example.com",
        "a b.example",
        "a\r\nb.example",
        "[::1",
        "[::1]:80",
        "x".repeat(254),
        "a<b.example",
        7,
        null,
      ],
    ],
    ["port", [1, 80, 65_535], [0, 65_536, 1.5, "80", null]],
    [
      "path",
      ["/", "/new", "/new/", "/a%2Fb", "/é", "/%7Ex", "/a@b:c"],
      [
        "",
        "new",
        "//evil.example",
        "/\\evil.example",
        "/a//b",
        "/a/../b",
        "/a/%2e%2e/b",
        "/a?x",
        "/a#x",
        "/a b",
        "/a\r\nb",
        "/a%0d%0ab",
        "/x/*",
        "https://evil.example/",
        7,
        null,
      ],
    ],
    ["prefix", ["", "/", "/new", "/new/"], ["new", "//evil.example", "/a?x", "/a/../b", null]],
  ])("%s", (field, good, bad) => {
    const inMap = (value: unknown) =>
      pathMap({ paths: { "/old": redirect({ scheme: "https", [field]: value }) } });
    expect(good.flatMap((value) => issuesOf(inMap(value)))).toEqual([]);
    for (const value of bad)
      expect([value, pathsOf(inMap(value))]).toEqual([value, [`$.paths["/old"].${field}`]]);
  });

  test("has a target, and one that can be told", () => {
    expect(pathsOf(redirect({}))).toEqual(["$"]);
    expect(pathsOf(redirect({ status: 301 }))).toEqual(["$"]);
    expect(pathsOf(redirect({ host: "a.example", path: "/a", prefix: "/b" }))).toEqual([
      "$.prefix",
    ]);
  });
});

describe("a respond policy", () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ["status", [200, 204, 304, 404, 599], [199, 101, 600, 404.5, "404", null, undefined]],
    ["body", ["", "Back at nine.", "<p>é 漢 🎉\r\n\t</p>"], ["\uD800", 7, null, {}]],
    [
      "contentType",
      ["text/html", "text/plain; charset=utf-8", "application/problem+json", 'a/b;c="d e"'],
      ["", "text", "text/", "/html", "text/html\r\nx: y", "text/html; é", "a b/c", null],
    ],
  ])("%s", (field, good, bad) => {
    expect(good.flatMap((value) => issuesOf(respond({ [field]: value })))).toEqual([]);
    for (const value of bad)
      expect([value, pathsOf(respond({ [field]: value }))]).toEqual([value, [`$.${field}`]]);
  });

  test.each([204, 205, 304])("of the status %i has no body", (status) => {
    expect(issuesOf(respond({ status, body: "" }))).toEqual([]);
    expect(pathsOf(respond({ status, body: "x" }))).toEqual(["$.body"]);
  });
});

describe.each([
  ["redirect", redirect({ host: "www.example.com" })],
  ["respond", respond()],
])("of the common fields %s", (_, policy) => {
  const others = LANGUAGE.fieldEntries
    .map(([name]) => name)
    .filter((name) => !LANGUAGE.endFields.some(([one]) => one === name));

  test("carries rules that lead to policies, and header changes of the answer", () => {
    const rules = [{ match: { bot: true }, policy: ORIGIN }];
    const headers = { response: { set: { "x-a": "1" } } };
    expect(issuesOf({ ...policy, rules, headers })).toEqual([]);
    expect(pathsOf({ ...policy, headers: { request: {} } })).toEqual(["$.headers.request"]);
    expect(pathsOf({ ...policy, rules: [{ match: { bot: true }, variant: "origin" }] })).toEqual([
      "$.rules[0].variant",
    ]);
  });

  test.each([...others, "origin", "variants", "default"])("has no %s", (field) => {
    const [issue, ...more] = issuesOf({ ...policy, [field]: false });
    expect([issue?.path, more]).toEqual([`$.${field}`, []]);
    expect(issue?.message).toContain("is not a field of this re");
  });
});

describe("a redirect that leads straight back to itself", () => {
  const map = (paths: object, more: object = {}) => pathMap({ paths, ...more });
  const ruled = (...rules: unknown[]) => ({ strategy: "path-map", rules });
  const led = (path: string, policy: unknown) => ({ match: { path }, policy });

  test.each<[unknown, string]>([
    [redirect({ path: "/x" }), "$.path"],
    [redirect({ prefix: "/x" }), "$.prefix"],
    [redirect({ prefix: "" }), "$.prefix"],
    [map({ "/a": redirect({ path: "/a" }) }), '$.paths["/a"].path'],
    [map({ "/a": redirect({ path: "/%61/" }) }), '$.paths["/a"].path'],
    [map({ "/a": redirect({ path: "/a/b" }) }), '$.paths["/a"].path'],
    [map({ "/a": redirect({ prefix: "/a" }) }), '$.paths["/a"].prefix'],
    [map({ "/a": redirect({ prefix: "/a/b" }) }), '$.paths["/a"].prefix'],
    [map({ "=/a": redirect({ path: "/a" }) }), '$.paths["=/a"].path'],
    [map({ "/a": ORIGIN }, { default: redirect({ path: "/m" }) }), "$.default.path"],
    [
      map({ "/a": map({ "/a/b": redirect({ path: "/a/b/c" }) }) }),
      '$.paths["/a"].paths["/a/b"].path',
    ],
    [ruled(led("/x", redirect({ path: "/x" }))), "$.rules[0].policy.path"],
    [ruled(led("/y", ORIGIN), led("/x/*", redirect({ prefix: "/x" }))), "$.rules[1].policy.prefix"],
  ])("is an error: %j at %s", (policy, path) => {
    expect(pathsOf(policy)).toEqual([path]);
    expect(issuesOf(policy)[0]?.message).toContain("leads straight back to this redirect");
  });

  test.each<[unknown]>([
    [map({ "/a": redirect({ path: "/b" }) })],
    [map({ "/a": redirect({ path: "/ab" }) })],
    [map({ "/a": redirect({ path: "/a", host: "b.example" }) })],
    [map({ "/a": redirect({ path: "/a", port: 8443 }) })],
    [map({ "/a": redirect({ path: "/a", scheme: "https" }) })],
    [map({ "/a": redirect({ prefix: "" }) })],
    [map({ "/a": redirect({ path: "/a/b" }), "/a/b": ORIGIN })],
    [map({ "/a": redirect({ path: "/a/b" }), "=/a/b": ORIGIN })],
    [map({ "=/a": redirect({ path: "/a/" }) })],
    [map({ "/m": ORIGIN }, { default: redirect({ path: "/m" }) })],
    [map({ "/a": map({ "/a/b": redirect({ path: "/a/b/c" }) }), "/a/b/c": ORIGIN })],
    [redirect({ path: "/x", rules: [led("/x", ORIGIN)] })],
    [ruled(led("/m", ORIGIN), led("/*", redirect({ path: "/m" })))],
    [ruled(led("/m/*", respond()), led("/*", redirect({ path: "/m/x" })))],
    // It may set the cookie on which it hangs.
    [ruled({ match: { path: "/x", cookie: { seen: false } }, policy: redirect({ path: "/x" }) })],
    [
      map(
        { "/a": redirect({ path: "/a" }) },
        { rules: [{ match: { method: "GET" }, policy: ORIGIN }] },
      ),
    ],
    [{ origin: ORIGIN, rules: [led("/x", redirect({ path: "/x" }))] }],
    [map({ "/a": map({ "/a/b": redirect({ path: "/a/b" }) }, { stripPrefix: true }) })],
    [map({ "/a": map({ "/a/b": redirect({ path: "/a/b" }) }, { rewrite: { prefix: "" } }) })],
  ])("is none where another policy, or more than the path, decides: %j", (policy) => {
    expect(issuesOf(policy)).toEqual([]);
  });
});
