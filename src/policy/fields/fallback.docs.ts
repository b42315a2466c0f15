import type { FieldText } from "./docs-definition.ts";

export const fallback: FieldText = { value: "origin", meaning: "when everything else failed" };
