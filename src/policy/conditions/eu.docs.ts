import type { ConditionDocs } from "./docs-definition.ts";

export const eu: ConditionDocs = {
  comparedWith: "`true` in the European Union, by Cloudflare's word; `false` for everybody else",
};
