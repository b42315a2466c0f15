import type { ConditionDocs } from "./docs-definition.ts";

export const scheme: ConditionDocs = { comparedWith: "`http` or `https`, as the visitor asked" };
