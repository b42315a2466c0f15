const ESCAPE = /%([0-9A-Fa-f]{2})?/g;
/** Segments that no parser changes: neither escapes nor a segment that begins with a dot. */
const PLAIN = /^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * A pathname in its one normal form: percent-encodings of unreserved characters decoded, all
 * others in upper case (RFC 3986 §6.2.2), a percent sign that begins none encoded: beside decoded
 * digits it would begin one, and `%%32%65` would become the dot that dot segments are made of.
 * Matching and forwarding both use this form, so that no request is matched as one path and sent
 * on as another. Expects a pathname as the WHATWG parser
 * gives it, with dot segments resolved.
 */
export function normalPath(pathname: string): string {
  if (!pathname.includes("%")) return pathname;
  return pathname.replace(ESCAPE, (escape, hex: string | undefined) => {
    if (hex === undefined) return "%25";
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
}

/**
 * A path that somebody wrote in the same form; `undefined` where it is none, or would not survive URL
 * parsing as it stands (dot segments, query, fragment).
 */
export function writtenPath(text: string): string | undefined {
  if (PLAIN.test(text)) return text;
  if (!text.startsWith("/") || /[?#\\\s]/.test(text)) return undefined;
  if (text.startsWith("//")) return undefined;
  const segments = normalPath(text).split("/");
  if (segments.includes(".") || segments.includes("..")) return undefined;
  const url = URL.parse(`http://host${text}`);
  return url === null ? undefined : normalPath(url.pathname);
}

/** A path-map key in the same form, without its trailing slash; `undefined` where it is not a path. */
export function normalPrefix(key: string): string | undefined {
  return writtenPath(key)?.replace(/\/+$/, "");
}

/** The part of `path` after `prefix`, which it must begin with; at least `/`. */
export function withoutPrefix(path: string, prefix: string): string {
  const rest = path.slice(prefix.length);
  return rest === "" ? "/" : rest;
}
