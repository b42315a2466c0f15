import type { FieldText } from "./docs-definition.ts";

export const coverage: FieldText = {
  value: "0…100",
  meaning:
    "share of visitors in the experiment at all; the rest get the default variant and are not counted",
};
