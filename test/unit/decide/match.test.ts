import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import { factsFrom, type Scene } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { blueGreen } from "../policy/judge.ts";

/** Whether a rule with this match takes the request. */
function takes(match: unknown, scene: Scene): boolean {
  const policy = blueGreen({ rules: [{ match, variant: "green" }] });
  return decide(ready(policy), factsFrom(scene))?.reason === "rule";
}

const header = (value?: string): Scene => ({
  headers: value === undefined ? {} : { "x-a": value },
});

describe("a condition on one value", () => {
  test.each<[unknown, string | undefined, boolean]>([
    ["yes", "yes", true],
    ["yes", "Yes", false],
    ["yes", "yes!", false],
    ["yes", undefined, false],
    ["", "", true],
    [["a", "b"], "b", true],
    [["a", "b"], "c", false],
    [["a", "b"], "a, b", false],
    [true, "", true],
    [true, "x", true],
    [true, undefined, false],
    [false, undefined, true],
    [false, "", false],
    [{ prefix: "ab" }, "abc", true],
    [{ prefix: "ab" }, "xab", false],
    [{ suffix: "bc" }, "abc", true],
    [{ suffix: "bc" }, "bcd", false],
    [{ contains: "b" }, "abc", true],
    [{ contains: "d" }, "abc", false],
    [{ prefix: "" }, "", true],
    [{ prefix: "" }, undefined, false],
  ])("%j and %j: %s", (condition, value, expected) => {
    expect(takes({ header: { "X-A": condition } }, header(value))).toBe(expected);
  });
});

describe("values that may stand several times", () => {
  test.each<[unknown, readonly string[], boolean]>([
    ["b", ["a", "b"], true],
    ["c", ["a", "b"], false],
    [false, [], true],
    [false, ["a"], false],
    [true, ["a", "b"], true],
    [true, [], false],
    [{ suffix: "b" }, ["a", "bb"], true],
  ])("%j and %j: %s, in a query as in cookies", (condition, values, expected) => {
    const named = values.length === 0 ? {} : { beta: values };
    expect(takes({ query: { beta: condition } }, { queries: named })).toBe(expected);
    expect(takes({ cookie: { beta: condition } }, { cookies: named })).toBe(expected);
  });

  test("names of parameters and cookies are told apart by case, those of headers are not", () => {
    expect(takes({ query: { Beta: true } }, { queries: { beta: ["1"] } })).toBe(false);
    expect(takes({ cookie: { Beta: true } }, { cookies: { beta: ["1"] } })).toBe(false);
    expect(takes({ header: { "X-BETA": true } }, { headers: { "x-beta": "1" } })).toBe(true);
  });
});

describe("what has one spelling is compared in it", () => {
  test.each<[unknown, Scene, boolean]>([
    [{ method: "post" }, { method: "POST" }, true],
    [{ method: ["GET", "head"] }, { method: "HEAD" }, true],
    [{ method: "GET" }, { method: "HEAD" }, false],
    [{ host: "Shop.Example.COM" }, { host: "shop.example.com" }, true],
    [{ host: { suffix: ".EXAMPLE.com" } }, { host: "shop.example.com" }, true],
    [{ host: { prefix: "www." } }, { host: "shop.example.com" }, false],
    [{ country: "de" }, { country: "DE" }, true],
    [{ country: ["FR", "DE"] }, { country: "DE" }, true],
    [{ country: "DE" }, {}, false],
    [{ country: false }, {}, true],
    [{ bot: true }, { bot: true }, true],
    [{ bot: true }, { bot: false }, false],
    [{ bot: false }, { bot: false }, true],
  ])("%j and %j: %s", (match, scene, expected) => {
    expect(takes(match, scene)).toBe(expected);
  });
});

describe("paths", () => {
  test.each<[unknown, string, boolean]>([
    ["/x", "/x", true],
    ["/x", "/x/", false],
    ["/x", "/x/y", false],
    ["/x/", "/x/", true],
    ["/x/", "/x", false],
    ["/x/*", "/x", true],
    ["/x/*", "/x/", true],
    ["/x/*", "/x/y/z", true],
    ["/x/*", "/xy", false],
    ["/X", "/x", false],
    ["/%78", "/x", true],
    ["/é", "/%C3%A9", true],
    ["/a%2fb", "/a%2Fb", true],
    ["/a%2Fb", "/a/b", false],
    ["/*", "/", true],
    ["/*", "/anything/at/all", true],
    ["/", "/", true],
    ["/", "/x", false],
    [["/a", "/b/*"], "/b/c", true],
    [["/a", "/b/*"], "/c", false],
  ])("%j and %s: %s", (path, requested, expected) => {
    expect(takes({ path }, { path: requested })).toBe(expected);
  });

  test("a rule below a stripped prefix sees the path as it is forwarded", () => {
    const child = blueGreen({
      stripPrefix: true,
      rules: [{ match: { path: "/x" }, variant: "green" }],
    });
    const policy = ready({ strategy: "path-map", paths: { "/shop": child } });
    const reason = (path: string) => decide(policy, factsFrom({ path }))?.reason;
    expect(reason("/shop/x")).toBe("rule");
    expect(reason("/shop/shop/x")).toBe("active");
  });
});

describe("rules", () => {
  test("hold only where every condition does", () => {
    const match = { method: "GET", header: { "x-a": "1", "x-b": true }, query: { q: "1" } };
    const scene = { headers: { "x-a": "1", "x-b": "" }, queries: { q: ["1"] } };
    expect(takes(match, scene)).toBe(true);
    expect(takes(match, { ...scene, method: "POST" })).toBe(false);
    expect(takes(match, { ...scene, headers: { "x-a": "1" } })).toBe(false);
    expect(takes(match, { ...scene, queries: {} })).toBe(false);
  });

  test("the first that holds wins", () => {
    const rules = [
      { match: { method: "POST" }, variant: "green" },
      { match: { bot: false }, variant: "blue" },
      { match: { bot: false }, variant: "green" },
    ];
    const decision = decide(ready(blueGreen({ active: "green", rules })), factsFrom());
    expect(decision?.variant.name).toBe("blue");
  });
});
