import { dependsOnNothing } from "../cache-key.ts";
import { DEFAULT_TIMEOUT_MS } from "../limits.ts";
import { TimeoutSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Until the origin's response head (ms); a variant's own origin may say otherwise. */
export const timeoutMs: SharedField<number, number> = {
  schema: () => TimeoutSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written = DEFAULT_TIMEOUT_MS) => written,
  cacheKey: dependsOnNothing,
};
