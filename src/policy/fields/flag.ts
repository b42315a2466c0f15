import { dependsOnNothing } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** What is on or off on the way to an origin, and off where nobody says so; caches need not know. */
export const flag: SharedField<boolean, boolean> = {
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
