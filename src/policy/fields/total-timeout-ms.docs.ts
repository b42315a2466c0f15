import type { FieldText } from "./docs-definition.ts";

export const totalTimeoutMs: FieldText = {
  value: "1…300 000",
  meaning: "all tries, rescue and fallback together. Default none",
};
