import type { ConditionDocs } from "./docs-definition.ts";

export const query: ConditionDocs = {
  comparedWith: "name → condition. Of repeated parameters one that fits is enough",
};
