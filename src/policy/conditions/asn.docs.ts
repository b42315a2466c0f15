import type { ConditionDocs } from "./docs-definition.ts";

export const asn: ConditionDocs = {
  comparedWith:
    "the number of the visitor's network, as a number or in digits, from Cloudflare; a list of these, or what is none of them",
};
