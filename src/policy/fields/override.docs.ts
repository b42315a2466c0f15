import type { FieldText } from "./docs-definition.ts";

export const override: FieldText = {
  value: '`"signed"`, `"open"`, `"off"`',
  meaning: "QA links that force a variant. Default `signed`",
};
