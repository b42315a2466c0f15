import { dependsOnNothing } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Whether the origin is told the visitor's digest, so that its own data can be joined with figures and exports. */
export const visitorHeader: SharedField<boolean, boolean> = {
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
