import { describe, expect, test } from "vitest";
import { compile } from "../../../src/policy/compile.ts";
import { leavesOf } from "../../../src/policy/leaves.ts";
import { DEFAULT_TIMEOUT_MS, DEFAULT_TTL_SECONDS } from "../../../src/policy/limits.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { ready } from "../../property/population.ts";
import { blueGreen, canary, ORIGIN, pathMap, single, weighted } from "./judge.ts";
import { leaf, leafAt } from "./leaf.ts";

const KEY = "shop.example.com";

describe("defaults", () => {
  test("of a split without any field", () => {
    const split = leafAt(ready(weighted()));
    expect(split).toMatchObject({
      path: "",
      salt: KEY,
      rules: [],
      force: undefined,
      coverage: 100,
      group: undefined,
      bots: undefined,
      consent: undefined,
      override: "signed",
      retry: undefined,
      rescue: false,
      assetRescue: false,
      fallback: undefined,
      mirror: undefined,
      sticky: {
        by: [{ from: "cookie" }],
        byCookie: true,
        mode: "hash",
        onZero: "keep",
        cookie: {
          name: "sy",
          ttlSeconds: DEFAULT_TTL_SECONDS,
          domain: undefined,
          sameSite: "lax",
          partitioned: false,
        },
      },
    });
    expect(split.variants.map(({ timeoutMs }) => timeoutMs)).toEqual([
      DEFAULT_TIMEOUT_MS,
      DEFAULT_TIMEOUT_MS,
    ]);
    expect(DEFAULT_TIMEOUT_MS).toBe(30_000);
    expect(DEFAULT_TTL_SECONDS).toBe(30 * 24 * 3600);
  });

  test("a bare URL, an origin alone and a single policy are the same", () => {
    const root = (policy: unknown) => ready(policy).root;
    expect(root(ORIGIN)).toEqual(root({ strategy: "single", origin: ORIGIN }));
    expect(root({ origin: ORIGIN })).toEqual(root({ strategy: "single", origin: ORIGIN }));
  });

  test("a canary is rescued unless it says otherwise; nothing else is unless it says so", () => {
    expect(leafAt(ready(canary())).rescue).toBe(true);
    expect(leafAt(ready(canary({ percent: 5, rescue: false }))).rescue).toBe(false);
    expect(leafAt(ready(blueGreen())).rescue).toBe(false);
    expect(leafAt(ready(blueGreen({ rescue: true }))).rescue).toBe(true);
  });

  test("retry tries again after every failure unless some are named", () => {
    const on = (retry: object) => leafAt(ready(single({ retry }))).retry?.on;
    expect(on({ attempts: 1 })).toEqual(new Set(["network", "timeout", 502, 503, 504]));
    expect(on({ attempts: 1, on: [503] })).toEqual(new Set([503]));
  });
});

describe("origins", () => {
  test.each([
    ["https://o.example", { origin: "https://o.example", host: "o.example", base: "" }],
    ["https://O.Example:443/", { origin: "https://o.example", host: "o.example", base: "" }],
    [
      "http://o.example:8080/a/b/",
      { origin: "http://o.example:8080", host: "o.example:8080", base: "/a/b" },
    ],
    [
      "https://o.example/%7ex/%2f",
      { origin: "https://o.example", host: "o.example", base: "/~x/%2F" },
    ],
    [
      "https://bücher.example/é",
      { origin: "https://xn--bcher-kva.example", host: "xn--bcher-kva.example", base: "/%C3%A9" },
    ],
  ])("%s", (url, origin) => {
    expect(leafAt(ready(url)).variants[0].origin).toEqual(origin);
  });

  test("the host to connect to is in lower case, and there only where a policy names one", () => {
    const resolveOf = (origin: unknown) => leafAt(ready(single({ origin }))).variants[0].origin;
    expect(resolveOf({ url: ORIGIN, resolve: "Host.EXAMPLE.com" })).toMatchObject({
      origin: ORIGIN,
      resolve: "host.example.com",
    });
    expect(resolveOf({ url: ORIGIN })).not.toHaveProperty("resolve");
  });

  test("an origin's own time-out wins over its policy's, and its headers come last", () => {
    const policy = weighted({
      timeoutMs: 5000,
      headers: { request: { set: { "X-Level": "policy" }, remove: ["X-Gone"] } },
      variants: [
        {
          name: "a",
          weight: 1,
          headers: { request: { set: { "X-Level": "variant" } } },
          origin: {
            url: ORIGIN,
            timeoutMs: 100,
            headers: { request: { set: { "X-Level": "origin" }, add: { "X-More": "1" } } },
          },
        },
        { name: "b", weight: 1, origin: { url: ORIGIN } },
      ],
    });
    const [a, b] = leafAt(ready(policy)).variants;
    expect([a.timeoutMs, b?.timeoutMs]).toEqual([100, 5000]);
    expect(a.edits.request).toEqual([
      { kind: "remove", name: "x-gone", value: "" },
      { kind: "set", name: "x-level", value: "policy" },
      { kind: "set", name: "x-level", value: "variant" },
      { kind: "set", name: "x-level", value: "origin" },
      { kind: "add", name: "x-more", value: "1" },
    ]);
  });
});

describe("salt and epoch", () => {
  const salts = (policy: unknown, key = KEY) => ready(policy, key);

  test("the default is the key and the way from the root", () => {
    const policy = salts(
      pathMap({ paths: { "/a/": weighted(), "/%61/b": weighted() }, default: weighted() }),
    );
    expect(leafAt(policy, "/a").salt).toBe(`${KEY}/a`);
    expect(leafAt(policy, "/a/b").salt).toBe(`${KEY}/a/b`);
    expect(leafAt(policy, "/other").salt).toBe(`${KEY}/`);
  });

  test("tenants with the same policy have salts of their own", () => {
    expect(leafAt(salts(weighted(), "storefrontA")).salt).toBe("storefrontA");
    expect(leafAt(salts(weighted(), "storefrontB")).salt).toBe("storefrontB");
  });

  test("an epoch is written behind it, 0 too", () => {
    expect(leafAt(salts(weighted({ salt: "s", epoch: 0 }))).salt).toBe("s@0");
    expect(leafAt(salts(weighted({ epoch: 2 }))).salt).toBe(`${KEY}@2`);
    expect(leafAt(salts(weighted({ salt: "s" }))).salt).toBe("s");
  });

  test("a rule's policy is salted by the rule's name, never its number", () => {
    const rule = (name: string) => ({ name, match: { bot: true }, policy: weighted() });
    const saltOf = (rules: object[], name: string) =>
      leaf(ready(single({ rules })).root.rules.find((one) => one.name === name)?.node).salt;
    expect(saltOf([rule("beta")], "beta")).toBe(`${KEY}#beta`);
    expect(saltOf([rule("new"), rule("beta")], "beta")).toBe(`${KEY}#beta`);
  });
});

describe("what the gateway asks of a whole policy", () => {
  test("overridable: whether a link may choose between variants anywhere in it", () => {
    expect(ready(single()).overridable).toBe(false);
    expect(ready(weighted()).overridable).toBe(true);
    expect(ready(weighted({ override: "off" })).overridable).toBe(false);
    expect(ready(pathMap({ paths: { "/a": ORIGIN, "/b": canary() } })).overridable).toBe(true);
    const rules = [{ name: "bots", match: { bot: true }, policy: canary() }];
    expect(ready(single({ rules })).overridable).toBe(true);
  });

  test("cookieNames: of all its nodes, those of rules and defaults too, each once", () => {
    const named = (name: string) => weighted({ sticky: { cookie: { name } } });
    const policy = pathMap({
      paths: { "/a": named("a"), "/b": named("b"), "/a2": named("a") },
      rules: [{ name: "bots", match: { bot: true }, policy: named("r") }],
      default: named("d"),
    });
    expect([...ready(policy).cookieNames].toSorted()).toEqual(["a", "b", "d", "r"]);
    expect(ready(weighted({ sticky: false })).cookieNames).toEqual([]);
  });

  test("compile changes nothing of what it is given", () => {
    const policy = {
      strategy: "path-map" as const,
      timeoutMs: 5,
      paths: { "/a": { origin: ORIGIN } },
    };
    const before = structuredClone(policy);
    compile(policy, KEY);
    expect(policy).toEqual(before);
  });
});

test("bare URLs beside others become what each would be as an object", () => {
  const urls = ["https://a.example/base", "https://b.example", "https://a.example/base"];
  const mapOf = (written: (url: string) => Policy): Policy => ({
    strategy: "path-map",
    epoch: 3,
    bots: "origin",
    override: "open",
    timeoutMs: 1234,
    headers: { request: { set: { "x-from": "map" } } },
    fallback: "https://fallback.example",
    rules: [{ name: "asia", match: { continent: "AS" }, policy: written("https://c.example") }],
    paths: {
      ...Object.fromEntries(urls.map((url, index) => [`/${index}`, written(url)])),
      "/nested": {
        strategy: "path-map",
        salt: "own",
        paths: { "/x": written("https://d.example") },
      },
    },
    default: written("https://b.example"),
  });
  const [bare, whole] = [mapOf((url) => url), mapOf((url) => ({ origin: url }))].map((policy) => [
    ...leavesOf(compile(policy, KEY)),
  ]);
  expect(bare).toStrictEqual(whole);
  expect(new Set(bare?.map(({ salt }) => salt)).size).toBe(6);
  for (const { bots, variants } of bare ?? []) expect(bots).toBe(variants[0]);
});
