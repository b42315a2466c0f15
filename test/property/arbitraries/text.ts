import * as fc from "fast-check";
import {
  MAX_HEADER_VALUE_CHARS,
  MAX_NAME_CHARS,
  MAX_SALT_CHARS,
} from "../../../src/policy/limits.ts";

/** Names that both policies and facts draw from, so that arbitrary requests meet what arbitrary policies ask for. */
export const POOL = {
  headers: ["x-beta", "x-user-id", "accept-language"],
  queries: ["uid", "beta"],
  cookies: ["sy", "consent", "beta"],
  values: ["1", "yes", "treatment", "de-DE"],
  goals: ["purchase", "revenue"],
  countries: ["DE", "US", "JP"],
  variants: ["control", "treatment", "stable", "canary", "blue", "green", "origin", "é漢🎉"],
} as const;

/** JavaScript's own names, which a policy may not use as keys. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** Mostly one of a few known values, else anything. */
export const oftenOf = <T>(pool: readonly T[], any: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constantFrom(...pool), weight: 3 }, { arbitrary: any, weight: 1 });

const plain = (maxLength: number) =>
  fc
    .oneof(
      fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: Math.min(maxLength, 20) }),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 }),
      // As long as may be, without a draw for each of its characters.
      fc
        .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 8 })
        .map((text) => text.repeat(maxLength).slice(0, maxLength)),
    )
    .filter((text) => text.length <= maxLength && text.trim() === text && !/\p{Cc}/u.test(text));

/** A variant's, rule's or group's name, every length and alphabet a policy may hold. */
export const names: fc.Arbitrary<string> = oftenOf(POOL.variants, plain(MAX_NAME_CHARS));

export const salts: fc.Arbitrary<string> = plain(MAX_SALT_CHARS);

const anyToken = fc
  .stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/)
  .filter((token) => !RESERVED.has(token));

/** A token of RFC 9110. */
export const tokens = (pool: readonly string[]): fc.Arbitrary<string> => oftenOf(pool, anyToken);

/** A header's value as a policy may write it. */
export const headerValues: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.stringMatching(/^[\t\x20-\x7E]{0,30}$/), weight: 99 },
  { arbitrary: fc.constant("v".repeat(MAX_HEADER_VALUE_CHARS)), weight: 1 },
);

/** What stands in a header, cookie or query that a rule may ask about. */
export const values: fc.Arbitrary<string> = oftenOf(
  POOL.values,
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

/** An object with arbitrary keys; those that JavaScript reserves are left out. */
export const dictionary = <T>(
  keys: fc.Arbitrary<string>,
  entries: fc.Arbitrary<T>,
  minKeys = 0,
): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(keys, entries), {
      minLength: minKeys,
      maxLength: 3,
      selector: ([key]) => key.toLowerCase(),
    })
    .map((pairs) => Object.fromEntries(pairs.filter(([key]) => !RESERVED.has(key))));

/** A share in percent; the edges and small shares often. */
export const percents: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 0.01, 1, 5, 50, 99.99, 100),
  fc.double({ min: 0, max: 100, noNaN: true }).map(Math.abs),
);

/** A time as a policy writes it: RFC 3339 with a zone. */
export const instants: fc.Arbitrary<string> = fc
  .tuple(
    fc.date({
      min: new Date("2026-01-01T00:00:00Z"),
      max: new Date("2028-01-01T00:00:00Z"),
      noInvalidDate: true,
    }),
    fc.constantFrom("Z", "+05:30", "-08:00"),
  )
  .map(([date, zone]) => date.toISOString().replace("Z", zone));

/** Milliseconds since 1970, in and around the times of {@link instants}. */
export const clocks: fc.Arbitrary<number> = fc.integer({
  min: Date.UTC(2025, 11, 1),
  max: Date.UTC(2028, 1, 1),
});

/** Surrogates are no characters: so many numbers from here on are left out. */
const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd8_00;

/** Any character, as the unit "binary" of fast-check, which takes a second to make an index of all of them. */
export const characters: fc.Arbitrary<string> = fc
  .nat(0x10_ff_ff - SURROGATES)
  .map((n) => String.fromCodePoint(n < FIRST_SURROGATE ? n : n + SURROGATES));

/** Ids as the gateway draws them. */
export const ids: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
