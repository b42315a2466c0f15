import type { StrategyDocs } from "./docs-definition.ts";
import type { Single } from "./single.ts";

export const single: StrategyDocs<Single> = {
  summary: "One origin for everybody; the name of the strategy may be left out",
  variants: "`origin`",
  fields: {
    origin: { value: "origin", meaning: "where everybody goes" },
  },
};
