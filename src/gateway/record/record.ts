import { experimentOf, type Decision } from "../../decide/outcome.ts";
import type { RequestContext } from "../forward/forward.ts";
import { encodeName } from "../forward/decision-fields.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import type { Platform } from "../platform.ts";

/** Of the column map below; a change of meaning is a new number. */
export const RECORD_VERSION = "1";

/** Analytics Engine takes no longer index (bytes). Keys and encoded names are ASCII, so characters count as bytes. */
export const MAX_INDEX_BYTES = 96;

/** What a row says of a request beside what was done with it. */
interface Asked extends Pick<RequestContext, "route" | "incoming"> {
  readonly status: number;
  /** When the answer's head was there (ms since the epoch). */
  readonly now: number;
  readonly log: Platform["log"];
}

/** What was done with it; of a request that ended here only the reason. */
interface Done {
  readonly decided?: string;
  readonly served?: string;
  readonly reason: string;
  readonly failure?: string;
  readonly experiment?: string | undefined;
  readonly counted?: boolean;
}

/**
 * One row per request for Analytics Engine. Never throws.
 * index1: route and variant, by which the platform samples; never the visitor.
 * blob1 record version, blob2 route, blob3 policy version, blob4 variant decided, blob5 variant that
 * served, blob6 reason, blob7 what failed of the variant decided (empty for nothing), blob8 method,
 * blob9 experiment (empty where one variant is all there is).
 * double1 status, double2 milliseconds to the response head, double3 1 where the visit counts.
 * A request that ended at the gateway has no variant, and its reason is what was done.
 */
export function record(
  dataset: AnalyticsEngineDataset | undefined,
  { route, incoming, status, now, log }: Asked,
  { decided = "", served = "", reason, failure = "", experiment = "", counted = false }: Done,
): void {
  if (dataset === undefined) return;
  try {
    dataset.writeDataPoint({
      indexes: [`${route.key}/${encodeName(decided)}`.slice(0, MAX_INDEX_BYTES)],
      blobs: [
        RECORD_VERSION,
        route.key,
        route.version,
        decided,
        served,
        reason,
        failure,
        incoming.request.method,
        experiment,
      ],
      doubles: [status, now - incoming.now, counted ? 1 : 0],
    });
  } catch (error) {
    // The visitor has their answer: a row that is lost is no reason to take it away.
    log("warn", "a row could not be written", { route: route.key, error: String(error) });
  }
}

/** The row of a request that was forwarded. */
export function recordForwarded(
  dataset: AnalyticsEngineDataset | undefined,
  asked: Asked,
  decision: Decision,
  { variant, primaryFailure }: UpstreamResult,
): void {
  record(dataset, asked, {
    decided: decision.variant.name,
    served: variant.name,
    reason: decision.reason,
    failure: primaryFailure === undefined ? "" : String(primaryFailure),
    experiment: experimentOf(decision),
    counted: decision.counted,
  });
}
