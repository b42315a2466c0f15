import type { PredicateDocs } from "./docs-definition.ts";

export const regex: PredicateDocs = {
  example: '{ "regex": "[a-z]+-\\\\d{2}" }',
  holds: "fits the regular expression whole",
};
