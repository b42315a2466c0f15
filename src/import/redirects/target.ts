import type { Place } from "../place.ts";
import { PLACEHOLDER, type Source } from "./source.ts";

/** Where a rule leads: another host, and what becomes of the path. */
export interface Target {
  readonly url: URL | undefined;
  /** The whole new path, or what stands in place of the beginning of the old one. */
  readonly newPath: { readonly path: string } | { readonly prefix: string };
  /** The beginning that is replaced, where the rule's path is not itself a prefix. */
  readonly replaced: string | undefined;
}

const SPLAT = ":splat";

/** How many segments at the end of both are the same. */
function commonEnd(one: readonly string[], other: readonly string[]): number {
  let count = 0;
  while (
    count < Math.min(one.length, other.length) &&
    one[one.length - 1 - count] === other[other.length - 1 - count]
  )
    count += 1;
  return count;
}

const joined = (segments: readonly string[]): string =>
  segments.map((segment) => `/${segment}`).join("");

/** Reads where a rule leads; what repeats parts of the path otherwise than by its end cannot be said. */
export function readTarget(place: Place, source: Source): Target | undefined {
  const text = String(place.value);
  if (/[?#]/.test(text))
    return place.error(
      "cannot be said with a query or a fragment: the visitor's query stays as it is",
    );
  const isWhole = !text.startsWith("/");
  const url = isWhole ? (URL.parse(text) ?? undefined) : undefined;
  if (isWhole && (url === undefined || url.username !== ""))
    return place.error("is not a URL that can be led to");
  const path = isWhole ? text.replace(/^https?:\/\/[^/]*/, "") : text;
  const segments = path.split("/").slice(1);
  const used = segments.filter((segment) => PLACEHOLDER.test(segment));
  if (/:(?=[A-Za-z])/.test(segments.filter((one) => !PLACEHOLDER.test(one)).join("/")))
    return place.error("cannot be said: a placeholder stands for a whole segment");
  if (used.length === 0)
    return { url, newPath: { path: path === "" ? "/" : path }, replaced: undefined };
  const before = source.path.split("/").slice(1);
  const isSplat = segments.at(-1) === SPLAT && source.hasSplat;
  const wanted = isSplat ? segments.slice(0, -1) : segments;
  if (used.length === 1 && isSplat && !source.hasPlaceholders)
    return { url, newPath: { prefix: joined(wanted) }, replaced: undefined };
  const end = isSplat === source.hasSplat ? commonEnd(before, wanted) : 0;
  const left = wanted.slice(0, wanted.length - end);
  const taken = before.slice(0, before.length - end);
  if ([...left, ...taken].some((segment) => PLACEHOLDER.test(segment)))
    return place.error(
      "cannot be said: placeholders may only stand at the end of both paths, in the same order",
    );
  return { url, newPath: { prefix: joined(left) }, replaced: joined(taken) };
}
