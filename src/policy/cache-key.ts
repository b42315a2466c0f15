import type { CacheKey } from "./compiled.ts";

/** The answer depends on the URL alone. One value for the many nodes of which that is true. */
export const NOTHING: CacheKey = { vary: [], unshareable: false };

/** What an answer depends on that depends on all of these. */
export function joinCacheKeys(keys: readonly CacheKey[]): CacheKey {
  // Nearly all leaves of a large path-map depend on nothing: they share one value.
  const [first = NOTHING, ...others] = keys.filter((key) => key.unshareable || key.vary.length > 0);
  if (others.length === 0) return first;
  return {
    vary: [...new Set([first, ...others].flatMap((key) => key.vary))],
    unshareable: [first, ...others].some((key) => key.unshareable),
  };
}
