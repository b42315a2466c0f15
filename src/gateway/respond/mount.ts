import type { Origin } from "../../policy/compiled.ts";

/** Where the outside sees an origin's paths. */
export interface Mount {
  readonly origin: Origin;
  /** Scheme, host and port of the gateway as the client wrote them. */
  readonly publicOrigin: string;
  /** The tenant's segment with its slash; empty where a host or `*` chose the route. */
  readonly tenantPrefix: string;
  /** What stands before the path outside: the tenant's segment and what path-maps took off. */
  readonly prefix: string;
  /** What stands before the path outside, as the origin heard of it in `X-Forwarded-Prefix`: behind a trusted proxy that is longer. */
  readonly toldPrefix: string;
  /** The request's path outside, in normal form. */
  readonly path: string;
}

/** Part of an origin's path, from its beginning, and what stands in its place outside. */
interface Cut {
  readonly length: number;
  readonly put: string;
}

/** Whether a path is the prefix or lies under it, on segment boundaries. */
export function isUnder(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/");
}

/**
 * What the gateway puts in place of the beginning of an origin's path, or `undefined` where it mounts no such
 * path. A prefix that is there already, from an origin that heeds `X-Forwarded-Prefix`, stays; the
 * base that such an origin may have written behind it goes.
 */
export function cutOf(
  path: string,
  { origin: { base }, prefix, toldPrefix }: Mount,
): Cut | undefined {
  const isBased = isUnder(path, base);
  // A base below that prefix is the origin's own: its paths have nothing in front of them yet.
  const isOwn = isBased && base.length > toldPrefix.length;
  if (toldPrefix !== "" && isUnder(path, toldPrefix) && !isOwn) {
    return base !== "" && !isBased && isUnder(path, toldPrefix + base)
      ? { length: toldPrefix.length + base.length, put: toldPrefix }
      : { length: 0, put: "" };
  }
  return isBased ? { length: base.length, put: prefix } : undefined;
}

/** The path with what the cut says; at least `/`. */
export function applyCut(path: string, { length, put }: Cut): string {
  return put + path.slice(length) || "/";
}

/** The path an origin got for a request's path outside, its base included. */
export function originPath({ origin: { base }, path, prefix }: Mount): string {
  return base + path.slice(prefix.length) || "/";
}
