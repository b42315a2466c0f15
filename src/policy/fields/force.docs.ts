import type { FieldText } from "./docs-definition.ts";

export const force: FieldText = {
  value: "variant",
  meaning: "kill switch: everybody gets it, ahead of everything",
};
