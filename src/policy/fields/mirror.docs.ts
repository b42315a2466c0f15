import type { FieldText } from "./docs-definition.ts";

export const mirror: FieldText = {
  value: '`{ "origin", "percent" }`',
  meaning: "a shadow copy whose answer nobody waits for",
};
