import * as v from "valibot";

import { message, strictObject, words } from "../lib/strict-object.ts";
import { joinCacheKeys } from "./cache-key.ts";
import type { CacheKey } from "./compiled.ts";
import type { AnyCondition } from "./conditions/definition.ts";
import type { MatchInput } from "./conditions/index.ts";

/** Conditions by the name of their field of `match`. */
export type Conditions = Readonly<Record<string, AnyCondition>>;

/** One condition of a rule, ready to be held against requests. */
export interface CompiledCondition {
  readonly definition: AnyCondition;
  readonly compiled: unknown;
  readonly written: unknown;
}

/** All conditions of a rule. */
export type Match = readonly CompiledCondition[];

/** The schema of `match` in a language with these conditions. */
export function matchSchema(conditions: Conditions): v.GenericSchema<MatchInput, MatchInput> {
  const entries = Object.entries(conditions).map(
    ([name, { schema }]) => [name, v.exactOptional(schema)] as const,
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries come from the registry, and so does the type
  return v.pipe(
    strictObject(Object.fromEntries(entries), words("match")),
    v.check(
      (match) => Object.keys(match).length > 0,
      message("is empty and would take every request", 'add a condition, or use "force"'),
    ),
  ) as v.GenericSchema as v.GenericSchema<MatchInput, MatchInput>;
}

/** A rule's conditions, ready to run, in the registry's order. */
export function compileMatch(written: MatchInput, conditions: Conditions): Match {
  const values = new Map<string, unknown>(Object.entries(written));
  return Object.entries(conditions).flatMap(([name, definition]) =>
    values.has(name)
      ? [
          {
            definition,
            compiled: definition.compile(values.get(name)),
            written: values.get(name),
          },
        ]
      : [],
  );
}

/** What the outcome of a rule depends on, for caches. */
export function cacheKeyOfMatch(match: Match): CacheKey {
  return joinCacheKeys(match.map(({ definition, compiled }) => definition.cacheKey(compiled)));
}

/** A rule's conditions in words, for `explain`. */
export function describeMatch(match: Match): string {
  return match.map(({ definition, written }) => definition.describe(written) ?? "").join(", ");
}
