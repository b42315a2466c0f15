import * as fc from "fast-check";
import {
  MAX_CAP,
  MAX_HOLD_SECONDS,
  MAX_CACHE_SECONDS,
  MAX_MIRRORS,
  MAX_RETRIES,
  MAX_TTL_SECONDS,
} from "../../../src/policy/limits.ts";
import { isReservedName } from "../../../src/lib/reserved-names.ts";
import type { MatchInput } from "../../../src/policy/conditions/index.ts";
import type { ConditionInput } from "../../../src/policy/predicates/condition.ts";
import type { Canary, PathMap } from "../../../src/policy/schema.ts";
import type { GoalInput } from "../../../src/policy/fields/goals.ts";
import type { StickyInput } from "../../../src/policy/fields/sticky.ts";
import { headerFields, origins, requestHeaders, rewrites, timeouts } from "./origins.ts";
import {
  dictionary,
  instants,
  names,
  oftenOf,
  percents,
  POOL,
  salts,
  tokens,
  values,
} from "./text.ts";

const cookieNames = tokens(POOL.cookies).filter((name) => !/^__(?:host|secure)-/i.test(name));
const queryNames = oftenOf(POOL.queries, fc.string({ minLength: 1, maxLength: 8 }));

const sources = fc.oneof(
  fc.constantFrom("cookie" as const, "ip" as const),
  requestHeaders.map((header) => ({ header })),
  queryNames.map((query) => ({ query })),
);

const cookies = fc.record(
  {
    name: cookieNames,
    ttlSeconds: fc.integer({ min: 1, max: MAX_TTL_SECONDS }),
    domain: fc.constantFrom("example.com", ".example.com", "Shop.Example.org"),
    sameSite: fc.constantFrom("lax" as const, "strict" as const, "none" as const),
    partitioned: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Stickiness in full, or `false`. */
export const stickies: fc.Arbitrary<StickyInput> = fc.oneof(
  { arbitrary: fc.constant(false as const), weight: 1 },
  {
    arbitrary: fc
      .record(
        {
          by: fc.array(sources, { minLength: 1, maxLength: 3 }),
          mode: fc.constantFrom("hash" as const, "pin" as const),
          cookie: cookies,
          onZero: fc.constantFrom("keep" as const, "evict" as const),
        },
        { requiredKeys: [] },
      )
      .map((sticky) =>
        sticky.mode === "pin" && sticky.by !== undefined && !sticky.by.includes("cookie")
          ? { ...sticky, by: [...sticky.by, "cookie" as const] }
          : sticky,
      ),
    weight: 4,
  },
);

/** An object with some of these fields. Only those are drawn: all of them, most to be thrown away, take ten times as long. */
function someOf<T extends object>(
  model: { readonly [K in keyof T]-?: fc.Arbitrary<T[K]> },
  least: number,
  most: number,
): fc.Arbitrary<Partial<T>> {
  const all = Object.entries<fc.Arbitrary<unknown>>(model);
  return fc
    .subarray(all, { minLength: least, maxLength: most })
    .chain((fields) => fc.record(Object.fromEntries(fields)) as fc.Arbitrary<Partial<T>>);
}

const conditionOn = (texts: fc.Arbitrary<string>): fc.Arbitrary<ConditionInput> =>
  fc.oneof(
    texts,
    fc.array(texts, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.oneof(
      texts.map((prefix) => ({ prefix })),
      texts.map((suffix) => ({ suffix })),
      texts.map((contains) => ({ contains })),
    ),
  );

const patterns = fc.constantFrom("/", "/*", "/a", "/a/*", "/admin/*", "/%61dmin", "/é/*");

const questions = {
  host: conditionOn(fc.constantFrom("shop.example.com", "EXAMPLE", "shop.")),
  method: conditionOn(fc.constantFrom("GET", "post", "HEAD")),
  path: fc.oneof(patterns, fc.array(patterns, { minLength: 1, maxLength: 3 })),
  header: dictionary(requestHeaders, conditionOn(values)),
  query: dictionary(queryNames, conditionOn(values)),
  cookie: dictionary(tokens(POOL.cookies), conditionOn(values)),
  country: conditionOn(fc.constantFrom("DE", "us", "")),
  bot: fc.boolean(),
};

/** What a rule may ask of a request: one or two conditions, so that some requests meet them. */
export const matches: fc.Arbitrary<MatchInput> = someOf(questions, 1, 2);

const groups = fc
  .tuple(names, percents, percents)
  .filter(([, from, to]) => from !== to)
  .map(([name, a, b]) => ({ name, from: Math.min(a, b), to: Math.max(a, b) }));

const failures = fc.constantFrom<"network" | "timeout" | 502 | 503 | 504>(
  "network",
  "timeout",
  502,
  503,
  504,
);

const mirrors = fc.record({ origin: origins, percent: percents });

/** Whose pages may ask: with credentials only those that are named. */
export const cors = fc
  .record(
    {
      origins: fc.subarray(["https://www.example.com", "https://*.example.org", "http://*:8080"], {
        minLength: 1,
      }),
      isAll: fc.boolean(),
      methods: fc.subarray(["GET", "PUT", "*"]),
      headers: fc.subarray(["x-a", "authorization", "*"]),
      expose: fc.subarray(["x-b", "*"]),
      credentials: fc.boolean(),
      maxAgeSeconds: fc.nat(86_400),
    },
    { requiredKeys: ["origins"] },
  )
  .map(({ isAll = false, ...written }) =>
    isAll && written.credentials !== true ? { ...written, origins: ["*"] } : written,
  );

const statuses = fc.constantFrom<"2xx" | "3xx" | "4xx" | "5xx" | number>(
  "2xx",
  "3xx",
  "4xx",
  "5xx",
  200,
  404,
  599,
);

const counting = fc.record(
  {
    count: fc.constantFrom("once" as const, "every" as const),
    cap: fc.oneof(fc.constantFrom(0.01, MAX_CAP), fc.integer({ min: 1, max: 1000 })),
  },
  { requiredKeys: [] },
);

/** What counts as success, by requests and by the origin's word. */
export const goals: fc.Arbitrary<GoalInput[]> = fc.uniqueArray(
  fc.oneof(
    fc
      .tuple(
        fc.record(
          {
            name: names.filter((name) => !isReservedName(name)),
            match: matches,
            status: fc.array(statuses, { minLength: 1, maxLength: 3 }),
          },
          { requiredKeys: ["name", "match"] },
        ),
        counting,
      )
      .map(([goal, how]) => ({ ...goal, ...how })),
    fc
      .tuple(tokens(POOL.goals), counting)
      .map(([name, how]) => ({ name, from: "origin" as const, ...how })),
  ),
  { maxLength: 3, selector: ({ name }) => name },
);

/** Every common field but `rules` and `bots`, which name variants or hold policies, `experiment`, of which no policy has two alike, and `goals`, which the root alone has; at most five at a time. */
export const commonFields: fc.Arbitrary<
  Omit<PathMap, "strategy" | "paths" | "default" | "rules" | "bots" | "experiment" | "goals">
> = someOf(
  {
    salt: salts,
    epoch: fc.oneof(fc.nat(3), fc.constant(Number.MAX_SAFE_INTEGER)),
    sticky: stickies,
    coverage: percents,
    group: groups,
    headers: headerFields,
    stripPrefix: fc.boolean(),
    rewrite: rewrites,
    cors,
    timeoutMs: timeouts,
    retry: fc.record(
      {
        attempts: fc.integer({ min: 1, max: MAX_RETRIES }),
        on: fc.array(failures, { minLength: 1, maxLength: 5 }),
      },
      { requiredKeys: ["attempts"] },
    ),
    rescue: fc.boolean(),
    assetRescue: fc.boolean(),
    fallback: origins,
    mirror: fc.oneof(mirrors, fc.array(mirrors, { minLength: 1, maxLength: MAX_MIRRORS })),
    override: fc.constantFrom("signed" as const, "open" as const, "off" as const),
    cache: fc.record(
      {
        ttlSeconds: fc.integer({ min: 0, max: MAX_CACHE_SECONDS }),
        vary: fc.subarray(["accept", "Accept-Language", "cookie", "x-app"]),
      },
      { requiredKeys: ["ttlSeconds"] },
    ),
    visitorHeader: fc.boolean(),
    consent: fc.record(
      { cookie: tokens(POOL.cookies), value: values },
      { requiredKeys: ["cookie"] },
    ),
  },
  0,
  5,
).map(withOneWord);

/** Both say the same in two ways, and no policy says it twice. */
function withOneWord<T extends Pick<PathMap, "rewrite" | "stripPrefix">>(fields: T): T {
  const { stripPrefix: _stripPrefix, ...rest } = fields;
  return fields.rewrite === undefined ? fields : (rest as T);
}

/** Rising steps, each but the last with a hold, which may have one too. */
const steps = fc
  .tuple(
    fc.array(fc.tuple(percents, fc.integer({ min: 1, max: MAX_HOLD_SECONDS })), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.boolean(),
  )
  .map(([pairs, lastHolds]) =>
    pairs
      .toSorted(([a], [b]) => a - b)
      .map(([percent, holdSeconds], index) =>
        index < pairs.length - 1 || lastHolds ? { percent, holdSeconds } : { percent },
      ),
  );

export const ramps: fc.Arbitrary<NonNullable<Canary["ramp"]>> = fc.record(
  { startAt: instants, steps, pausedAt: fc.option(instants) },
  { requiredKeys: ["startAt", "steps"] },
);
