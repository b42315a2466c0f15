import * as fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { OPERATIONS } from "../../../src/api/operations.ts";
import { ACTION_NAMES } from "../../../src/policy/actions/names.ts";
import { webUrls } from "../../property/arbitraries/web.ts";
import { check } from "../../support/property.ts";
import { policy } from "../../support/policies.ts";
import { api, canary, create, logged } from "./api.ts";

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double());

const described = fc.record(
  {
    url: fc.oneof(webUrls, fc.constant("https://x.example.com/fuzzed/a?sy=sy1.a.b"), fc.string()),
    method: fc.string(),
    headers: fc.dictionary(fc.string(), fc.string()),
    country: fc.string({ maxLength: 3 }),
    ip: fc.string(),
    visitor: fc.stringMatching(/^[A-Za-z0-9_-]{20,23}$/),
    seenAt: fc.constantFrom("2026-12-01T09:00:00Z", "0000-01-01T00:00:00Z", "never"),
    at: fc.constantFrom(
      "2026-12-01T09:00:00Z",
      "9999-12-31T23:59:59Z",
      "0000-01-01T00:00:00Z",
      "never",
    ),
  },
  { requiredKeys: ["url"] },
);

/** Fields that some operation takes, with values that may or may not be theirs. */
const fields = fc.record(
  {
    policy: fc.oneof(policy, fc.jsonValue()),
    patch: fc.jsonValue(),
    request: fc.oneof(described, fc.jsonValue()),
    version: fc.oneof(fc.integer({ min: -1, max: 3 }), scalar),
    note: scalar,
    allowReshuffle: fc.boolean(),
    variant: fc.oneof(fc.constant("canary"), scalar),
    url: fc.oneof(webUrls, scalar),
    ttlSeconds: fc.oneof(fc.integer(), scalar),
    to: scalar,
    at: fc.oneof(fc.constantFrom("now", "safe"), scalar),
    node: fc.oneof(fc.constant(""), fc.constant("/rules/0/policy"), fc.string()),
    seconds: fc.oneof(fc.integer({ min: 1, max: 10 }), scalar),
    weights: fc.oneof(fc.dictionary(fc.string(), fc.integer()), scalar),
  },
  { requiredKeys: [] },
);

const picked = fc
  .tuple(fields, fc.subarray(["policy", "patch", "request", "version", "note", "node", "to"]))
  .map(([all, names]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => names.some((one) => one === name))),
  );

const body = fc.oneof(
  fields,
  picked,
  fc.jsonValue(),
  fc.string().map((text) => `{"policy": ${text}}`),
);

const segment = fc.oneof(
  fc.constantFrom("fuzzed", "%2A", "*", "nobody", "*.example.com"),
  fc.string().map(encodeURIComponent),
);

const target = fc
  .tuple(
    fc.constantFrom(...OPERATIONS),
    segment,
    fc.oneof(fc.constantFrom(...ACTION_NAMES), segment),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([{ method, path }, key, action, version]) => ({
    method,
    path: path
      .replace(":key", () => key)
      .replace(":action", () => action)
      .replace(":version", String(version)),
  }));

const query = fc.oneof(
  fc.constant(""),
  fc
    .dictionary(
      fc.constantFrom("limit", "cursor", "from", "to", "q", "prefix"),
      fc.oneof(fc.nat().map(String), fc.string()),
      { maxKeys: 3 },
    )
    .map((all) => `?${new URLSearchParams(all).toString()}`),
);

const condition = fc.constantFrom<Record<string, string>>(
  {},
  { "if-match": "*" },
  { "if-match": '"1"' },
  { "if-none-match": "*" },
  { "if-match": "x" },
);

beforeAll(async () => {
  await create("fuzzed", canary(5));
});

it("answers every request as documented, and fails at none", async () => {
  await check(
    fc.asyncProperty(
      target,
      query,
      condition,
      body,
      async ({ method, path }, search, headers, sent) => {
        logged.length = 0;
        const carries = method === "GET" || path.includes("//") ? {} : { body: sent };
        const { status } = await api(method, path + search, { headers, ...carries });
        expect(`${status} ${logged.join(" ")}`).not.toMatch(/^5/);
      },
    ),
    { runs: 600 },
  );
});
