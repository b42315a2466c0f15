import { words } from "../../lib/strict-object.ts";
import {
  compileCondition,
  ConditionSchema,
  searchesOf,
  type ConditionInput,
} from "../predicates/condition.ts";
import type { Predicate } from "../predicates/definition.ts";
import { conditionInWords } from "../predicates/words.ts";
import type { ConditionDefinition } from "./definition.ts";
import { languagesOf } from "./language-tags.ts";
import { lower } from "./single-value.ts";

/** A language that the visitor accepts (Accept-Language, RFC 9110 §12.5.4): `de` is `de-AT` too. */
export const language: ConditionDefinition<ConditionInput, Predicate> = {
  schema: ConditionSchema,
  compile: (written) => compileCondition(written, lower),
  matches: (condition, facts) => condition.many(languagesOf(facts.header("accept-language"))),
  cacheKey: () => ({ vary: ["accept-language"], unshareable: false }),
  searches: searchesOf,
  describe: (written) => words(() => `an accepted language ${conditionInWords(written)}`),
};
