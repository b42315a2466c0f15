import { FlagSchema } from "../values.ts";
import type { ConditionDefinition } from "./definition.ts";

/** Whether a declared crawler asks. Whether one is verified comes from the edge: no field of the request tells a cache. */
export const bot: ConditionDefinition<boolean, boolean> = {
  schema: FlagSchema,
  compile: (written) => written,
  matches: (wanted, facts) => wanted === facts.bot(),
  cacheKey: () => ({ vary: ["user-agent"], unshareable: true }),
  describe: (wanted) => (wanted ? "a declared crawler asks" : "no declared crawler asks"),
};
