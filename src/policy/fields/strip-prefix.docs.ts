import type { FieldText } from "./docs-definition.ts";

export const stripPrefix: FieldText = {
  value: "boolean",
  meaning:
    'under a path-map key: forward without the key\'s prefix; in a policy that a rule leads to: without the prefix of its `match.path`, which must name one as `"/x/*"`. The same as `"rewrite": { "prefix": "" }`. Default false',
};
