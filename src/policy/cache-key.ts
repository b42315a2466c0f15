import type { CacheKey } from "./compiled.ts";

/** The answer depends on the URL alone. One value for the many nodes of which that is true. */
export const NOTHING: CacheKey = { vary: [], unshareable: false };

/** Of a field on which no answer depends, whatever it says: known by this very function, such fields are never asked. */
export const dependsOnNothing = (): CacheKey => NOTHING;

/** Names in one `Vary`: no shared cache keeps answers by so many, and every node of a policy may have its own list. */
export const MAX_VARY_NAMES = 64;

/** The answer depends on more than a `Vary` can name (RFC 9110 §12.5.5). One value for all such nodes. */
const EVERYTHING: CacheKey = { vary: ["*"], unshareable: true };

/** What an answer depends on that depends on all of these. */
export function joinCacheKeys(keys: readonly CacheKey[]): CacheKey {
  // Nearly all leaves of a large path-map depend on nothing: they share one value.
  const [first = NOTHING, ...others] = keys.filter((key) => key.unshareable || key.vary.length > 0);
  if (others.length === 0 && first.vary.length <= MAX_VARY_NAMES) return first;
  const vary = new Set([first, ...others].flatMap((key) => key.vary));
  if (vary.size > MAX_VARY_NAMES) return EVERYTHING;
  return {
    vary: [...vary],
    unshareable: [first, ...others].some((key) => key.unshareable),
  };
}
