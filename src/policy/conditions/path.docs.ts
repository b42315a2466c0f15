import type { ConditionDocs } from "./docs-definition.ts";

export const path: ConditionDocs = {
  comparedWith:
    '`"/x"` is just that path, `"/x/*"` is `/x` and everything under it; or a list of these, or a condition on the path as a text',
};
