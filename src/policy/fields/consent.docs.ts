import type { FieldText } from "./docs-definition.ts";

export const consent: FieldText = {
  value: '`{ "cookie", "value"? }`',
  meaning: "until this cookie is there, no cookie is set and the default variant serves",
};
