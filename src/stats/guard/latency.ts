import { latencyBucket, latencyEdgeMs } from "../../lib/latency.ts";
import { quantile as quantileOf } from "../quantile.ts";
import { percent, whole } from "../words.ts";
import { logAtLeast, logMoreOften, upperRank } from "./binomial.ts";
import { verdictOf as faultVerdict } from "./fault.ts";
import { untold, windowAlpha, type CheckOf, type Finding } from "./finding.ts";
import type { GuardData, WindowTally } from "./types.ts";
import { judgeWindows, type InWindow } from "./windows.ts";

const PERCENT = 100;

/** Less than any policy can mean: of 15 % above an edge, which is the next one, rounding makes a little more. */
const ROUNDING = 1e-12;

const sumFrom = (counts: readonly number[], bucket: number): number =>
  counts.slice(bucket).reduce((sum, count) => sum + count, 0);

/** `p95` of 0.95, `p99.9` of 0.999. */
const nameOf = (quantile: number): string => `p${Number((quantile * PERCENT).toFixed(6))}`;

/** What a visitor may wait, and what is told of it. */
interface Limit {
  /** The last bucket that is within it: a limit between two edges is rounded up to the upper one. */
  readonly bucket: number;
  /** In the unit of the check, and what was measured in it. */
  readonly limit: number;
  readonly value: number;
  readonly words: string;
}

/** A limit for itself, or beside the control's; words where the control says too little. */
function limitOf(
  check: CheckOf<"latency">,
  { control, tally }: InWindow,
  name: string,
  alpha: number,
): Limit | string {
  const measured = quantileOf(tally.latency, check.quantile) ?? 0;
  if ("maxMs" in check) {
    const bucket = latencyBucket(check.maxMs);
    const edge = latencyEdgeMs(bucket);
    const words = `the limit is ${check.maxMs} ms (${whole(edge)} as latencies are counted)`;
    return { bucket, limit: check.maxMs, value: measured, words };
  }
  const counts = control?.latency ?? [];
  const visitors = sumFrom(counts, 0);
  const rank = upperRank(visitors, check.quantile, alpha);
  if (rank === undefined) {
    const needed = Math.ceil(Math.log(alpha) / Math.log(check.quantile));
    return `${name} has ${whole(visitors)} of the ${whole(needed)} answers in a window that say how long its own ${nameOf(check.quantile)} is at most.`;
  }
  // The edge of the bucket in which the control's quantile is at most: it is in that one or below.
  const most = quantileOf(counts, (rank - 0.5) / visitors) ?? 0;
  const bucket = above(most, check.maxIncrease);
  const own = quantileOf(counts, check.quantile) ?? 0;
  const words = `${name}'s is ${whole(own)} ms, ${whole(most)} at most, so that with ${check.maxIncrease} % above it the limit is ${whole(latencyEdgeMs(bucket))} ms`;
  return { bucket, limit: check.maxIncrease, value: (measured / own - 1) * PERCENT, words };
}

/** A bucket's edge with a percentage above it, rounded up to an edge. */
const above = (ms: number, percents: number): number =>
  latencyBucket(ms * (1 + percents / PERCENT) * (1 - ROUNDING));

function faultOf(check: CheckOf<"latency">, tally: WindowTally, bucket: number) {
  const edge = whole(latencyEdgeMs(bucket));
  return {
    visitors: sumFrom(tally.latency, 0),
    faulty: sumFrom(tally.latency, bucket + 1),
    networks: sumFrom(tally.networks, bucket + 1),
    what: `an answer after more than ${edge} ms`,
    allowed: 1 - check.quantile,
  };
}

/**
 * The same question asked where the control's quantile is not above an edge but just beyond it: whether more of the
 * variant wait longer than that edge and the percentage than of the control wait longer than the edge itself. Of a
 * variant slower by no more than the percentage nobody would. It knows both shares at that edge, and not only that
 * the control's quantile is somewhere within a bucket, so that it sees what the bound of a quantile is too wide for.
 */
function slowerTail(
  data: GuardData,
  variant: string,
  check: CheckOf<"latency">,
  { control, tally, when }: InWindow,
): Finding | undefined {
  if ("maxMs" in check || control === undefined) return undefined;
  const own = quantileOf(control.latency, check.quantile);
  if (own === null) return undefined;
  const edge = latencyBucket(own) - 1;
  if (edge < 0) return undefined;
  const bucket = above(latencyEdgeMs(edge), check.maxIncrease);
  const fault = { variant, minVisitors: data.minVisitors, ...faultOf(check, tally, bucket) };
  const beside = { count: sumFrom(control.latency, edge + 1), of: sumFrom(control.latency, 0) };
  const logP = logMoreOften({ count: fault.faulty, of: fault.visitors }, beside);
  const isSure = logP < Math.log(windowAlpha(data));
  const { verdict, missing } = faultVerdict(fault, { isBeyond: isSure, isSure });
  if (!isSure) return undefined;
  const name = nameOf(check.quantile);
  const measured = quantileOf(tally.latency, check.quantile) ?? 0;
  return {
    verdict,
    missing,
    variant,
    value: (measured / own - 1) * PERCENT,
    limit: check.maxIncrease,
    visitors: fault.visitors,
    evidence: `${name} of ${variant} was ${whole(measured)} ms ${when}, ${data.control}'s ${whole(own)} ms; ${whole(fault.faulty)} of ${whole(fault.visitors)} visitors of ${variant} (${percent(fault.faulty / fault.visitors)}) waited longer than ${whole(latencyEdgeMs(bucket))} ms, which is ${check.maxIncrease} % above the ${whole(latencyEdgeMs(edge))} ms that ${percent(beside.count / beside.of)} of ${data.control} waited longer than; chance does that in fewer than 1 of 100 000 windows.`,
    nearness: fault.faulty / fault.visitors / (beside.count / beside.of),
  };
}

function inWindow(
  { minVisitors, control, windowMs }: GuardData,
  variant: string,
  check: CheckOf<"latency">,
  seen: InWindow,
): Finding {
  const written = "maxMs" in check ? check.maxMs : check.maxIncrease;
  const alpha = windowAlpha({ windowMs });
  const answers = sumFrom(seen.tally.latency, 0);
  if (answers === 0) return untold(variant, written, `${variant} has had no answer ${seen.when}.`);
  const found = limitOf(check, seen, control, alpha);
  if (typeof found === "string") return untold(variant, written, found, answers);
  const fault = { variant, minVisitors, ...faultOf(check, seen.tally, found.bucket) };
  const { visitors, faulty, allowed } = fault;
  const share = faulty / visitors;
  const isSure = faulty > 0 && logAtLeast(faulty, visitors, allowed) < Math.log(alpha);
  const told = nameOf(check.quantile);
  return {
    ...faultVerdict(fault, { isBeyond: share > allowed, isSure }),
    variant,
    value: found.value,
    limit: found.limit,
    visitors,
    evidence: `${told} of ${variant} was ${whole(quantileOf(seen.tally.latency, check.quantile) ?? 0)} ms ${seen.when}; ${found.words}: ${whole(faulty)} of ${whole(visitors)} visitors waited longer (${percent(share)}), ${percent(allowed)} may.`,
    nearness: share / allowed,
  };
}

/** Whether more visitors of a variant wait longer in a window than a quantile allows. Evidence of either kind is enough. */
export function latency(data: GuardData, variant: string, check: CheckOf<"latency">): Finding {
  const limit = "maxMs" in check ? check.maxMs : check.maxIncrease;
  return judgeWindows(data, variant, limit, (seen) => {
    const found = inWindow(data, variant, check, seen);
    return found.verdict === "breached" ? found : (slowerTail(data, variant, check, seen) ?? found);
  });
}
