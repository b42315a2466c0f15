import type { StrategyDocs } from "./docs-definition.ts";
import type { BlueGreen } from "./blue-green.ts";

export const blueGreen: StrategyDocs<BlueGreen> = {
  summary: "One of two colours serves everybody; a cut-over happens at one instant everywhere",
  variants: "`blue`, `green`",
  fields: {
    blue: { value: "origin", meaning: "one colour" },
    green: { value: "origin", meaning: "the other" },
    active: { value: '`"blue"` or `"green"`', meaning: "who serves" },
    next: {
      value: '`{ "active", "at", "drainSeconds"? }`',
      meaning: "a cut-over at one instant everywhere",
    },
  },
};
