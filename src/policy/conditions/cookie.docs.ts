import type { ConditionDocs } from "./docs-definition.ts";

export const cookie: ConditionDocs = { comparedWith: "name → condition. Likewise" };
