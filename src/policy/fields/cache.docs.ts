import type { FieldText } from "./docs-definition.ts";

export const cache: FieldText = {
  value: '`{ "ttlSeconds", "vary"? }`',
  meaning:
    "keep public answers [at the edge](edge-cache.md), apart for each variant, for so long at most, 0…31 536 000; `vary` names up to 16 request headers that copies are kept apart by as well. 0 keeps nothing. Default none",
};
