import type { FieldText } from "./docs-definition.ts";

export const group: FieldText = {
  value: '`{ "name", "from", "to" }`, 0…100',
  meaning: "mutually exclusive experiments: in this one is who falls into [from, to) of the group",
};
