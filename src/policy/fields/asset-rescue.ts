import { NOTHING } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { FieldDefinition } from "./definition.ts";

/** A fingerprinted static asset that is missing from the visitor's variant is looked for on the others. */
export const assetRescue: FieldDefinition<boolean, boolean> = {
  schema: () => FlagSchema,
  leafOnly: false,
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written = false) => written,
  cacheKey: () => NOTHING,
};
