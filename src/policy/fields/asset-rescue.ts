import { dependsOnNothing } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** A fingerprinted static asset that is missing from the visitor's variant is looked for on the others. */
export const assetRescue: SharedField<boolean, boolean> = {
  schema: () => FlagSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written = false) => written,
  cacheKey: dependsOnNothing,
};
