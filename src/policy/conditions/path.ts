import * as v from "valibot";

import { normalPath } from "../../lib/path.ts";
import { expected, message } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import { MAX_ANY_OF } from "../predicates/condition.ts";
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

const PathSchema = v.lazy((input) =>
  Array.isArray(input)
    ? v.pipe(
        v.array(PatternSchema),
        v.minLength(1, message("must name one path at least", 'write ["/x"]')),
        v.maxLength(MAX_ANY_OF, message(`may name ${MAX_ANY_OF} paths at most`, "use a path-map")),
      )
    : PatternSchema,
);

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

/** The path, whole or by prefix on segment boundaries, in its one normal form. */
export const path: ConditionDefinition<string | string[], readonly Pattern[]> = {
  schema: PathSchema,
  compile: (written) => (Array.isArray(written) ? written : [written]).map(compilePattern),
  matches: (patterns, _facts, asked) =>
    patterns.some((one) => asked === one.path || (one.under && asked.startsWith(`${one.path}/`))),
  cacheKey: () => NOTHING,
  describe: (written) => `the path is ${[written].flat().join(" or ")}`,
};
