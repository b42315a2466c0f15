import type { ConditionDocs } from "./docs-definition.ts";

export const language: ConditionDocs = {
  comparedWith:
    'each language that Accept-Language names with a weight above 0; `"de"` is `de-AT` too, `*` is none',
};
