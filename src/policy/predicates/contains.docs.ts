import type { PredicateDocs } from "./docs-definition.ts";

export const contains: PredicateDocs = { example: '{ "contains": "a" }', holds: "has it anywhere" };
