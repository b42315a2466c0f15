import { NOTHING } from "../cache-key.ts";
import { whole } from "../values.ts";
import type { FieldDefinition } from "./definition.ts";

/** Changed to draw everybody anew on purpose; part of the effective salt. */
export const epoch: FieldDefinition<number, number | undefined> = {
  schema: () => whole(0, Number.MAX_SAFE_INTEGER, 1),
  leafOnly: false,
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written) => written,
  cacheKey: () => NOTHING,
};
