import { LATENCY_BUCKETS } from "../lib/latency.ts";
import { isCount, isFields, isText } from "./fields.ts";
import type { UnlistedVisitors, WatchedVisitor } from "./guard.ts";
import { isDigest, MAX_COUNT, MAX_SHORT_NAME_CHARS } from "./wire-limits.ts";

/** Reads a visitor of a guarded split. */
export function watchedOf(one: unknown): WatchedVisitor | undefined {
  if (!isFields(one)) return undefined;
  const { digest, variant, at, failed, latency, address } = one;
  if (!isDigest(digest) || !isText(variant, MAX_SHORT_NAME_CHARS) || !isCount(at)) return undefined;
  return {
    digest,
    variant,
    at,
    ...(failed === true && { failed }),
    ...(isCount(latency) && latency < LATENCY_BUCKETS && { latency }),
    ...(isDigest(address) && { address }),
  };
}

/** Reads how many visitors were not listed. */
export function unlistedOf(one: unknown): UnlistedVisitors | undefined {
  if (!isFields(one)) return undefined;
  const { variant, window, count } = one;
  if (!isText(variant, MAX_SHORT_NAME_CHARS) || !isCount(window)) return undefined;
  return isCount(count) && count <= MAX_COUNT ? { variant, window, count } : undefined;
}
