import { dependsOnNothing } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { NodeField } from "./definition.ts";

/** After the retries, one try on another variant. */
export const rescue: NodeField<boolean, boolean> = {
  schema: () => FlagSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: false,
  names: "nothing",
  compile: (written, { definition }) => written ?? definition?.rescues ?? false,
  cacheKey: dependsOnNothing,
};
