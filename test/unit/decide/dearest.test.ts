import { describe, expect, test } from "vitest";

import { decide } from "../../../src/decide/decide.ts";
import { factsOf, readRequest } from "../../../src/gateway/resolve/incoming-request.ts";
import { MAX_PARAMETERS } from "../../../src/lib/named-values.ts";
import { compile } from "../../../src/policy/compile.ts";
import type { Facts } from "../../../src/policy/facts.ts";
import {
  MAX_COMPARED_CHARS,
  MAX_CONDITION_NAMES,
  MAX_DEPTH,
  MAX_REGEX_VALUE_CHARS,
  MAX_RULES,
  MAX_RULES_TOGETHER,
  MAX_TEXTS_TOGETHER,
} from "../../../src/policy/limits.ts";
import { parse } from "../../../src/policy/parse.ts";
import { MAX_ANY_OF } from "../../../src/policy/predicates/condition.ts";
import { slowness } from "../../support/cpu.ts";
import { nodePlatform } from "../gateway/forward/upstream.ts";

/** What the dearest policy may take (ms of CPU). */
const MAX_DECISION_MS = 50;

/** What a thousand rules with ordinary regular expressions may take (ms of CPU). */
const MAX_ORDINARY_MS = 1;

/** What thirty lists of values may take that are looked up (ms of CPU). */
const MAX_LOOK_MS = 1;

const ORIGIN = "https://origin.example.com";

type Match = Record<string, unknown>;

/** What holds for no request, so that every rule is tried to its end. */
const NEVER = { cookie: { never: true } };

const policyOf = (matches: readonly Match[]) => ({
  origin: ORIGIN,
  rules: matches.map((match) => ({ match: { ...match, ...NEVER }, variant: "origin" })),
});

/** As many rules as one request can meet: lists inside one another, each behind the last rule of the one around. */
function nested(count: number, match: (index: number) => Match, depth = MAX_DEPTH): unknown {
  const own = Math.min(MAX_RULES - 1, Math.floor(count / depth));
  const rules = Array.from({ length: own }, (_, index) => ({
    match: { ...match(index), ...NEVER },
    variant: "origin",
  }));
  if (depth === 1) return { origin: ORIGIN, rules };
  const policy = nested(count - own, match, depth - 1);
  return { origin: ORIGIN, rules: [...rules, { name: "in", match: { method: "GET" }, policy }] };
}

const many = (count: number, match: (index: number) => Match) =>
  Array.from({ length: count }, (_, index) => match(index));

const names = <T>(count: number, value: (index: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, value(index)]));

function request(headers: Record<string, string>, search = ""): Facts {
  const asked = new Request(`https://shop.example.com/a/b${search}`, { headers });
  const incoming = readRequest(asked, { trustForwarded: false }, nodePlatform());
  if (incoming === undefined) throw new Error("the request names no host");
  return factsOf(incoming, incoming.path, undefined, nodePlatform());
}

/** CPU time (ms) that is tried at most: where other cores are busy, V8's compilers come late, and what they make is twice as fast. */
const TRIED_MS = 2000;

/** CPU time of one decision (ms), the least of so many requests as it takes to be in time: other work on the machine only adds. */
function leastMs(policy: unknown, facts: () => Facts, inTimeMs: number): number {
  const parsed = parse(JSON.stringify(policy), { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const compiled = compile(parsed.policy, "shop.example.com");
  let least = Number.POSITIVE_INFINITY;
  let tried = 0;
  while (least >= inTimeMs && tried < TRIED_MS) {
    const asked = facts();
    const begin = process.cpuUsage();
    const { do: done } = decide(compiled, asked);
    const { user, system } = process.cpuUsage(begin);
    expect(done).toBe("forward");
    const ms = (user + system) / 1000;
    least = Math.min(least, ms);
    tried += ms;
  }
  return least;
}

const LONG = "a".repeat(MAX_COMPARED_CHARS);
const SHORT = "a".repeat(MAX_REGEX_VALUE_CHARS);

const searched = (search: (index: number) => unknown) =>
  policyOf(
    many(MAX_TEXTS_TOGETHER / 25, (rule) => ({
      header: names(25, (index) => ({ not: search(rule * 25 + index) })),
    })),
  );
const headers = (value: string) => () => request(names(32, () => value));

/** Expressions each of which is as dear as so many of them may be. */
const REGEXES: readonly (readonly [count: number, regex: string])[] = [
  [4, `${"a?".repeat(22)}b`],
  [4, `${"(?:aa|aa)".repeat(22)}b`],
  [4, "a*a*(?:a|a)(?:a|a)(?:a|a)(?:a|a)b"],
  [8, `.*(?:${"a?".repeat(21)})b.*`],
  [64, "a*a*b"],
  [64, "(?:aa)*(?:aaa)*b"],
  [64, "a{0,511}a{0,511}b"],
  [1000, `.*${"a?".repeat(14)}b.*`],
  [1000, "(?:aa)*b"],
  [1000, "a{0,511}b"],
  [1000, `.*${"[ab]".repeat(60)}b`],
  [1000, `.*${"a".repeat(250)}b`],
  [1000, `${"a?".repeat(9)}b`],
  [1000, ".*aaaa?b.*"],
];

describe("a policy that is as dear as the limits allow decides in 50 ms", () => {
  test.each(REGEXES)("%i of %s", (count, regex) => {
    const policy = policyOf(
      many(count, (index) => ({ header: { [`x-${index % 32}`]: { not: { regex } } } })),
    );
    expect(leastMs(policy, headers(SHORT), MAX_DECISION_MS)).toBeLessThan(
      MAX_DECISION_MS * slowness(),
    );
  });

  test("values of one name", () => {
    const policy = policyOf(many(1000, () => ({ query: { q: { not: { regex: ".*aaaa?b.*" } } } })));
    const search = `?${Array.from({ length: MAX_PARAMETERS }, (_, at) => `q=aaaaaaaaaa${at}`).join("&")}`;
    expect(leastMs(policy, () => request({}, search), MAX_DECISION_MS)).toBeLessThan(
      MAX_DECISION_MS,
    );
  });

  test.each([
    ["a long text to be found", `${"a".repeat(1000)}b`],
    ["a short text to be found", "aaaaaaab"],
    ["a text to be found whose beginning is all over", "ab"],
  ])("%s", (_, contains) => {
    expect(
      leastMs(
        searched(() => ({ contains })),
        headers(LONG),
        MAX_DECISION_MS,
      ),
    ).toBeLessThan(MAX_DECISION_MS * slowness());
  });

  test.each<[string, (index: number) => Match, () => Facts]>([
    [
      "names",
      () => ({ header: names(MAX_CONDITION_NAMES, () => ({ not: { suffix: "b" } })) }),
      () => request(names(MAX_CONDITION_NAMES, () => SHORT)),
    ],
    [
      "lists of paths",
      () => ({ path: { not: Array.from({ length: 100 }, (__, at) => `/a${at}/*`) } }),
      () => request({}),
    ],
    [
      "languages",
      () => ({ language: { not: "fr" } }),
      () => request({ "accept-language": "de-at-ab-cd;q=0.5,".repeat(60) }),
    ],
    ["hosts", () => ({ host: { not: "a.example" } }), () => request({})],
  ])("%s in every rule that a request can meet", (_, match, facts) => {
    // Names and paths are many: fewer rules fill the text.
    const count = _ === "languages" || _ === "hosts" ? MAX_DEPTH * (MAX_RULES - 1) : MAX_RULES;
    expect(count).toBeLessThan(MAX_RULES_TOGETHER);
    expect(leastMs(nested(count, match), facts, MAX_DECISION_MS)).toBeLessThan(
      MAX_DECISION_MS * slowness(),
    );
  });

  test("a list of values is one look", () => {
    const any = Array.from({ length: MAX_ANY_OF }, (_, index) => `${SHORT}${index}`);
    const policy = policyOf(many(30, () => ({ header: { "x-0": { not: any } } })));
    expect(leastMs(policy, headers(SHORT), MAX_LOOK_MS)).toBeLessThan(MAX_LOOK_MS * slowness());
  });
});

describe("a thousand rules with regular expressions that have no unbounded quantifier decide in 1 ms", () => {
  test.each([
    ["which miss at the beginning", (index: number) => `v${index}\\.[0-9]{1,3}`, "w7.1"],
    ["which miss at the end", (index: number) => `mobile-[0-9]{1,4}-r${index}`, "mobile-1234-x"],
    [
      "with alternations",
      (index: number) => `(?:iphone|android|ipad)-[a-z]{1,8}-${index}`,
      "android-pixel-x",
    ],
  ])("%s", (_, regexOf, value) => {
    const policy = policyOf(
      many(1000, (index) => ({ header: { "x-0": { regex: regexOf(index) } } })),
    );
    expect(leastMs(policy, headers(value), MAX_ORDINARY_MS)).toBeLessThan(
      MAX_ORDINARY_MS * slowness(),
    );
  });
});
