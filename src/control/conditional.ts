import { RELEASE } from "../lib/release.ts";
import { COMMON_HEADERS } from "./api-error.ts";
import { json, type Call } from "./call.ts";

/** Longer than any that is given (characters): what a caller knows goes along to the hub. */
const MAX_TAG_CHARS = 2000;

/**
 * The tag that a caller knows of an answer that moves with the clock, without its dress. Such tags are weak
 * (RFC 9110 §8.8.1): the times in an answer pass while its figures stand. Of several the first one that may be ours is
 * taken, and an answer of another release stands for none of this one.
 */
export function knownTag({ request }: Pick<Call, "request">): string | undefined {
  const tags = (request.headers.get("if-none-match") ?? "").slice(0, MAX_TAG_CHARS);
  const ours = [...tags.matchAll(/(?:W\/)?"([\x21\x23-\x7E]*)"/g)].map(([, tag = ""]) => tag);
  const dress = `${RELEASE}:`;
  return ours.find((tag) => tag.startsWith(dress))?.slice(dress.length);
}

const dressed = (tag: string): string => `W/"${RELEASE}:${tag}"`;

/** That the answer which the caller has is still good. */
export function notModified(tag: string): Response {
  return new Response(null, { status: 304, headers: { ...COMMON_HEADERS, etag: dressed(tag) } });
}

/** An answer with its tag, where it has one. */
export function tagged(value: unknown, tag: string | undefined): Response {
  return json(value, 200, tag === undefined ? {} : { etag: dressed(tag) });
}
