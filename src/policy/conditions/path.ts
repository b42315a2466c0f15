import * as v from "valibot";

import { normalPath } from "../../lib/path.ts";
import { expected, list, message, words } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import {
  compilePredicate,
  ConditionSchema,
  MAX_ANY_OF,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import { present, type Predicate } from "../predicates/definition.ts";
import { conditionInWords } from "../predicates/words.ts";
import type { ConditionDefinition } from "./definition.ts";

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

const ListSchema = v.pipe(
  list(PatternSchema, expected("be a list", 'write ["/x"]')),
  v.minLength(1, message("must name one path at least", 'write ["/x"]')),
  v.maxLength(
    MAX_ANY_OF,
    message(() => `may name ${MAX_ANY_OF} paths at most`, "use a path-map"),
  ),
);

const PathSchema = v.lazy((input): v.GenericSchema<ConditionInput> => {
  if (Array.isArray(input)) return ListSchema;
  return typeof input === "object" && input !== null ? ConditionSchema : PatternSchema;
});

interface Pattern {
  readonly path: string;
  /** Whether everything under the path fits too. */
  readonly under: boolean;
}

function compilePattern(text: string): Pattern {
  const under = text.endsWith("/*");
  const path = normalPath(new URL(`http://host${under ? text.slice(0, -2) : text}`).pathname);
  return { path: under ? path.replace(/\/$/, "") : path, under };
}

const asIs = (path: string): string => path;

/** Texts are patterns here, inside another condition too; a prefix or a regular expression is of the text. */
export function compilePath(written: ConditionInput): Predicate {
  if (typeof written === "boolean") return present(() => written);
  if (typeof written === "object" && !Array.isArray(written))
    return compilePredicate(written, asIs, compilePath);
  const patterns = [written].flat().map(compilePattern);
  return present((asked) =>
    patterns.some(({ path, under }) => asked === path || (under && asked.startsWith(`${path}/`))),
  );
}

/** The prefixes, in normal form, that a written condition names as `"/x/*"`; a text inside another condition names none. */
export function prefixesOf(written: ConditionInput | undefined): readonly string[] {
  if (typeof written !== "string" && !Array.isArray(written)) return [];
  return [written]
    .flat()
    .map(compilePattern)
    .flatMap((one) => (one.under && one.path !== "" ? [one.path] : []));
}

/** Whether a written condition holds for every path. */
export function takesEveryPath(written: ConditionInput): boolean {
  if (typeof written === "boolean") return written;
  if (typeof written === "object" && !Array.isArray(written)) return written.prefix === "/";
  return [written].flat().some((text) => {
    const { path: prefix, under } = compilePattern(text);
    return under && prefix === "";
  });
}

/** The path in its one normal form: whole, by prefix on segment boundaries, or by a condition on its text. */
export const path: ConditionDefinition<ConditionInput, Predicate> = {
  schema: PathSchema,
  compile: compilePath,
  matches: (condition, _facts, asked) => condition.one(asked),
  cacheKey: () => NOTHING,
  searches: searchesOf,
  describe: (written) => words(() => `the path ${conditionInWords(written)}`),
};
