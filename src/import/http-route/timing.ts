import {
  DEFAULT_TIMEOUT_MS,
  MAX_BACKOFF_MS,
  MAX_RETRIES,
  MAX_TIMEOUT_MS,
  MAX_TOTAL_TIMEOUT_MS,
} from "../../policy/limits.ts";
import type { Draft } from "../draft.ts";
import { readDuration } from "../duration.ts";
import { itemsOf, type Place } from "../place.ts";

/** Statuses that may be retried. */
const [FIRST_STATUS, LAST_STATUS] = [400, 599];

/** Tries after the first where a `retry` says no number. */
const DEFAULT_ATTEMPTS = 1;

function bounded(place: Place | undefined, max: number): number | undefined {
  const ms = place && readDuration(place);
  if (ms === undefined || ms <= max) return ms;
  return place?.error(`is more than a policy can say: ${max} ms at most`);
}

/** Writes the `timeouts` of a rule: zero is as long as can be said. */
export function readTimeouts(place: Place, draft: Draft): void {
  const fields = place.fields(["request", "backendRequest"]);
  const request = fields?.get("request");
  const backend = fields?.get("backendRequest");
  const total = bounded(request, MAX_TOTAL_TIMEOUT_MS);
  const each = bounded(backend, MAX_TIMEOUT_MS);
  if (total !== undefined && total > 0 && each !== undefined && each > total)
    backend?.error('is longer than "request", which the API refuses');
  if (each !== undefined) draft.set("timeoutMs", each === 0 ? MAX_TIMEOUT_MS : each, backend);
  if (total === undefined) return;
  if (backend === undefined && (total === 0 || total > DEFAULT_TIMEOUT_MS))
    request?.warning(
      `leaves each try the default of ${DEFAULT_TIMEOUT_MS} ms: add "backendRequest" to allow more`,
    );
  if (total > 0) draft.set("totalTimeoutMs", total, request);
}

/** Writes the `retry` of a rule. Connections that fail and time-outs are always retried. */
export function readRetry(place: Place, draft: Draft): void {
  const fields = place.fields(["attempts", "codes", "backoff"]);
  if (fields === undefined) return;
  const attemptsAt = fields.get("attempts");
  const attempts = attemptsAt === undefined ? DEFAULT_ATTEMPTS : attemptsAt.whole(0, MAX_RETRIES);
  const codes = itemsOf(fields.get("codes")).flatMap(
    (item) => item.whole(FIRST_STATUS, LAST_STATUS) ?? [],
  );
  const backoffMs = bounded(fields.get("backoff"), MAX_BACKOFF_MS);
  if (attempts === undefined || attempts === 0) return;
  const on = ["network", "timeout", ...new Set(codes)];
  draft.set("retry", { attempts, on, ...(backoffMs === undefined ? {} : { backoffMs }) }, place);
}
