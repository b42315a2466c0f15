import { dependsOnNothing } from "../cache-key.ts";
import { MAX_TOTAL_TIMEOUT_MS } from "../limits.ts";
import { whole } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Until the client has an answer (ms), all tries, rescue and fallback together; no bound where nobody sets one. */
export const totalTimeoutMs: SharedField<number, number | undefined> = {
  schema: () => whole(1, MAX_TOTAL_TIMEOUT_MS, 10_000),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written) => written,
  cacheKey: dependsOnNothing,
};
