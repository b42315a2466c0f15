import type { FieldText } from "./docs-definition.ts";

export const assetRescue: FieldText = {
  value: "boolean",
  meaning:
    "a GET for a fingerprinted static asset that gets 404 from the visitor's variant is tried on the others. Default false",
};
