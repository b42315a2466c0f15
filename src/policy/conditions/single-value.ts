import { words } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import type { CacheKey } from "../compiled.ts";
import type { Facts } from "../facts.ts";
import {
  compileCondition,
  ConditionSchema,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import type { Fold, Predicate } from "../predicates/definition.ts";
import { conditionInWords } from "../predicates/words.ts";
import type { ConditionDefinition } from "./definition.ts";

interface SingleValue {
  /** What the value is called in sentences. */
  readonly name: string | undefined;
  /** The one spelling in which values are compared. */
  readonly fold: Fold;
  readonly read: (facts: Facts) => string | undefined;
  readonly cacheKey?: CacheKey;
}

/** A condition on something that a request has once or not at all. */
export function singleValue({
  name,
  fold,
  read,
  cacheKey = NOTHING,
}: SingleValue): ConditionDefinition<ConditionInput, Predicate> {
  return {
    schema: ConditionSchema,
    compile: (written) => compileCondition(written, fold),
    matches: (condition, facts) => condition.one(read(facts)),
    cacheKey: () => cacheKey,
    searches: searchesOf,
    describe: (written) => words(() => `${name} ${conditionInWords(written)}`),
  };
}

/** Text in lower case. */
export const lower: Fold = (value) => value.toLowerCase();

/** Text in upper case. */
export const upper: Fold = (value) => value.toUpperCase();
