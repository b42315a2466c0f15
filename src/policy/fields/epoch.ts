import { dependsOnNothing } from "../cache-key.ts";
import { whole } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Changed to draw everybody anew on purpose; part of the effective salt. */
export const epoch: SharedField<number, number | undefined> = {
  schema: () => whole(0, Number.MAX_SAFE_INTEGER, 1),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written) => written,
  cacheKey: dependsOnNothing,
};
