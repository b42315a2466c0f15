import { exclusionOf } from "../../decide/exclusion.ts";
import { experimentOf, type Decision } from "../../decide/outcome.ts";
import type { Facts } from "../../policy/facts.ts";
import type { RequestContext } from "../forward/forward.ts";
import { encodeName } from "../forward/decision-fields.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import { toldDigest } from "../forward/told-digest.ts";
import type { Gateway } from "../gateway.ts";
import type { Platform } from "../platform.ts";

/** Of the column map below; a change of meaning is a new number. */
export const RECORD_VERSION = "2";

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
  readonly allocation?: string | undefined;
  readonly digest?: string | undefined;
  readonly excluded?: string | undefined;
  readonly counted?: boolean;
  readonly share?: number | undefined;
}

/**
 * One row per request for Analytics Engine. Never throws.
 * index1: route and variant, by which the platform samples; never the visitor.
 * blob1 record version, blob2 route, blob3 policy version, blob4 variant decided, blob5 variant that
 * served, blob6 reason, blob7 what failed of the variant decided (empty for nothing), blob8 method,
 * blob9 experiment (empty where one variant is all there is), blob10 its allocation, blob11 the
 * visitor's digest where the policy lets origins know it, blob12 why it is in no figure of visitors.
 * double1 status, double2 milliseconds to the response head, double3 1 where the visit counts, double4
 * the share of those drawn that the decided variant was to get.
 * A request that ended at the gateway has no variant, and its reason is what was done.
 */
export function record(
  dataset: AnalyticsEngineDataset | undefined,
  { route, incoming, status, now, log }: Asked,
  done: Done,
): void {
  if (dataset === undefined) return;
  const { decided = "", served = "", reason, failure = "", counted = false, share = 0 } = done;
  const { experiment = "", allocation = "", digest = "", excluded = "" } = done;
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
        allocation,
        digest,
        excluded,
      ],
      doubles: [status, now - incoming.now, counted ? 1 : 0, share],
    });
  } catch (error) {
    // The visitor has their answer: a row that is lost is no reason to take it away.
    log("warn", "a row could not be written", { route: route.key, error: String(error) });
  }
}

/** The row of a request that was forwarded. */
export function recordForwarded(
  { metrics, config, allocations }: Pick<Gateway, "metrics" | "config" | "allocations">,
  asked: Asked & { readonly facts: Facts },
  decision: Decision,
  { variant, primaryFailure }: UpstreamResult,
): void {
  if (metrics === undefined) return;
  const { node, variant: decided, reason, counted } = decision;
  const { facts, route } = asked;
  const experiment = experimentOf(decision);
  const { label, shares } = allocations.of(node, facts.now);
  record(metrics, asked, {
    decided: decided.name,
    served: variant.name,
    reason,
    failure: primaryFailure === undefined ? "" : String(primaryFailure),
    experiment,
    allocation: experiment && label,
    digest: toldDigest(decision, facts, config, route.key),
    excluded: exclusionOf(decision, facts, config.visitorKey),
    counted,
    share: shares[decided.name],
  });
}
