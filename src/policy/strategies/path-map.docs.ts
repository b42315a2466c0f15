import type { StrategyDocs } from "./docs-definition.ts";
import type { PathMap } from "./path-map.ts";

export const pathMap: StrategyDocs<PathMap> = {
  summary: "The longest prefix of the path decides; what stands under it is a policy",
  variants: "none",
  fields: {
    paths: {
      value: "prefix → policy",
      meaning: "the longest prefix decides; may be left out beside `rules`",
    },
    default: { value: "policy", meaning: "everything else" },
  },
};
