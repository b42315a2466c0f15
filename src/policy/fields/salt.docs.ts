import type { FieldText } from "./docs-definition.ts";

export const salt: FieldText = {
  value: "text",
  meaning: "what the hash is salted with. Default: route key and node path. Same salt, same split",
};
