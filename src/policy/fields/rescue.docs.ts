import type { FieldText } from "./docs-definition.ts";

export const rescue: FieldText = {
  value: "boolean",
  meaning:
    "after the retries, one try on another variant. Default true for canary (to stable), false elsewhere",
};
