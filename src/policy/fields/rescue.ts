import { NOTHING } from "../cache-key.ts";
import { FlagSchema } from "../values.ts";
import type { FieldDefinition } from "./definition.ts";

/** After the retries, one try on another variant. */
export const rescue: FieldDefinition<boolean, boolean> = {
  schema: () => FlagSchema,
  leafOnly: false,
  inherited: true,
  asksWho: false,
  shared: false,
  names: "nothing",
  compile: (written, { definition }) => written ?? definition?.rescues ?? false,
  cacheKey: () => NOTHING,
};
