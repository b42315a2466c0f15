import type { ConditionDocs } from "./docs-definition.ts";

export const bot: ConditionDocs = {
  comparedWith: "`true` for declared crawlers, `false` for everybody else",
};
