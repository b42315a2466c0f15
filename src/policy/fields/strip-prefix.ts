import { dependsOnNothing } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Whether the key of a path-map that leads here is taken off before forwarding. */
export const stripPrefix: SharedField<boolean, boolean> = {
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
