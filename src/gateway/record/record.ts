import { experimentOf } from "../../decide/outcome.ts";
import type { RequestContext } from "../forward/forward.ts";
import { encodeName } from "../forward/decision-fields.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import type { Platform } from "../platform.ts";

/** Of the column map below; a change of meaning is a new number. */
export const RECORD_VERSION = "1";

/** Analytics Engine takes no longer index (bytes). Keys and encoded names are ASCII, so characters count as bytes. */
export const MAX_INDEX_BYTES = 96;

/**
 * One row per request for Analytics Engine. Never throws.
 * index1: route and variant, by which the platform samples; never the visitor.
 * blob1 record version, blob2 route, blob3 policy version, blob4 variant decided, blob5 variant that
 * served, blob6 reason, blob7 what failed of the variant decided (empty for nothing), blob8 method,
 * blob9 experiment (empty where one variant is all there is).
 * double1 status, double2 milliseconds to the response head, double3 1 where the visit counts.
 */
export function record(
  dataset: AnalyticsEngineDataset | undefined,
  context: RequestContext,
  upstream: UpstreamResult,
  outcome: { readonly status: number; readonly now: number },
  log: Platform["log"],
): void {
  try {
    write(dataset, context, upstream, outcome);
  } catch (error) {
    // The visitor has their answer: a row that is lost is no reason to take it away.
    log("warn", "a row could not be written", { route: context.route.key, error: String(error) });
  }
}

function write(
  dataset: AnalyticsEngineDataset | undefined,
  context: RequestContext,
  upstream: UpstreamResult,
  outcome: { readonly status: number; readonly now: number },
): void {
  if (dataset === undefined) return;
  const { decision, incoming, route } = context;
  dataset.writeDataPoint({
    indexes: [`${route.key}/${encodeName(decision.variant.name)}`.slice(0, MAX_INDEX_BYTES)],
    blobs: [
      RECORD_VERSION,
      route.key,
      route.version,
      decision.variant.name,
      upstream.variant.name,
      decision.reason,
      upstream.primaryFailure === undefined ? "" : String(upstream.primaryFailure),
      incoming.request.method,
      experimentOf(decision) ?? "",
    ],
    doubles: [outcome.status, outcome.now - incoming.now, decision.counted ? 1 : 0],
  });
}
