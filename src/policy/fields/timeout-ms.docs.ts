import type { FieldText } from "./docs-definition.ts";

export const timeoutMs: FieldText = {
  value: "1…100 000",
  meaning: "until the origin's response head. Default 30 000",
};
