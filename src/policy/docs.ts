import { CONDITION_DOCS } from "./conditions/docs.ts";
import type { ConditionDocs } from "./conditions/docs-definition.ts";
import type { FieldText } from "./fields/docs-definition.ts";
import { FIELD_DOCS } from "./fields/docs.ts";
import { PREDICATE_DOCS } from "./predicates/docs.ts";
import type { PredicateDocs } from "./predicates/docs-definition.ts";
import { STRATEGY_DOCS } from "./strategies/docs.ts";
import type { AnyStrategyDocs } from "./strategies/docs-definition.ts";

/** What people read of a policy language: the counterpart of its registries, which the gateway never loads. */
export interface LanguageDocs {
  readonly strategies: Readonly<Record<string, AnyStrategyDocs>>;
  readonly conditions: Readonly<Record<string, ConditionDocs>>;
  readonly fields: Readonly<Record<string, FieldText>>;
  readonly predicates: Readonly<Record<string, PredicateDocs>>;
}

/** Of the language that policies are written in. */
export const DOCS: LanguageDocs = {
  strategies: STRATEGY_DOCS,
  conditions: CONDITION_DOCS,
  fields: FIELD_DOCS,
  predicates: PREDICATE_DOCS,
};
