import type { FieldText } from "./docs-definition.ts";

export const guard: FieldText = {
  value:
    '`{ "checks", "windowSeconds"?, "minVisitors"?, "action"?, "control"?, "earn"?, "notify"? }`',
  meaning: "what takes a variant back by itself: [guard](#guard). On a split",
};
