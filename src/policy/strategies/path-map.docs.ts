import type { StrategyDocs } from "./docs-definition.ts";
import type { PathMap } from "./path-map.ts";

export const pathMap: StrategyDocs<PathMap> = {
  summary:
    "The longest prefix of the path decides, or an exact path ahead of all; what stands under it is a policy",
  variants: "none",
  fields: {
    paths: {
      value: "key → policy",
      meaning:
        '`"/x"` is a prefix, of which the longest decides; `"=/x"` is exactly that path, so not `/x/`, ahead of any prefix; may be left out beside `rules`',
    },
    default: { value: "policy", meaning: "everything else" },
  },
};
