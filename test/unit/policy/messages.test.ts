import { describe, expect, test } from "vitest";
import { join, renderIssue } from "../../../src/lib/issue.ts";
import { parse } from "../../../src/policy/parse.ts";
import {
  blueGreen,
  canary,
  issuesOf,
  ORIGIN,
  pathMap,
  pathsOf,
  single,
  weighted,
} from "./judge.ts";

const lines = (value: unknown) => issuesOf(value).map(renderIssue);

describe("an issue names the field, its path, what is wrong and what to write", () => {
  test.each<[unknown, string]>([
    [
      single({ timeoutMs: 0 }),
      '$.timeoutMs: "timeoutMs" must be a whole number from 1 to 100000, not 0; write for example 5000',
    ],
    [
      weighted({ wieghts: 1 }),
      '$.wieghts: "wieghts" is not a field of this weighted policy; remove it; known here: strategy, variants, salt, epoch, experiment, sticky, rules, coverage, group, headers, stripPrefix, rewrite, cors, timeoutMs, totalTimeoutMs, retry, rescue, assetRescue, fallback, mirror, override, bots, consent, cache, visitorHeader, goals, guard, force',
    ],
    [
      single({ timeout: 5 }),
      '$.timeout: "timeout" is not a field of this single policy; did you mean "timeoutMs"? If not, remove it',
    ],
    [
      { strategy: "wieghted" },
      '$.strategy: "strategy" is none of "single", "weighted", "canary", "blue-green", "path-map", "redirect", "respond"; did you mean "weighted"?',
    ],
    [
      { paths: {} },
      '$.strategy: "strategy" is missing: neither "strategy" nor "origin" is there; add "strategy": one of "single", "weighted", "canary", "blue-green", "path-map", "redirect", "respond"',
    ],
    [
      7,
      '$: the policy must be a policy: an origin URL, or an object with "strategy", not 7; write for example "https://www.example.com"',
    ],
    [
      "www.example.com",
      '$: the policy is not an origin: it is not a URL; write it whole, for example "https://www.example.com"',
    ],
    [
      "ftp://files.example.com",
      '$: the policy is not an origin: it has the scheme "ftp"; use https:// or http://',
    ],
    [canary({}), '$: the canary has neither "percent" nor "ramp"; add for example "percent": 5'],
    [
      weighted({ force: "treatmet" }),
      '$.force: "treatmet" is not a variant of this policy; did you mean "treatment"?',
    ],
    [
      weighted({ force: "xyzzy" }),
      '$.force: "xyzzy" is not a variant of this policy; use one of: control, treatment',
    ],
    [
      pathMap({ paths: { "/a": ORIGIN, "/a/": ORIGIN } }),
      '$.paths["/a/"]: "/a/" means the same prefix as "/a"; remove one of them',
    ],
    [
      pathMap({ paths: {} }),
      '$.paths: "paths" maps nothing, and there is no default; add a prefix or "default"',
    ],
    [
      single({ headers: [] }),
      '$.headers: "headers" must be an object (headers field), not Array; write {"request": …}',
    ],
    [
      { origin: { url: ORIGIN, resolve: "https://host.example.com" } },
      '$.origin.resolve: "resolve" must be a host name, without scheme, port and path, and no address, not "https://host.example.com"; write for example "host.example.com"',
    ],
    [single({ constructor: 1 }), '$.constructor: "constructor" is a reserved name; remove it'],
  ])("%j", (value, line) => {
    expect(lines(value)).toContain(line);
  });

  test("on one line, whatever the value holds", () => {
    const [line = ""] = lines(single({ "a\nb\u001Bc": 1 }));
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(lines(single({ salt: "x\u001Fy" }))[0]).toMatch(/; write a short name$/);
  });

  test("text that is not JSON says where, and how an origin is written", () => {
    const parsed = parse('{"strategy": "weighted",}', { allowPrivateOrigins: false });
    expect(parsed.ok ? [] : parsed.issues).toMatchObject([
      {
        path: "$",
        message: expect.stringMatching(/^the policy is not JSON: .*position 24/) as string,
      },
    ]);
    expect(parse(ORIGIN, { allowPrivateOrigins: false })).toMatchObject({ ok: false });
    expect(parse(`"${ORIGIN}"`, { allowPrivateOrigins: false })).toEqual({
      ok: true,
      policy: ORIGIN,
    });
  });
});

describe("issues come all at once", () => {
  test("of shape, of unknown names and between fields, however deep, each place once", () => {
    const wrong = pathMap({
      paths: {
        "/a": weighted({
          variants: [
            { name: "x", origin: "http://10.0.0.1", weight: -1 },
            { name: "x", origin: ORIGIN, weight: 1, colour: "red" },
          ],
          force: "y",
        }),
        "/b": canary({ percent: 5, ramp: { startAt: "soon", steps: [] } }),
        "/c": blueGreen({ active: "red", epoch: 0.5 }),
      },
      strip: true,
    });
    expect(pathsOf(wrong).toSorted()).toEqual(
      [
        '$.paths["/a"].variants[0].weight',
        '$.paths["/a"].variants[0].origin',
        '$.paths["/a"].variants[1].name',
        '$.paths["/a"].variants[1].colour',
        '$.paths["/a"].variants',
        '$.paths["/a"].force',
        '$.paths["/b"].ramp',
        '$.paths["/b"].ramp.startAt',
        '$.paths["/b"].ramp.steps',
        '$.paths["/c"].active',
        '$.paths["/c"].epoch',
        "$.strip",
      ].toSorted(),
    );
  });

  test("and none is told twice", () => {
    const all = lines(weighted({ variants: [{ name: "", origin: "", weight: "1" }], epoch: -1.5 }));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("rules between fields", () => {
  const bot = { bot: true };

  test("a canary has a percent or a ramp, not both", () => {
    const ramp = { startAt: "2026-12-01T09:00:00Z", steps: [{ percent: 1 }] };
    expect(issuesOf(canary({ ramp }))).toEqual([]);
    expect(pathsOf(canary({ percent: 1, ramp }))).toEqual(["$.ramp"]);
    expect(pathsOf(canary({}))).toEqual(["$"]);
  });

  test("a key of / and a default mean the same", () => {
    expect(issuesOf(pathMap({ paths: { "/": ORIGIN } }))).toEqual([]);
    expect(pathsOf(pathMap({ paths: { "/": ORIGIN }, default: ORIGIN }))).toEqual(['$.paths["/"]']);
    expect(issuesOf(pathMap({ paths: {}, default: ORIGIN }))).toEqual([]);
  });

  test("a path-map's rules lead to policies, since it has no variants", () => {
    const rules = (rule: object) => pathMap({ rules: [{ match: bot, ...rule }] });
    expect(issuesOf(rules({ policy: ORIGIN }))).toEqual([]);
    expect(pathsOf(rules({ variant: "a" }))).toEqual(["$.rules[0].variant"]);
  });

  test("bots handed down by a path-map names a variant of each split below, but for those with their own", () => {
    const children = { "/a": canary(), "/b": single(), "/c": ORIGIN };
    expect(issuesOf(pathMap({ bots: "stable", paths: children }))).toEqual([]);
    expect(pathsOf(pathMap({ bots: "stable", paths: { ...children, "/d": weighted() } }))).toEqual([
      "$.bots",
    ]);
    const own = { ...children, "/d": weighted({ bots: "control" }) };
    expect(issuesOf(pathMap({ bots: "stable", paths: own }))).toEqual([]);
    expect(issuesOf(pathMap({ bots: "split", paths: { "/d": weighted() } }))).toEqual([]);
  });

  test("bots of a split does not concern the policies its rules lead to", () => {
    const policy = weighted();
    expect(
      issuesOf(
        canary({ percent: 5, bots: "stable", rules: [{ name: "bots", match: bot, policy }] }),
      ),
    ).toEqual([]);
    expect(
      pathsOf(
        pathMap({
          bots: "stable",
          paths: { "/a": canary({ percent: 5, rules: [{ name: "bots", match: bot, policy }] }) },
        }),
      ),
    ).toEqual(["$.bots"]);
  });

  test("a rule and force name variants by each strategy's own names", () => {
    for (const [make, name] of [
      [single, "origin"],
      [weighted, "treatment"],
      [blueGreen, "green"],
    ] as const) {
      expect(
        issuesOf(make({ force: name, bots: name, rules: [{ match: bot, variant: name }] })),
      ).toEqual([]);
      expect(pathsOf(make({ force: "canary" }))).toEqual(["$.force"]);
    }
    expect(issuesOf(canary({ percent: 5, force: "canary" }))).toEqual([]);
  });

  test("header names are one name in every case", () => {
    const set = { "x-a": "1", "X-A": "2" };
    const at = "$.headers.request";
    expect(pathsOf(single({ headers: { request: { set } } }))).toEqual([`${at}.set["X-A"]`]);
    expect(pathsOf(single({ headers: { request: { add: set } } }))).toEqual([`${at}.add["X-A"]`]);
    expect(
      issuesOf(single({ headers: { request: { set: { "x-a": "1" }, add: { "X-A": "2" } } } })),
    ).toEqual([]);
  });
});

describe("join", () => {
  test.each([
    ["$", "variants", "$.variants"],
    ["$", 0, "$[0]"],
    ["$.a", "/admin", '$.a["/admin"]'],
    ["$", 'say "x"', '$["say \\"x\\""]'],
    ["$", "a-b", '$["a-b"]'],
    ["$", "", '$[""]'],
  ])("%s and %j is %s", (path, step, joined) => {
    expect(join(path, step)).toBe(joined);
  });
});
