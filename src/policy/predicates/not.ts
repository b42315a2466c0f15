import type { PredicateDefinition } from "./definition.ts";

/** What its condition does not fit: an absent value included; of repeated values none may fit. */
export const not: PredicateDefinition<unknown> = {
  schema: (condition) => condition,
  compile(written, _fold, nested) {
    const inner = nested(written);
    return {
      one: (value) => !inner.one(value),
      many: (values) => !inner.many(values),
    };
  },
  searches: (written, nested) => nested(written),
};
