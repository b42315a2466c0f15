import * as v from "valibot";

import { expected, message, record, words, type Words } from "../../lib/strict-object.ts";
import type { CacheKey } from "../compiled.ts";
import type { Facts } from "../facts.ts";
import { MAX_CONDITION_NAMES } from "../limits.ts";
import {
  compileCondition,
  ConditionSchema,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import type { Fold, Predicate } from "../predicates/definition.ts";
import { conditionInWords } from "../predicates/words.ts";
import type { ConditionDefinition } from "./definition.ts";

/** What a policy writes: names and what the value of each must be. */
export type NamedConditions = Record<string, ConditionInput>;

/** Names and what the value of each must be, ready to run, in the order written. */
export type NamedPredicates = readonly (readonly [name: string, condition: Predicate])[];

interface NamedValues {
  /** What one value is called in sentences. */
  readonly name: string | undefined;
  /** What a name may be. */
  readonly nameSchema: v.GenericSchema<string, string>;
  /** What anything else is told. */
  readonly mustBe: Words;
  readonly foldName: Fold;
  readonly holds: (condition: Predicate, facts: Facts, name: string) => boolean;
  readonly cacheKey: (names: readonly string[]) => CacheKey;
}

/** A condition on values that a request has by name: every one named must hold. */
export function namedValues({
  name: what,
  nameSchema,
  mustBe,
  foldName,
  holds,
  cacheKey,
}: NamedValues): ConditionDefinition<NamedConditions, NamedPredicates> {
  return {
    schema: v.pipe(
      record(nameSchema, ConditionSchema, mustBe),
      v.check(
        (written) => Object.keys(written).length <= MAX_CONDITION_NAMES,
        message(
          () => `may name ${MAX_CONDITION_NAMES} of them at most`,
          "part it into rules, or make it one header at the edge",
        ),
      ),
    ),
    compile: (written) =>
      Object.entries(written).map(([name, one]) => [foldName(name), compileCondition(one)]),
    matches: (named, facts) => named.every(([name, one]) => holds(one, facts, name)),
    searches: (written) => Object.values(written).flatMap(searchesOf),
    cacheKey: (named) => cacheKey(named.map(([name]) => name)),
    describe: (written) =>
      words(() =>
        Object.entries(written)
          .map(([name, one]) => `the ${what} "${name}" ${conditionInWords(one)}`)
          .join(" and "),
      ),
  };
}

/** A name that is any text but none. */
export const anyName = (what: string | undefined): v.GenericSchema<string, string> =>
  v.pipe(
    v.string(),
    v.minLength(
      1,
      expected("not be empty", () => `write the ${what}'s name`),
    ),
  );
