import type { ConditionDocs } from "./docs-definition.ts";

export const header: ConditionDocs = {
  comparedWith:
    "name → condition. Names without case; a repeated header is its combined value, `a, b` (RFC 9110 §5.3)",
};
