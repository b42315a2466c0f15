import type { FieldText } from "./docs-definition.ts";

export const experiment: FieldText = {
  value: "text",
  meaning:
    "what this split is called in headers, rows and results. Default: its effective salt. Two splits of one name are an error",
};
