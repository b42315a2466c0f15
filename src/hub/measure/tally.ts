import { LATENCY_BUCKETS } from "../../lib/latency.ts";
import type { Counts, VariantCounts } from "../../report/measured.ts";

/** What was counted of requests of one kind: status, failures and latency in the order of the wire. */
export interface CountTally {
  requests: number;
  readonly status: number[];
  readonly failures: number[];
  /** By bucket. */
  readonly latency: number[];
}

/** What was counted of one variant. */
export interface VariantTally {
  readonly counted: CountTally;
  readonly others: CountTally;
  rescued: number;
  readonly reasons: Map<string, number>;
}

/** What was counted of one split: its variants, and what its visitors leave behind that has no row. */
export interface SplitTally {
  readonly variants: Map<string, VariantTally>;
  unchecked: number;
  /** By goal. */
  readonly unattributed: Map<string, number>;
}

/** What was counted of one route in some span of time. */
export interface RouteTally {
  requests: number;
  readonly ends: Map<string, number>;
  readonly splits: Map<string, SplitTally>;
}

export const emptyCounts = (): CountTally => ({
  requests: 0,
  status: [0, 0, 0, 0],
  failures: [0, 0, 0, 0],
  latency: Array.from({ length: LATENCY_BUCKETS }, () => 0),
});

const emptyVariant = (): VariantTally => ({
  counted: emptyCounts(),
  others: emptyCounts(),
  rescued: 0,
  reasons: new Map(),
});

const emptySplit = (): SplitTally => ({
  variants: new Map(),
  unchecked: 0,
  unattributed: new Map(),
});

export const emptyRoute = (): RouteTally => ({ requests: 0, ends: new Map(), splits: new Map() });

/** The value under a key, made where there is none. */
export function made<TKey, TValue>(map: Map<TKey, TValue>, key: TKey, make: () => TValue): TValue {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

export const splitOf = (route: RouteTally, experiment: string): SplitTally =>
  made(route.splits, experiment, emptySplit);

export const variantOf = (split: SplitTally, variant: string): VariantTally =>
  made(split.variants, variant, emptyVariant);

export function addTo(map: Map<string, number>, name: string, count: number): void {
  map.set(name, (map.get(name) ?? 0) + count);
}

function addEach(to: number[], from: readonly number[]): void {
  for (const [index, count] of from.entries()) to[index] = (to[index] ?? 0) + count;
}

/** Adds what one report counted. */
function addCounts(to: CountTally, counts: Counts | undefined): void {
  if (counts === undefined) return;
  to.requests += counts.requests;
  addEach(to.status, counts.status);
  if (counts.failures !== undefined) addEach(to.failures, counts.failures);
  const { latency } = counts;
  for (let at = 0; at + 1 < latency.length; at += 2) {
    const bucket = latency[at] ?? 0;
    to.latency[bucket] = (to.latency[bucket] ?? 0) + (latency[at + 1] ?? 0);
  }
}

/** Adds what one report tells of a variant. */
export function addVariant(
  to: VariantTally,
  { counted, others, rescued = 0, reasons }: VariantCounts,
): void {
  addCounts(to.counted, counted);
  addCounts(to.others, others);
  to.rescued += rescued;
  for (const [reason, count] of Object.entries(reasons)) addTo(to.reasons, reason, count);
}

/** Adds one count to another. */
export function mergeCounts(to: CountTally, from: CountTally): void {
  to.requests += from.requests;
  addEach(to.status, from.status);
  addEach(to.failures, from.failures);
  addEach(to.latency, from.latency);
}

function mergeSplit(to: SplitTally, from: SplitTally): void {
  to.unchecked += from.unchecked;
  for (const [goal, count] of from.unattributed) addTo(to.unattributed, goal, count);
  for (const [name, variant] of from.variants) {
    const into = variantOf(to, name);
    mergeCounts(into.counted, variant.counted);
    mergeCounts(into.others, variant.others);
    into.rescued += variant.rescued;
    for (const [reason, count] of variant.reasons) addTo(into.reasons, reason, count);
  }
}

/** Adds what was counted of a route in one span to what was in another. */
export function mergeRoute(to: RouteTally, from: RouteTally): void {
  to.requests += from.requests;
  for (const [end, count] of from.ends) addTo(to.ends, end, count);
  for (const [experiment, split] of from.splits) mergeSplit(splitOf(to, experiment), split);
}
