import * as v from "valibot";

import { strictObject, record, expected, message } from "../lib/strict-object.ts";
import { FlagSchema, TokenSchema } from "./values.ts";

/** Characters of one value to compare with. */
const MAX_CONDITION_CHARS = 1024;

/** Values in one list. */
const MAX_ANY_OF = 200;

const TextSchema = v.pipe(
  v.string(expected("be text", "write it in quotes")),
  v.maxLength(
    MAX_CONDITION_CHARS,
    expected(`have at most ${MAX_CONDITION_CHARS} characters`, "shorten it"),
  ),
);

const ListSchema = v.pipe(
  v.array(TextSchema, expected("be a list", 'write ["a", "b"]')),
  v.minLength(1, message("must name one value at least", "write a value, or false for absent")),
  v.maxLength(
    MAX_ANY_OF,
    message(
      `may name ${MAX_ANY_OF} values at most`,
      "use a prefix, or make it a header at the origin",
    ),
  ),
);

const PartSchema = v.pipe(
  strictObject(
    {
      prefix: v.exactOptional(TextSchema),
      suffix: v.exactOptional(TextSchema),
      contains: v.exactOptional(TextSchema),
    },
    "condition",
  ),
  v.check(
    (part) => Object.keys(part).length === 1,
    message(
      'must hold just one of "prefix", "suffix", "contains"',
      'write for example {"prefix": "a"}',
    ),
  ),
);

/** Equal (text), any of (list), present (true), absent (false), or a part of the value. */
export const ConditionSchema = v.lazy((input) => {
  if (typeof input === "string") return TextSchema;
  if (Array.isArray(input)) return ListSchema;
  if (typeof input === "object" && input !== null) return PartSchema;
  return v.boolean(
    expected(
      "be a condition: text, a list, true, false, or {prefix | suffix | contains}",
      'write for example "yes"',
    ),
  );
});

const PatternSchema = v.pipe(
  v.string(expected("be a path", 'write "/x" or "/x/*"')),
  v.regex(
    /^\/[^?#\s\\]*$/,
    expected(
      "be a path that begins with a slash",
      'write "/x" for just that path, "/x/*" for all under it',
    ),
  ),
  v.check(
    (path) => !path.replace(/\/\*$/, "").includes("*"),
    message("may hold * only as its last segment", 'write "/x/*"'),
  ),
);

const PathSchema = v.lazy((input) =>
  Array.isArray(input)
    ? v.pipe(
        v.array(PatternSchema),
        v.minLength(1, message("must name one path at least", 'write ["/x"]')),
        v.maxLength(MAX_ANY_OF, message(`may name ${MAX_ANY_OF} paths at most`, "use a path-map")),
      )
    : PatternSchema,
);

const NamedSchema = (what: string) =>
  record(
    v.pipe(v.string(), v.minLength(1, expected("not be empty", `write the ${what}'s name`))),
    ConditionSchema,
    expected(`be an object of ${what} names and conditions`, 'write {"name": "value"}'),
  );

const HeaderConditionsSchema = record(
  TokenSchema,
  ConditionSchema,
  expected("be an object of header names and conditions", 'write {"x-beta": "1"}'),
);

/** What a request must be for a rule to take it; all that stands here must hold. */
export const MatchSchema = v.pipe(
  strictObject(
    {
      host: v.exactOptional(ConditionSchema),
      method: v.exactOptional(ConditionSchema),
      path: v.exactOptional(PathSchema),
      header: v.exactOptional(HeaderConditionsSchema),
      query: v.exactOptional(NamedSchema("query parameter")),
      cookie: v.exactOptional(NamedSchema("cookie")),
      country: v.exactOptional(ConditionSchema),
      bot: v.exactOptional(FlagSchema),
    },
    "match",
  ),
  v.check(
    (match) => Object.keys(match).length > 0,
    message("is empty and would take every request", 'add a condition, or use "force"'),
  ),
);

export type ConditionInput = v.InferOutput<typeof ConditionSchema>;
export type MatchInput = v.InferOutput<typeof MatchSchema>;
