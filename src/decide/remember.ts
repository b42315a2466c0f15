import type { Sticky } from "../policy/compiled.ts";
import type { Identity } from "./identity.ts";
import { renewed, withPin, type Pin, type Visitor } from "./visitor.ts";

/** Milliseconds in half a second: a cookie is sent anew past half its life, which a policy gives in seconds. */
const HALF_SECOND_MS = 500;

/**
 * What the visitor's cookie must say from now on (ms): where it is new, where a pin is new or
 * another, or where half its life is over. `undefined` where it is to stay as it is.
 */
export function remembered(
  sticky: Sticky | false,
  { known, isNew }: Identity,
  pin: Pin | undefined,
  now: number,
): Visitor | undefined {
  if (known === undefined || sticky === false) return undefined;
  const isOld = known.sentAt + sticky.cookie.ttlSeconds * HALF_SECOND_MS <= now;
  const base = isOld ? renewed(known) : known;
  const pinned = pin && withPin(base, pin);
  return pinned !== undefined || isNew || isOld ? { ...(pinned ?? base), sentAt: now } : undefined;
}
