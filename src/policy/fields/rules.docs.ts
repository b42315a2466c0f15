import type { FieldText } from "./docs-definition.ts";

export const rules: FieldText = {
  value: 'list of `{ "name"?, "match", "variant"?, "policy"?, "pin"? }`',
  meaning: "[targeting](#rules)",
};
