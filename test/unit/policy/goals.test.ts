import { describe, expect, test } from "vitest";

import { diff } from "../../../src/policy/diff.ts";
import { MAX_REGEX_COST, MAX_REGEX_COST_TOGETHER } from "../../../src/policy/limits.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { plan } from "../../../src/preview/plan.ts";
import { NOW } from "../../support/policies.ts";
import { ready } from "../../property/population.ts";
import { blueGreen, issuesOf, ORIGIN, pathMap, redirect, single, weighted } from "./judge.ts";
import { leafAt } from "./leaf.ts";

const match = { path: "/checkout/done" };
const done = { name: "purchase", match };
const told = { name: "revenue", from: "origin" };
const goals = [done, told];

describe("goals stand on the root policy", () => {
  test.each<[string, unknown, string[]]>([
    ["of a split", weighted({ goals }), []],
    ["of a path-map", pathMap({ goals, paths: { "/a": weighted() } }), []],
    ["not below a path-map", pathMap({ paths: { "/a": weighted({ goals }) } }), ["a"]],
    ["not of a default", pathMap({ default: single({ goals }) }), ["default"]],
    [
      "not of a path-map inside one",
      pathMap({ goals, paths: { "/a": pathMap({ goals, paths: { "/b": weighted() } }) } }),
      ["a"],
    ],
    [
      "not behind a rule",
      weighted({ goals, rules: [{ name: "x", match, policy: blueGreen({ goals: [] }) }] }),
      ["rule"],
    ],
    ["not of a redirect", redirect({ host: "www.example.com", goals }), ["end"]],
  ])("%s", (_, policy, where) => {
    const paths: Readonly<Record<string, string>> = {
      a: '$.paths["/a"].goals',
      default: "$.default.goals",
      rule: "$.rules[0].policy.goals",
      end: "$.goals",
    };
    expect(issuesOf(policy).map(({ path }) => path)).toEqual(where.map((one) => paths[one]));
  });

  test("and the error says where to", () => {
    expect(issuesOf(pathMap({ paths: { "/a": weighted({ goals }) } }))).toEqual([
      {
        path: '$.paths["/a"].goals',
        message:
          '"goals" does not belong here: it is about the whole route, and stands on the root policy',
        fix: "move it to the root policy",
      },
    ]);
  });
});

describe("ready to count with", () => {
  test("each goal, with its defaults", () => {
    const { goals: all } = ready(
      weighted({
        goals: [
          done,
          { ...done, name: "b", status: [404, "5xx", 201, "2xx"], count: "every", cap: 9 },
          told,
        ],
      }),
    );
    expect(all.map(({ match: asked, ...rest }) => ({ ...rest, asks: asked?.length }))).toEqual([
      {
        name: "purchase",
        asks: 1,
        classes: new Set([2, 3]),
        statuses: new Set(),
        count: "once",
        cap: undefined,
      },
      {
        name: "b",
        asks: 1,
        classes: new Set([2, 5]),
        statuses: new Set([404, 201]),
        count: "every",
        cap: 9,
      },
      {
        name: "revenue",
        asks: undefined,
        classes: new Set([2, 3]),
        statuses: new Set(),
        count: "once",
        cap: undefined,
      },
    ]);
  });

  test("of every kind of root, and none where there are none", () => {
    const names = (policy: unknown) => ready(policy).goals.map(({ name }) => name);
    const both = ["purchase", "revenue"];
    expect(names(pathMap({ goals, paths: { "/a": weighted() } }))).toEqual(both);
    expect(names(single({ goals }))).toEqual(both);
    for (const policy of [ORIGIN, weighted(), redirect({ host: "www.example.com" })])
      expect(names(policy)).toEqual([]);
  });

  test("answers depend on no goal, whatever it looks at", () => {
    const curious = { name: "a", match: { header: { "x-a": true }, cookie: { b: "1" }, eu: true } };
    const [one, other] = [weighted(), weighted({ goals: [curious] })].map(
      (policy) => leafAt(ready(policy)).cacheKey,
    );
    expect(other).toEqual(one);
  });
});

describe("the price of regular expressions", () => {
  const half = "a+b+(?:c|d)(?:c|d)(?:c|d)";
  const asking = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `g${index}`,
      match: { cookie: { c: { regex: half } } },
    }));
  const most = MAX_REGEX_COST_TOGETHER / (MAX_REGEX_COST / 2);
  const rules = [{ match: { path: { regex: half } }, variant: "treatment" }];

  test("counts every goal with the rules that a request meets", () => {
    expect(issuesOf(weighted({ goals: asking(most) }))).toEqual([]);
    expect(issuesOf(weighted({ goals: asking(most - 1), rules }))).toEqual([]);
    const above = issuesOf(weighted({ goals: asking(most), rules }));
    expect(above.map(({ path }) => path)).toEqual(["$.goals[0].match"]);
    expect(above[0]?.message).toContain(`of ${MAX_REGEX_COST_TOGETHER} allowed; the dearest`);
  });

  test("below every branch of a path-map too", () => {
    const paths = { "/a": weighted({ rules }) };
    expect(issuesOf(pathMap({ goals: asking(most - 1), paths }))).toEqual([]);
    expect(issuesOf(pathMap({ goals: asking(most), paths }))).toHaveLength(1);
  });
});

describe("a change of goals", () => {
  const before = weighted() as unknown as Policy;
  const after = weighted({ goals, visitorHeader: true }) as unknown as Policy;

  test("moves nobody, neither when they come nor when they go", () => {
    const moved = (from: Policy, to: Policy) =>
      plan("shop.example.com", from, to, { now: NOW }).paths.map((one) => one.moved);
    expect([...moved(before, after), ...moved(after, before)].every((one) => one === 0)).toBe(true);
  });

  test("is told goal by goal", () => {
    const dearer = weighted({ goals: [told, { ...done, count: "every", cap: 3 }] });
    expect(diff(weighted({ goals: [told, done] }), dearer)).toEqual([
      { path: "$.goals.purchase.count", to: "every" },
      { path: "$.goals.purchase.cap", to: 3 },
    ]);
  });
});
