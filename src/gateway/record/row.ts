import { LATENCY_BUCKETS, latencyBucket } from "../../lib/latency.ts";
import { REASONS, type Reason } from "../../policy/reason.ts";
import {
  FAILURE_KINDS,
  type Counts,
  type FailureKind,
  type VariantCounts,
} from "../../report/measured.ts";

/** How one request went. */
export interface Outcome {
  readonly reason: Reason;
  readonly counted: boolean;
  readonly status: number;
  /** Until the head of the answer. */
  readonly ms: number;
  /** What failed of the variant that was decided. */
  readonly failure: FailureKind | undefined;
  readonly isRescued: boolean;
}

/*
 * What is counted of one variant in one minute, as places in a row of numbers: the requests that count,
 * then all others, then what is counted of both together.
 */
const STATUS = 1;
const FAILURES = STATUS + 4;
const LATENCY = FAILURES + 4;
const OTHERS = LATENCY + LATENCY_BUCKETS;
const RESCUED = 2 * OTHERS;
const REASON = RESCUED + 1;

/** Numbers in a row. */
export const ROW = REASON + REASONS.length;

/** Counts a request in the row that begins at a place. */
export function countIn(rows: Uint32Array, from: number, outcome: Outcome): void {
  const { reason, counted, status, ms, failure, isRescued } = outcome;
  const add = (place: number) => void (rows[from + place] = (rows[from + place] ?? 0) + 1);
  const half = counted ? 0 : OTHERS;
  add(half);
  // What is below 200 is a connection's new protocol: answered, and of no class.
  if (status >= 200) add(half + STATUS + Math.floor(status / 100) - 2);
  if (failure !== undefined) add(half + FAILURES + FAILURE_KINDS.indexOf(failure));
  add(half + LATENCY + latencyBucket(ms));
  if (isRescued) add(RESCUED);
  add(REASON + REASONS.indexOf(reason));
}

function halfOf(row: Uint32Array, from: number): Counts | undefined {
  const [c2 = 0, c3 = 0, c4 = 0, c5 = 0] = row.subarray(from + STATUS);
  const [network = 0, timeout = 0, status = 0, down = 0] = row.subarray(from + FAILURES);
  const requests = row[from] ?? 0;
  const latency: number[] = [];
  row.subarray(from + LATENCY, from + OTHERS).forEach((count, bucket) => {
    if (count > 0) latency.push(bucket, count);
  });
  if (requests === 0) return undefined;
  const hasFailed = network + timeout + status + down > 0;
  return {
    requests,
    status: [c2, c3, c4, c5],
    ...(hasFailed && { failures: [network, timeout, status, down] as const }),
    latency,
  };
}

/** What a report says of the row that begins at a place; nothing where nothing was counted. */
export function countsOf(
  variant: string,
  rows: Uint32Array,
  from: number,
): VariantCounts | undefined {
  const row = rows.subarray(from, from + ROW);
  const counted = halfOf(row, 0);
  const others = halfOf(row, OTHERS);
  const rescued = row[RESCUED] ?? 0;
  const reasons: Record<string, number> = {};
  REASONS.forEach((reason, index) => {
    const count = row[REASON + index] ?? 0;
    if (count > 0) reasons[reason] = count;
  });
  if (counted === undefined && others === undefined) return undefined;
  return {
    variant,
    ...(counted && { counted }),
    ...(others && { others }),
    ...(rescued > 0 && { rescued }),
    reasons,
  };
}
