import * as v from "valibot";

import { expected, words } from "../lib/strict-object.ts";
import { instant } from "../lib/instant.ts";
import { MAX_NAME_CHARS, MAX_TIMEOUT_MS } from "./limits.ts";

/** A whole number from `low` to `high`, both in. */
export function whole(low: number, high: number, example: number) {
  const invalid = expected(
    () => `be a whole number from ${low} to ${high}`,
    () => `write for example ${example}`,
  );
  return v.pipe(
    v.number(invalid),
    v.integer(invalid),
    v.minValue(low, invalid),
    v.maxValue(high, invalid),
  );
}

/** A share of visitors in percent, 0 to 100, fractions allowed. */
export function percent() {
  const invalid = expected("be a number from 0 to 100", "write for example 5");
  return v.pipe(v.number(invalid), v.minValue(0, invalid), v.maxValue(100, invalid));
}

/** Text without control characters, so that no part of a hash can hold the line feed that parts them. */
export function text(maxChars: number, what: string | undefined) {
  const invalid = expected(
    () =>
      `be ${what}: 1 to ${maxChars} characters, no control characters or half surrogates, no space at either end`,
    "write a short name",
  );
  return v.pipe(
    v.string(invalid),
    v.minLength(1, invalid),
    v.maxLength(maxChars, invalid),
    v.check(
      (value) =>
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        !/[\u0000-\u001F\u007F]/.test(value) && value.trim() === value && value.isWellFormed(),
      invalid,
    ),
  );
}

/** The name of a variant, a rule or a group. */
export const NameSchema = text(MAX_NAME_CHARS, words("a name"));

/** One of a few words. */
export function word<const TWords extends readonly [string, ...string[]]>(known: TWords) {
  return v.picklist(
    known,
    expected(
      () => `be one of ${known.map((one) => `"${one}"`).join(", ")}`,
      () => `write "${known[0]}"`,
    ),
  );
}

/** True or false. */
export const FlagSchema = v.boolean(expected("be true or false", "write true or false"));

/** A time with its zone, RFC 3339. */
export const InstantSchema = v.pipe(
  v.string(expected("be a time", 'write for example "2026-12-01T09:00:00Z"')),
  v.check(
    (value) => instant(value) !== undefined,
    expected(
      "be a time that exists, with its zone (RFC 3339)",
      'write for example "2026-12-01T09:00:00Z"',
    ),
  ),
);

/** A token of RFC 9110 §5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A header, cookie or method name: a token of RFC 9110 §5.6.2. */
export const TokenSchema = v.pipe(
  v.string(expected("be text", "write a name")),
  v.regex(
    TOKEN,
    expected("be a token (letters, digits and !#$%&'*+-.^_`|~)", "take the other characters out"),
  ),
  v.maxLength(
    MAX_NAME_CHARS * 2,
    expected(() => `have at most ${MAX_NAME_CHARS * 2} characters`, "shorten it"),
  ),
);

/** Until the origin's response head, in milliseconds. */
export const TimeoutSchema = whole(1, MAX_TIMEOUT_MS, 5000);
