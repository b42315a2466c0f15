import type { FieldText } from "./docs-definition.ts";

export const salt: FieldText = {
  value: "text",
  meaning:
    "what the hash is salted with. Default: route key and node path. Same salt, same split: two splits of one policy with the same effective salt are an error, unless both write the same `salt` and `epoch`. On a path-map it stands in place of the route key in its children's default salts, and is not any child's own",
};
