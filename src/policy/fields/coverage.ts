import { dependsOnNothing } from "../cache-key.ts";
import { percent } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Share of visitors in the experiment at all, in percent. */
export const coverage: SharedField<number, number> = {
  schema: () => percent(),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: true,
  shared: true,
  names: "nothing",
  compile: (written = 100) => written,
  cacheKey: dependsOnNothing,
};
