import { describe, expect, test } from "vitest";
import { join } from "../../../src/lib/issue.ts";
import { parse } from "../../../src/policy/parse.ts";
import { edits, heavy, lastOfHeavy, nodes, rulesTogether, variantsTogether } from "./large.ts";
import * as limits from "../../../src/policy/limits.ts";
import {
  blueGreen,
  canary,
  issuesOf,
  ORIGIN,
  pathMap,
  respond,
  single,
  weighted,
} from "./judge.ts";

const LIMITS: Readonly<Record<string, number>> = { ...limits };

const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

const pathMaps = (depth: number): unknown =>
  depth === 1 ? single() : pathMap({ paths: { "/a": pathMaps(depth - 1) } });
const rules = (depth: number): unknown =>
  depth === 1 ? single() : single({ rules: [{ match: { bot: true }, policy: rules(depth - 1) }] });
const lists = (depth: number): unknown => (depth === 0 ? 1 : [lists(depth - 1)]);
const ramp = (steps: unknown) => canary({ ramp: { startAt: "2026-12-01T09:00:00Z", steps } });
const hold = (holdSeconds: number) => [{ percent: 1, holdSeconds }, { percent: 2 }];
const bot = { bot: true };
const failures = { metric: "failures", maxIncrease: 1 };
const guarded = (guard: object) => canary({ percent: 5, guard: { checks: [failures], ...guard } });

/** For each limit, policies made to a size, and the path at which one that is a size too large is refused. */
const CASES: Readonly<Record<string, readonly (readonly [(size: number) => unknown, string])[]>> = {
  MAX_DEPTH: [
    [pathMaps, '$.paths["/a"].paths["/a"].paths["/a"].paths["/a"]'],
    [rules, "$.rules[0].policy.rules[0].policy.rules[0].policy.rules[0].policy"],
  ],
  MAX_WEIGHT: [
    [
      (weight) => weighted({ variants: [{ name: "a", origin: ORIGIN, weight }] }),
      "$.variants[0].weight",
    ],
  ],
  MAX_VARIANTS: [
    [
      (size) =>
        weighted({ variants: list(size, (i) => ({ name: `v${i}`, origin: ORIGIN, weight: 1 })) }),
      "$.variants",
    ],
  ],
  MAX_PREFIXES: [
    [
      (size) => pathMap({ paths: Object.fromEntries(list(size, (i) => [`/${i}`, ORIGIN])) }),
      "$.paths",
    ],
  ],
  MAX_RULES: [
    [(size) => single({ rules: list(size, () => ({ match: bot, variant: "origin" })) }), "$.rules"],
  ],
  MAX_GOALS: [
    [(size) => weighted({ goals: list(size, (i) => ({ name: `g${i}`, match: bot })) }), "$.goals"],
  ],
  MAX_CAP: [
    [(cap) => weighted({ goals: [{ name: "revenue", from: "origin", cap }] }), "$.goals[0].cap"],
  ],
  MAX_GUARD_CHECKS: [
    [
      (size) => guarded({ checks: list(size, (i) => ({ metric: "failures", max: i + 1 })) }),
      "$.guard.checks",
    ],
  ],
  MAX_WINDOW_SECONDS: [[(windowSeconds) => guarded({ windowSeconds }), "$.guard.windowSeconds"]],
  MAX_GUARD_VISITORS: [[(minVisitors) => guarded({ minVisitors }), "$.guard.minVisitors"]],
  MAX_LATENCY_INCREASE: [
    [
      (maxIncrease) => guarded({ checks: [{ metric: "latency", quantile: 0.95, maxIncrease }] }),
      "$.guard.checks[0].maxIncrease",
    ],
  ],
  MAX_RECEIVERS: [[(size) => guarded({ notify: list(size, (i) => `ops-${i}`) }), "$.guard.notify"]],
  MAX_MIRRORS: [
    [(size) => single({ mirror: list(size, () => ({ origin: ORIGIN, percent: 1 })) }), "$.mirror"],
  ],
  MAX_HOST_CHARS: [
    [
      (size) => single({ origin: { url: ORIGIN, resolve: "b".padStart(size, "a.") } }),
      "$.origin.resolve",
    ],
  ],
  MAX_STEPS: [[(size) => ramp(list(size, () => ({ percent: 1, holdSeconds: 1 }))), "$.ramp.steps"]],
  MAX_NAME_CHARS: [
    [
      (size) => weighted({ variants: [{ name: "n".repeat(size), origin: ORIGIN, weight: 1 }] }),
      "$.variants[0].name",
    ],
    [
      (size) => single({ rules: [{ name: "n".repeat(size), match: bot, variant: "origin" }] }),
      "$.rules[0].name",
    ],
    [(size) => single({ group: { name: "n".repeat(size), from: 0, to: 1 } }), "$.group.name"],
    [(size) => single({ goals: [{ name: "n".repeat(size), match: bot }] }), "$.goals[0].name"],
    // Tokens may have twice as many.
    [
      (size) => single({ consent: { cookie: "c".repeat(2 * size - (size % 2)) } }),
      "$.consent.cookie",
    ],
  ],
  MAX_SALT_CHARS: [
    [(size) => single({ salt: "s".repeat(size) }), "$.salt"],
    [(size) => weighted({ experiment: "e".repeat(size) }), "$.experiment"],
  ],
  MAX_HEADER_VALUE_CHARS: [
    [
      (size) => single({ headers: { request: { set: { "x-a": "v".repeat(size) } } } }),
      '$.headers.request.set["x-a"]',
    ],
    [
      (size) => single({ headers: { response: { add: { "x-a": "v".repeat(size) } } } }),
      '$.headers.response.add["x-a"]',
    ],
  ],
  MAX_BODY_CHARS: [[(size) => respond({ body: "é".repeat(size) }), "$.body"]],
  MAX_MEDIA_TYPE_CHARS: [
    [(size) => respond({ contentType: `text/${"x".repeat(size - 5)}` }), "$.contentType"],
  ],
  MAX_CORS_ITEMS: [
    [
      (size) => single({ cors: { origins: list(size, (i) => `https://a${i}.example`) } }),
      "$.cors.origins",
    ],
    [
      (size) => single({ cors: { origins: ["*"], expose: list(size, (i) => `x-${i}`) } }),
      "$.cors.expose",
    ],
  ],
  MAX_CORS_AGE_SECONDS: [
    [
      (maxAgeSeconds) => single({ cors: { origins: ["*"], maxAgeSeconds } }),
      "$.cors.maxAgeSeconds",
    ],
  ],
  MAX_CACHE_SECONDS: [[(ttlSeconds) => single({ cache: { ttlSeconds } }), "$.cache.ttlSeconds"]],
  MAX_CACHE_VARY: [
    [
      (size) => single({ cache: { ttlSeconds: 1, vary: list(size, (i) => `x-${i}`) } }),
      "$.cache.vary",
    ],
  ],
  MAX_NODES: [[nodes, '$.paths["/r49"].rules[99].policy']],
  MAX_VARIANTS_TOGETHER: [[variantsTogether, '$.paths["/781"].variants']],
  MAX_RULES_TOGETHER: [[rulesTogether, '$.paths["/50"].rules']],
  MAX_EDITS: [[edits, "$"]],
  MAX_COMPILED_BYTES: [[heavy, lastOfHeavy(limits.MAX_COMPILED_BYTES + 1)]],
  MAX_SOURCES: [
    [
      (size) => single({ sticky: { by: list(size, (i) => ({ header: `x-${i}` })) } }),
      "$.sticky.by",
    ],
  ],
  MAX_CONDITION_NAMES: ["header", "query", "cookie"].map((field) => [
    (size) =>
      single({
        rules: [
          {
            match: { [field]: Object.fromEntries(list(size, (i) => [`x-${i}`, true])) },
            variant: "origin",
          },
        ],
      }),
    `$.rules[0].match.${field}`,
  ]),
  MAX_PREFIX_CHARS: [
    [
      (size) => pathMap({ paths: { ["/".padEnd(size, "p")]: ORIGIN } }),
      join("$.paths", "/".padEnd(limits.MAX_PREFIX_CHARS, "p")),
    ],
  ],
  MAX_URL_CHARS: [[(size) => `${ORIGIN}/`.padEnd(size, "x"), "$"]],
  MAX_TIMEOUT_MS: [
    [(timeoutMs) => single({ timeoutMs }), "$.timeoutMs"],
    [(timeoutMs) => ({ origin: { url: ORIGIN, timeoutMs } }), "$.origin.timeoutMs"],
  ],
  MAX_TOTAL_TIMEOUT_MS: [[(totalTimeoutMs) => single({ totalTimeoutMs }), "$.totalTimeoutMs"]],
  MAX_BACKOFF_MS: [
    [(backoffMs) => single({ retry: { attempts: 1, backoffMs } }), "$.retry.backoffMs"],
  ],
  MAX_RETRIES: [[(attempts) => single({ retry: { attempts } }), "$.retry.attempts"]],
  MAX_TTL_SECONDS: [
    [(ttlSeconds) => single({ sticky: { cookie: { ttlSeconds } } }), "$.sticky.cookie.ttlSeconds"],
  ],
  MAX_HOLD_SECONDS: [
    [(seconds) => ramp(hold(seconds)), "$.ramp.steps[0].holdSeconds"],
    [
      (drainSeconds) =>
        blueGreen({ next: { active: "green", at: "2026-12-01T09:00:00Z", drainSeconds } }),
      "$.next.drainSeconds",
    ],
  ],
};

describe("limits", () => {
  const flat = Object.entries(CASES).flatMap(([name, cases]) =>
    cases.map(([make, path]) => [name, path, make] as const),
  );

  test.each(flat)("%s at %s: the limit is taken, one more is refused", (name, path, make) => {
    const limit = LIMITS[name] ?? Number.NaN;
    expect(issuesOf(make(limit))).toEqual([]);
    const issues = issuesOf(make(limit + 1));
    expect(issues.map((issue) => issue.path)).toEqual([path]);
    expect(issues[0]?.fix).not.toBe("");
  });

  test("of JSON's depth: at the limit a value is judged, beyond it refused unread", () => {
    const [judged] = issuesOf(lists(limits.MAX_JSON_DEPTH));
    const [unread] = issuesOf(lists(limits.MAX_JSON_DEPTH + 1));
    expect(judged?.message).not.toMatch(/nested/);
    expect(unread?.message).toBe(`the policy is nested more than ${limits.MAX_JSON_DEPTH} deep`);
  });

  test("of a text: at the limit it is read, beyond it refused unread", () => {
    const judged = (chars: number) =>
      parse(JSON.stringify(ORIGIN).padEnd(chars), { allowPrivateOrigins: false });
    expect(judged(limits.MAX_TEXT_CHARS)).toEqual({ ok: true, policy: ORIGIN });
    expect(judged(limits.MAX_TEXT_CHARS + 1)).toMatchObject({ ok: false, issues: [{ path: "$" }] });
  });

  test("of a list of issues: the hundredth is told, the next is not", () => {
    const wrong = (count: number) =>
      issuesOf(single(Object.fromEntries(list(count, (i) => [`zzz${i}`, 1]))));
    expect(wrong(limits.MAX_ISSUES)).toHaveLength(limits.MAX_ISSUES);
    expect(wrong(limits.MAX_ISSUES + 1)).toHaveLength(limits.MAX_ISSUES);
  });

  test("each constant has a case", () => {
    const named = Object.keys(LIMITS).filter((name) => name.startsWith("MAX_"));
    // Those of searches have theirs in predicates/regex.test.ts.
    const elsewhere = named.filter((name) => /^MAX_(?:REGEX_|REGEXES_|TEXTS_)/.test(name));
    expect(
      [
        ...Object.keys(CASES),
        "MAX_JSON_DEPTH",
        "MAX_TEXT_CHARS",
        "MAX_COMPARED_CHARS",
        "MAX_ISSUES",
        ...elsewhere,
      ].toSorted(),
    ).toEqual(named.toSorted());
  });
});

describe("limits that stand beside what they limit", () => {
  test.each<[string, (size: number) => unknown, number, string]>([
    ["a value to compare with", (n) => ({ host: "h".repeat(n) }), 1024, "host"],
    ["a part to compare with", (n) => ({ host: { prefix: "h".repeat(n) } }), 1024, "host.prefix"],
    ["values in a list", (n) => ({ host: list(n, String) }), 200, "host"],
    ["paths in a list", (n) => ({ path: list(n, (i) => `/${i}`) }), 200, "path"],
  ])("%s", (_, match, limit, field) => {
    const policy = (size: number) => single({ rules: [{ match: match(size), variant: "origin" }] });
    expect(issuesOf(policy(limit))).toEqual([]);
    expect(issuesOf(policy(limit + 1)).map(({ path }) => path)).toEqual([
      `$.rules[0].match.${field}`,
    ]);
  });

  test("an epoch is a whole number that JavaScript holds exactly", () => {
    expect(issuesOf(single({ epoch: Number.MAX_SAFE_INTEGER }))).toEqual([]);
    expect(issuesOf(single({ epoch: Number.MAX_SAFE_INTEGER + 1 }))).toHaveLength(1);
  });

  test("a label of a cookie's domain has 63 characters", () => {
    const domain = (size: number) =>
      single({ sticky: { cookie: { domain: `${"d".repeat(size)}.example` } } });
    expect(issuesOf(domain(63))).toEqual([]);
    expect(issuesOf(domain(64)).map(({ path }) => path)).toEqual(["$.sticky.cookie.domain"]);
  });
});
