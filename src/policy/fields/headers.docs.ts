import type { FieldText } from "./docs-definition.ts";

export const headers: FieldText = {
  value:
    '`{ "request"?: { "set"?, "add"?, "remove"? }, "response"?: {…} }`, with text or `{ "secret" }` for values',
  meaning:
    "header changes; removals first, then sets, then additions. The policy's, then the variant's, then the origin's",
};
