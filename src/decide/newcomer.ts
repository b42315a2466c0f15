import type { CookieSettings } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";

/** Fetch's `Sec-Purpose`, and what browsers sent before it: Chrome `Purpose`, Firefox `X-Moz`, Safari `X-Purpose`. */
const PURPOSES = ["sec-purpose", "purpose", "x-moz", "x-purpose"] as const;

const AHEAD = /\b(?:prefetch|prerender|preview)\b/i;

/** Whether a browser fetches ahead, for a page that its user may never see. */
export function isPrefetch(facts: Facts): boolean {
  for (const name of PURPOSES) {
    const purpose = facts.header(name);
    if (purpose !== undefined && AHEAD.test(purpose)) return true;
  }
  return false;
}

/** Whether a visitor opens a page with this request: a browser then keeps the cookie that comes with it, for sure. */
export function isNavigation(facts: Facts): boolean {
  const destination = facts.header("sec-fetch-dest");
  return destination === "document" || destination === "iframe";
}

/** What a visitor opens, and what its scripts ask for (`empty`): Fetch's request destinations that no other request stands above. */
const OWN_REQUESTS = new Set(["document", "iframe", "frame", "empty"]);

/**
 * Whether a visitor without a cookie can be given one that they keep, and that replaces no other. A
 * browser leaves our cookie out of requests from other sites: all of them under `strict`, all but
 * the top-level GET under `lax`. Their answers must set none: a payment's return by POST would
 * replace the id, and a frame's would never be stored. Nor must what belongs to a page that is about
 * to get its own: a sub-resource, a preflight, a prefetch. Clients without Fetch metadata are taken
 * at their method.
 */
export function canKeepId(facts: Facts, { sameSite }: CookieSettings): boolean {
  if (facts.method !== "GET") return false;
  const destination = facts.header("sec-fetch-dest") ?? "document";
  if (!OWN_REQUESTS.has(destination)) return false;
  const isCrossSite = sameSite !== "none" && facts.header("sec-fetch-site") === "cross-site";
  if (isCrossSite && (sameSite === "strict" || destination !== "document")) return false;
  return !isPrefetch(facts);
}
