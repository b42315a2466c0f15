import type { EdgeCaching } from "../../policy/fields/cache.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import type { RequestContext } from "../forward/forward.ts";
import { GOAL_FIELD } from "../record/goal-field.ts";
import { freshness, says, type Fresh } from "./freshness.ts";

/** A larger body is not kept (bytes): until it is whole, a copy lies in the isolate's memory. */
export const MAX_BODY_BYTES = 2_097_152;

/** Statuses that a cache may keep where the origin says nothing of it (RFC 9110 §15.1), errors and parts left out. */
const KEPT = new Set([200, 203, 204, 300, 301, 308]);

/** Statuses that a cache may keep only where the origin says for how long (RFC 9111 §3). */
const KEPT_IF_TOLD = new Set([302, 303, 307]);

const listOf = (value: string | null): string[] =>
  value === null
    ? []
    : value
        .toLowerCase()
        .split(",")
        .map((name) => name.trim());

/** Fields that no key need name: copies are unpacked, so that everybody can read them, and always apart by what page asks. */
const HANDLED = new Set(["", "accept-encoding", "origin"]);

/** Whether the copy's key holds everything that the answer was chosen by (RFC 9111 §4.1). `*` is not a name. */
const isKeyed = (headers: Headers, { vary }: EdgeCaching): boolean =>
  listOf(headers.get("vary")).every((name) => HANDLED.has(name) || vary.includes(name));

/** Codings that the platform undoes, as it writes them. */
const UNPACKED = new Set(["gzip", "br"]);

/** Whether an answer is unpacked, or can be kept so and may (RFC 9111 §5.2.2.6). */
function canUnpack(headers: Headers): boolean {
  const coding = headers.get("content-encoding");
  return coding === null || (UNPACKED.has(coding) && !says(headers, "no-transform"));
}

/** For how long an answer may be served from a copy of it (RFC 9111 §3); or, in a word, why not at all. */
export function storable(
  { response, variant, failure }: UpstreamResult,
  { incoming, decision }: RequestContext,
  caching: EdgeCaching,
  now: number,
): Fresh | string {
  const { headers: asked, method } = incoming.request;
  if (response === undefined || failure !== undefined) return "failure";
  // A rescue's or a fallback's answer is not the variant's.
  if (variant !== decision.variant) return "rescued";
  const { headers, status } = response;
  if (!KEPT.has(status) && !KEPT_IF_TOLD.has(status)) return "status";
  if (method !== "GET") return "method";
  if (says(asked, "no-store")) return "request";
  if (headers.has("set-cookie")) return "set-cookie";
  // It tells of what this visitor did, once.
  if (headers.has(GOAL_FIELD)) return "goal";
  if (!isKeyed(headers, caching)) return "vary";
  if (!canUnpack(headers)) return "encoding";
  if (Number(headers.get("content-length")) > MAX_BODY_BYTES) return "size";
  const isExplicit = !KEPT.has(status);
  return freshness(headers, caching.ttlSeconds, { askedAt: incoming.now, now, isExplicit });
}
