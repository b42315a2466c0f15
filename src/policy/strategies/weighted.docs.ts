import type { StrategyDocs } from "./docs-definition.ts";
import type { Weighted } from "./weighted.ts";

export const weighted: StrategyDocs<Weighted> = {
  summary: "A/B/n: each variant serves its share of the visitors, by weight",
  variants: "the names in its list",
  fields: {
    variants: {
      value: 'list of `{ "name", "origin", "weight", "headers"?, "rewrite"? }`',
      meaning: "the branches; a weight of 0 gets nobody new",
    },
  },
};
