import { LATENCY_BUCKETS } from "../lib/latency.ts";
import { isReservedName } from "../lib/reserved-names.ts";
import { unlistedOf, watchedOf } from "./decode-watched.ts";
import { isCount, isFields, isText } from "./fields.ts";
import type { WatchedVisitor } from "./guard.ts";
import {
  EXPOSURES,
  MAX_REPORTED_MINUTES,
  type AllocationReport,
  type ByClass,
  type Counts,
  type Exposure,
  type MinuteCounts,
  type SplitReport,
  type VariantCounts,
  type VisitorReport,
} from "./measured.ts";
import { readCounts, type ReadList } from "./read-list.ts";
import {
  isDigest,
  MAX_COUNT,
  MAX_EXPERIMENT_CHARS,
  MAX_SHORT_NAME_CHARS,
  MAX_SPLIT_VARIANTS,
} from "./wire-limits.ts";

/** Characters of an allocation's id. */
const MAX_ALLOCATION_CHARS = 64;

/** Characters of a keyed hash of an address. */
const MAX_ADDRESS_CHARS = 32;

/** Shares are sums of decimal fractions: they may miss 1 by so much. */
const SHARE_ERROR = 1e-6;

/** Reasons that one variant may tell apart: there are fewer. */
const MAX_REASONS = 32;

/** A list of visitors, as far as the report may have more of their kind. */
export type ReadVisitors<TVisitor> = (
  value: unknown,
  what: string,
  read: (one: unknown) => TVisitor | undefined,
) => TVisitor[];

/** Lists of both kinds. */
export interface VisitorLists {
  readonly visitors: ReadVisitors<VisitorReport>;
  readonly watched: ReadVisitors<WatchedVisitor>;
}

/** Entries of a split for visitors who are not listed: each variant in a few windows. */
export const MAX_UNLISTED = 256;

function sharesOf(value: unknown): Record<string, number> | undefined {
  if (!isFields(value)) return undefined;
  const shares: Record<string, number> = {};
  let sum = 0;
  let variants = 0;
  for (const name in value) {
    const share = value[name];
    if (typeof share !== "number" || !(share >= 0 && share <= 1)) return undefined;
    if (!isText(name, MAX_SHORT_NAME_CHARS) || isReservedName(name)) return undefined;
    variants += 1;
    if (variants > MAX_SPLIT_VARIANTS) return undefined;
    shares[name] = share;
    sum += share;
  }
  return Math.abs(sum - 1) <= SHARE_ERROR ? shares : undefined;
}

function allocationOf(value: unknown): AllocationReport | undefined {
  if (!isFields(value)) return undefined;
  const { id, label, shares } = value;
  const read = sharesOf(shares);
  if (read === undefined || !isText(id, MAX_ALLOCATION_CHARS)) return undefined;
  return isText(label, MAX_EXPERIMENT_CHARS) ? { id, label, shares: read } : undefined;
}

const isSmall = (value: unknown): value is number => isCount(value) && value <= MAX_COUNT;

function fourOf(value: unknown): ByClass | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const list: readonly unknown[] = value;
  const [one, two, three, four] = list;
  return isSmall(one) && isSmall(two) && isSmall(three) && isSmall(four)
    ? [one, two, three, four]
    : undefined;
}

/** Pairs of a bucket and how many fell into it, in rising order. */
function latencyOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length % 2 === 1 || value.length > 2 * LATENCY_BUCKETS)
    return undefined;
  const pairs: number[] = [];
  let last = -1;
  for (let at = 0; at < value.length; at += 2) {
    const bucket: unknown = value[at];
    const count: unknown = value[at + 1];
    if (!isCount(bucket) || bucket <= last || bucket >= LATENCY_BUCKETS || !isSmall(count))
      return undefined;
    last = bucket;
    pairs.push(bucket, count);
  }
  return pairs;
}

/** Counts of one kind of requests; "none" where there were none, nothing where they cannot be read. */
function countsOf(value: unknown): Counts | "none" | undefined {
  if (value === undefined) return "none";
  if (!isFields(value)) return undefined;
  const { requests } = value;
  const status = fourOf(value["status"]);
  const failures =
    value["failures"] === undefined ? ([0, 0, 0, 0] as const) : fourOf(value["failures"]);
  const latency = latencyOf(value["latency"]);
  if (!isSmall(requests) || status === undefined) return undefined;
  if (failures === undefined || latency === undefined) return undefined;
  return { requests, status, failures, latency };
}

function variantOf(one: unknown): VariantCounts | undefined {
  if (!isFields(one)) return undefined;
  const { variant, rescued, reasons } = one;
  const counted = countsOf(one["counted"]);
  const others = countsOf(one["others"]);
  if (!isText(variant, MAX_SHORT_NAME_CHARS)) return undefined;
  if (counted === undefined || others === undefined) return undefined;
  return {
    variant,
    ...(counted === "none" ? {} : { counted }),
    ...(others === "none" ? {} : { others }),
    rescued: isSmall(rescued) ? rescued : 0,
    reasons: readCounts(reasons, MAX_REASONS),
  };
}

const isExposure = (value: unknown): value is Exposure =>
  EXPOSURES.some((exposure) => exposure === value);

function visitorOf(one: unknown): VisitorReport | undefined {
  if (!isFields(one)) return undefined;
  const { digest, variant, exposure = "drawn", at, seenAt, failed, address } = one;
  if (!isDigest(digest) || !isText(variant, MAX_SHORT_NAME_CHARS)) return undefined;
  if (!isExposure(exposure) || !isCount(at)) return undefined;
  const minutes = Array.isArray(failed)
    ? failed.slice(0, MAX_REPORTED_MINUTES).filter(isCount)
    : undefined;
  return {
    digest,
    variant,
    exposure,
    at,
    ...(isCount(seenAt) ? { seenAt } : {}),
    ...(minutes === undefined || minutes.length === 0 ? {} : { failed: minutes }),
    ...(isText(address, MAX_ADDRESS_CHARS) ? { address } : {}),
  };
}

/** Reads what one split tells. Linear in what was sent. */
export function readSplit(
  one: unknown,
  list: ReadList,
  { visitors, watched }: VisitorLists,
): SplitReport | undefined {
  if (!isFields(one)) return undefined;
  const { experiment, unchecked } = one;
  const allocation = allocationOf(one["allocation"]);
  if (!isText(experiment, MAX_EXPERIMENT_CHARS) || allocation === undefined) return undefined;
  const at = `"${experiment}"`;
  const minuteOf = (value: unknown): MinuteCounts | undefined => {
    if (!isFields(value) || !isCount(value["minute"])) return undefined;
    const what = `variants of ${at}`;
    return {
      minute: value["minute"],
      variants: list(value["variants"], MAX_SPLIT_VARIANTS, what, variantOf),
    };
  };
  const seen = watched(one["watched"], `watched of ${at}`, watchedOf);
  const unlisted = list(one["unlisted"], MAX_UNLISTED, `unlisted of ${at}`, unlistedOf);
  return {
    experiment,
    allocation,
    minutes: list(one["minutes"], MAX_REPORTED_MINUTES, `minutes of ${at}`, minuteOf),
    visitors: visitors(one["visitors"], `visitors of ${at}`, visitorOf),
    unchecked: isSmall(unchecked) ? unchecked : 0,
    ...(seen.length > 0 && { watched: seen }),
    ...(unlisted.length > 0 && { unlisted }),
  };
}
