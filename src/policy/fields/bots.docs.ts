import type { FieldText } from "./docs-definition.ts";

export const bots: FieldText = {
  value: '`"split"` or a variant',
  meaning: "where declared crawlers go. Default `split`",
};
