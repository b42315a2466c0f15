import { httpDate } from "./freshness.ts";

/** What describes a body that is not sent. */
const OF_BODY = ["content-type", "content-encoding", "content-language", "content-length"] as const;

/** An entity tag as it is compared weakly (RFC 9110 §8.8.3.2). */
const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");

const TAGS = /(?:W\/)?"[^"]*"/g;

/**
 * Whether a client has the same answer already (RFC 9110 §13.1.2, §13.1.3): by its tags, and only
 * where it sends none by its date.
 */
export function isNotModified(asked: Headers, kept: Headers): boolean {
  const tags = asked.get("if-none-match");
  const tag = kept.get("etag");
  if (tags !== null) {
    if (tags.trim() === "*") return true;
    return tag !== null && (tags.match(TAGS) ?? []).some((one) => opaque(one) === opaque(tag));
  }
  // A date that cannot be read compares as false.
  return httpDate(kept.get("last-modified")) <= httpDate(asked.get("if-modified-since"));
}

/** The head of a 304 (RFC 9110 §15.4.5), made of that of the whole answer. */
export function withoutBody(kept: Headers): Headers {
  const headers = new Headers(kept);
  for (const name of OF_BODY) headers.delete(name);
  return headers;
}
