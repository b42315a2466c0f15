import type { CacheKey } from "../../policy/compiled.ts";

/**
 * Fields by which a shared cache may be told to store despite `Cache-Control`: RFC 9213's, with any
 * vendor's name before it, Surrogate-Control, Akamai's and nginx's.
 */
export const FOR_SHARED_CACHES: RegExp =
  /^(?:(?:.+-)?cdn-cache-control|surrogate-control|edge-control|x-accel-expires)$/;

/** Splits a directive list at its commas, but not inside quotes. */
const DIRECTIVES = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;

/** The directives of a list, none empty. */
export const directivesIn = (value: string | null): string[] =>
  (value?.match(DIRECTIVES) ?? [])
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "");

/** `Cache-Control` with what invites shared caches taken out, and `private` (RFC 9111 §5.2.2.7) put in. */
export function privateDirectives(value: string | null): string {
  const kept = directivesIn(value).filter(
    (directive) => !/^(?:public|private|s-maxage|proxy-revalidate)\b/i.test(directive),
  );
  return ["private", ...kept].join(", ");
}

/** No shared cache may store this response; the visitor's own still may. */
export function makePrivate(headers: Headers): void {
  headers.set("cache-control", privateDirectives(headers.get("cache-control")));
  const forSharedCaches = Array.from(headers.keys()).filter((name) => FOR_SHARED_CACHES.test(name));
  for (const name of forSharedCaches) headers.delete(name);
}

/** Characters of a `Vary` that the gateway writes to: Node refuses an answer whose fields have 16 KiB together, other receivers less. */
export const MAX_VARY_CHARS = 2048;

/**
 * Adds to `Vary` what the choice of variant depends on (RFC 9110 §12.5.5). Where the field would
 * have more than {@link MAX_VARY_CHARS} it becomes `*`, and no shared cache may store the answer.
 */
export function addVary(headers: Headers, names: readonly string[]): void {
  const present = headers.get("vary");
  const known = new Set(
    present
      ?.toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
  if (known.has("*")) return;
  const missing = names.filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const all = [...(present === null ? [] : [present]), ...missing].join(", ");
  const isEverything = missing.includes("*") || all.length > MAX_VARY_CHARS;
  if (isEverything) makePrivate(headers);
  headers.set("vary", isEverything ? "*" : all);
}

/**
 * Keeps one visitor's draw from every other: `private` where the response is for one visitor alone
 * (it sets our cookie, or rests on a draw for this request) or depends on what no `Vary` can name,
 * and `Vary` with all that the choice depends on.
 */
export function guardCache(headers: Headers, key: CacheKey, isPersonal: boolean): void {
  if (isPersonal || key.unshareable) makePrivate(headers);
  if (key.vary.length > 0) addVary(headers, key.vary);
}
