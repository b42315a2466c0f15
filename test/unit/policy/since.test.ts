import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { compareReleases, RELEASE } from "../../../src/lib/release.ts";
import { DOCS } from "../../../src/policy/docs.ts";
import { LANGUAGE } from "../../../src/policy/language.ts";
import { newWords, SINCE, unknownTo } from "../../../src/policy/since.ts";
import { check } from "../../support/property.ts";
import { policy } from "../../support/policies.ts";
import { loadedFrom } from "../house/loaded.ts";
import { MADE_UP, MADE_UP_DOCS } from "./made-up.ts";
import { forgotten, wordsOf } from "./words.ts";

const A = "https://a.example.com";
const words = wordsOf(LANGUAGE, DOCS);
const ALL = Object.fromEntries(words.map((word) => [word, "0.2.0"]));

/** Where a policy says a word, as a newer release's. */
const at = (word: string, written: unknown) =>
  newWords(written, { [word]: "0.2.0" }).map(({ path }) => path);

describe("a word of a later release is found where it is said first:", () => {
  const rules = (match: unknown, led: object = { variant: "origin" }) => ({
    origin: A,
    rules: [{ match, ...led }],
  });
  test.each<[word: string, written: unknown, path: string]>([
    ["cache", { origin: A, cache: { ttlSeconds: 5 } }, "$.cache"],
    ["cache.vary", { origin: A, cache: { ttlSeconds: 5, vary: ["a"] } }, "$.cache.vary"],
    ["override=open", { origin: A, override: "open" }, "$.override"],
    ["sticky.by=ip", { origin: A, sticky: { by: ["cookie", "ip"] } }, "$.sticky.by[1]"],
    ["strategy=canary", { strategy: "canary", stable: A, canary: A, percent: 1 }, "$.strategy"],
    ["canary.percent", { strategy: "canary", stable: A, canary: A, percent: 1 }, "$.percent"],
    [
      "weighted.variants.rewrite",
      { strategy: "weighted", variants: [{ name: "a" }, { name: "b", rewrite: { path: "/" } }] },
      "$.variants[1].rewrite",
    ],
    ["match.country", rules({ path: "/x", country: "SE" }), "$.rules[0].match.country"],
    [
      "is.suffix",
      rules({ header: { suffix: { not: { suffix: "x" } } } }),
      "$.rules[0].match.header.suffix.not.suffix",
    ],
    ["is.prefix", rules({ path: { prefix: "/x" } }), "$.rules[0].match.path.prefix"],
    [
      "cache",
      rules({ path: "/x" }, { policy: { origin: A, cache: { ttlSeconds: 1 } } }),
      "$.rules[0].policy.cache",
    ],
    [
      "cache",
      { strategy: "path-map", paths: { "/a": A, "/b": { origin: A, cache: {} } } },
      '$.paths["/b"].cache',
    ],
    [
      "headers.request.set.secret",
      { origin: A, headers: { request: { set: { "x-a": { secret: "POLICY_A" } } } } },
      '$.headers.request.set["x-a"].secret',
    ],
    [
      "match.path",
      { origin: A, goals: [{ name: "g", match: { path: "/thanks" } }] },
      "$.goals[0].match.path",
    ],
  ])("%s", (word, written, path) => {
    expect(at(word, written)).toEqual([path]);
  });

  test("and nowhere else: names of the writer's own, texts and other policies' fields are no words", () => {
    expect(at("is.suffix", rules({ header: { suffix: "x" } }))).toEqual([]);
    expect(at("cache", { strategy: "path-map", paths: { cache: A } })).toEqual([]);
    expect(at("override=open", { origin: A, salt: "open" })).toEqual([]);
    expect(at("cache", "https://cache.example.com")).toEqual([]);
    expect(newWords({ origin: A, cache: { ttlSeconds: 5 } }, {})).toEqual([]);
    // A name that JavaScript gives every object is none.
    expect(newWords({ origin: A, headers: { toString: 1 } }, { cache: "0.2.0" })).toEqual([]);
  });
});

test("every word of every policy is one of the list, and stands where it is said", () => {
  const value = (root: unknown, path: string): unknown =>
    [...path.matchAll(/\.([\w$]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/g)].reduce<unknown>(
      (from, [, name, index, quoted]) =>
        Reflect.get(Object(from), name ?? index ?? JSON.parse(`"${quoted ?? ""}"`)),
      root,
    );
  const listed = new Set(words);
  check(
    fc.property(policy, (written) => {
      const found = newWords(written, ALL);
      for (const { word, path } of found) {
        expect(listed).toContain(word);
        expect(value(written, path)).toBeDefined();
      }
      const wanted = typeof written === "string" ? [] : Object.keys(written);
      for (const name of wanted)
        expect(found.some(({ word }) => word === name || word.endsWith(`.${name}`))).toBe(true);
    }),
  );
});

test("a gateway does not know what came after its release", () => {
  const found = newWords(
    { origin: A, cache: { ttlSeconds: 1 }, bots: "split", salt: "s" },
    { cache: "0.2.0", bots: "0.3.0" },
  );
  const told = (release: string) => unknownTo(release, found).map(({ word }) => word);
  expect(told("0.1.9")).toEqual(["cache", "bots"]);
  expect(told("0.2.0")).toEqual(["bots"]);
  expect(told("0.3.0")).toEqual([]);
  // Of what is not a release nobody knows whether it is older.
  expect(told("main")).toEqual([]);
});

test("no word is forgotten: one that is neither the first release's nor in the table is told", () => {
  const made = wordsOf(MADE_UP, MADE_UP_DOCS);
  expect(forgotten(made, words, SINCE)).toEqual([
    "match.evenMinute",
    ...made.filter((word) => word.startsWith("night-shift.")),
    "strategy=night-shift",
    ...made.filter((word) => word.startsWith("understudy")),
  ]);
  const written = { strategy: "night-shift", day: A, night: { origin: A }, fromHour: 20 };
  const since = { "night-shift.night.origin": "0.2.0" };
  expect(newWords(written, since, MADE_UP)).toEqual([
    { word: "night-shift.night.origin", path: "$.night.origin", since: "0.2.0" },
  ]);
});

test("the table names words that there are, each with a release that there is", () => {
  for (const [word, since] of Object.entries(SINCE)) {
    expect(words).toContain(word);
    expect(compareReleases(since, RELEASE)).toBeLessThanOrEqual(0);
  }
});

test("the gateway does not load it", () => {
  expect(loadedFrom("control/index.ts")).toContain("policy/since.ts");
  expect(loadedFrom("index.ts")).not.toContain("policy/since.ts");
});
