import type { FieldText } from "./docs-definition.ts";

export const mirror: FieldText = {
  value: '`{ "origin", "percent" }`, or a list of 4 at most',
  meaning: "a shadow copy whose answer nobody waits for; of several, each has a percent of its own",
};
