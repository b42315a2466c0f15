import type { FieldText } from "./docs-definition.ts";

export const sticky: FieldText = {
  value: "`false`, or an object",
  meaning: "[who is the same visitor](#stickiness)",
};
