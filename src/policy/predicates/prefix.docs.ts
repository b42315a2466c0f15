import type { PredicateDocs } from "./docs-definition.ts";

export const prefix: PredicateDocs = {
  example: '{ "prefix": "a" }',
  holds: "begins with that text",
};
