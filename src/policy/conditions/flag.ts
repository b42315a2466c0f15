import type { CacheKey } from "../compiled.ts";
import type { Facts } from "../facts.ts";
import { FlagSchema } from "../values.ts";
import type { ConditionDefinition } from "./definition.ts";

interface Flag {
  readonly read: (facts: Facts) => boolean;
  readonly cacheKey: CacheKey;
  /** What it means that it holds, and that it does not. */
  readonly words: readonly [yes: string | undefined, no: string | undefined];
}

/** A condition on something that is so or is not. */
export function flag({
  read,
  cacheKey,
  words: [yes, no],
}: Flag): ConditionDefinition<boolean, boolean> {
  return {
    schema: FlagSchema,
    compile: (written) => written,
    matches: (wanted, facts) => wanted === read(facts),
    cacheKey: () => cacheKey,
    searches: () => [],
    describe: (wanted) => (wanted ? yes : no),
  };
}
