import type { FieldText } from "./docs-definition.ts";

export const stripPrefix: FieldText = {
  value: "boolean",
  meaning: "under a path-map key: forward without the key's prefix. Default false",
};
