import { describe, expect, test } from "vitest";

import { decide } from "../../../support/decide.ts";
import {
  languagesOf,
  MAX_LANGUAGE_CHARS,
} from "../../../../src/policy/conditions/language-tags.ts";
import type { Facts } from "../../../../src/policy/facts.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import { factsFrom } from "../../../property/arbitraries/facts.ts";
import { ready } from "../../../property/population.ts";
import { blueGreen } from "../judge.ts";

/** Whether a rule with this match takes a request of which these facts are known. */
function takes(match: unknown, known: Partial<Facts> = {}, headers: Record<string, string> = {}) {
  const policy = blueGreen({ rules: [{ match, variant: "green" }] });
  return decide(ready(policy), { ...factsFrom({ headers }), ...known })?.reason === "rule";
}

describe("what the edge and the URL tell", () => {
  test.each<[unknown, Partial<Facts>, boolean]>([
    [{ scheme: "http" }, { scheme: "http" }, true],
    [{ scheme: "http" }, { scheme: "https" }, false],
    [{ scheme: { not: "HTTPS" } }, { scheme: "http" }, true],
    [{ continent: "eu" }, { continent: () => "EU" }, true],
    [{ continent: ["NA", "SA"] }, { continent: () => "EU" }, false],
    [{ continent: false }, { continent: () => undefined }, true],
    [{ region: "by" }, { region: () => "BY" }, true],
    [{ region: "BY" }, { region: () => undefined }, false],
    [{ asn: 13335 }, { asn: () => "13335" }, true],
    [{ asn: "13335" }, { asn: () => "13335" }, true],
    [{ asn: [13335, 15169] }, { asn: () => "15169" }, true],
    [{ asn: 1333 }, { asn: () => "13335" }, false],
    [{ asn: [13335, "15169"] }, { asn: () => "15169" }, true],
    [{ asn: ["15169", 13335] }, { asn: () => "13335" }, true],
    [{ asn: { not: "13335" } }, { asn: () => undefined }, true],
    [{ asn: { not: 13335 } }, { asn: () => "13335" }, false],
    [{ asn: { not: 13335 } }, { asn: () => undefined }, true],
    [{ asn: { not: [13335, "15169"] } }, { asn: () => "15169" }, false],
    [{ asn: { not: [13335] } }, { asn: () => "15169" }, true],
    [{ eu: true }, { eu: () => true }, true],
    [{ eu: true }, { eu: () => false }, false],
    [{ eu: false }, { eu: () => false }, true],
  ])("%j of %o: %s", (match, known, expected) => {
    expect(takes(match, known)).toBe(expected);
  });
});

describe("the languages of Accept-Language", () => {
  test.each<[unknown, string, boolean]>([
    ["de", "de", true],
    ["de", "de-AT", true],
    ["de-AT", "de", false],
    ["DE-at", "de-AT,en;q=0.5", true],
    ["en", "de-AT,en;q=0.5", true],
    ["en", "de,en;q=0", false],
    ["en", "de,en; q = 0.000", false],
    ["de", "*", false],
    ["de", "den", false],
    [["fr", "it"], "it-CH;q=0.1", true],
    [true, "*", false],
    [true, "de", true],
    [{ not: "de" }, "de-AT,en", false],
    [{ not: "de" }, "fr", true],
    [{ prefix: "zh-" }, "zh-Hant-TW", true],
  ])("%j of %s: %s", (language, field, expected) => {
    expect(takes({ language }, {}, { "accept-language": field })).toBe(expected);
  });

  test("absent: none is accepted, and none is what `not` and `false` want", () => {
    expect(takes({ language: "de" })).toBe(false);
    expect(takes({ language: { not: "de" } })).toBe(true);
    expect(takes({ language: false })).toBe(true);
  });

  test("beyond the bound are not looked at", () => {
    const fill = "a,".repeat(MAX_LANGUAGE_CHARS / 2 - 1);
    expect(languagesOf(`${fill}de`)).toContain("de");
    expect(languagesOf(`${fill}aade`)).not.toContain("aade");
  });
});

describe("a path by condition", () => {
  test.each<[unknown, string, boolean]>([
    [{ prefix: "/ad" }, "/admin", true],
    [{ suffix: ".json" }, "/x.json", true],
    [{ regex: "/[a-z]+/[0-9]{1,8}" }, "/item/42", true],
    [{ regex: "/[a-z]+" }, "/item/42", false],
    [{ not: "/admin/*" }, "/admin/x", false],
    [{ not: "/admin/*" }, "/administrator", true],
    [{ not: ["/a", "/b/*"] }, "/b/c", false],
  ])("%j of %s: %s", (path, asked, expected) => {
    expect(takes({ path }, { path: asked })).toBe(expected);
  });
});

describe("`not` of values that may stand several times", () => {
  test.each<[unknown, readonly string[], boolean]>([
    [{ not: "a" }, [], true],
    [{ not: "a" }, ["b"], true],
    [{ not: "a" }, ["b", "a"], false],
    [{ not: ["a", "b"] }, ["c"], true],
    [{ not: true }, [], true],
    [{ not: false }, ["x"], true],
    [{ not: { not: "a" } }, ["a"], true],
  ])("%j of %j: %s", (condition, values, expected) => {
    expect(takes({ query: { x: condition } }, { query: () => values })).toBe(expected);
  });
});

test.each([
  [{ asn: -1 }, "$.rules[0].match.asn"],
  [{ asn: 4_294_967_296 }, "$.rules[0].match.asn"],
  [{ asn: [13335, 1.5] }, "$.rules[0].match.asn[1]"],
  [{ asn: { not: -1 } }, "$.rules[0].match.asn.not"],
  [{ asn: { not: 13335, prefix: "1" } }, "$.rules[0].match.asn.prefix"],
  [{ eu: "yes" }, "$.rules[0].match.eu"],
  [{ language: {} }, "$.rules[0].match.language"],
  [{ path: true }, "$.rules[0].match.path"],
  [{ header: { x: { not: { regex: "(" } } } }, "$.rules[0].match.header.x.not.regex"],
])("%j is refused at %s", (match, path) => {
  const policy = blueGreen({ rules: [{ match, variant: "green" }] });
  const parsed = parseValue(policy, { allowPrivateOrigins: true });
  expect(parsed.ok ? [] : parsed.issues.map((issue) => issue.path)).toEqual([path]);
});
