import type { FieldText } from "./docs-definition.ts";

export const goals: FieldText = {
  value: 'list of `{ "name", "match"?, "status"?, "from"?, "count"?, "cap"? }`',
  meaning: "what counts as success: [goals](#goals). On the root policy only, 16 at most",
};
