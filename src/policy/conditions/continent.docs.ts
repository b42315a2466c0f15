import type { ConditionDocs } from "./docs-definition.ts";

export const continent: ConditionDocs = {
  comparedWith: "two letters, without case, from Cloudflare: `EU`, `NA`",
};
