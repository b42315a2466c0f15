import type { ConditionDocs } from "./docs-definition.ts";

export const country: ConditionDocs = {
  comparedWith: "two letters, without case, from Cloudflare",
};
