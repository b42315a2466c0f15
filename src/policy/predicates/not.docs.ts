import type { PredicateDocs } from "./docs-definition.ts";

export const not: PredicateDocs = {
  example: '{ "not": condition }',
  holds: "does not fit that condition, or is not there; of repeated values none may fit",
};
