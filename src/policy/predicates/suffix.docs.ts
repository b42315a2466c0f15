import type { PredicateDocs } from "./docs-definition.ts";

export const suffix: PredicateDocs = { example: '{ "suffix": "a" }', holds: "ends with it" };
