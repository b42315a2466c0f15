import type { ConditionDocs } from "./docs-definition.ts";

export const method: ConditionDocs = { comparedWith: "the method, without case" };
