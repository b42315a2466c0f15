import type { ConditionDocs } from "./docs-definition.ts";

export const region: ConditionDocs = {
  comparedWith: "the ISO 3166-2 code without its country, from Cloudflare: `BY` for Bavaria",
};
