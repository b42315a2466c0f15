import {
  emptyRoute,
  made,
  mergeRoute,
  splitOf,
  variantOf,
  type CountTally,
  type RouteTally,
  type SplitTally,
  type VariantTally,
} from "./tally.ts";

/** What was counted, as it stands in a row: lists in place of names, and of latencies those buckets alone that have any. */
type PackedCounts =
  | 0
  | readonly [
      requests: number,
      status: readonly number[],
      failures: readonly number[] | 0,
      latency: readonly number[],
    ];

type Named = readonly (readonly [name: string, count: number])[];

type PackedVariant = readonly [
  name: string,
  counted: PackedCounts,
  others: PackedCounts,
  rescued: number,
  reasons: Named,
];

type PackedSplit = readonly [
  name: string,
  variants: readonly PackedVariant[],
  unchecked: number,
  unattributed: Named,
];

type PackedRoute = readonly [requests: number, ends: Named, splits: readonly PackedSplit[]];

function packCounts({ requests, status, failures, latency }: CountTally): PackedCounts {
  if (requests === 0 && failures.every((count) => count === 0)) return 0;
  const pairs: number[] = [];
  for (const [bucket, count] of latency.entries()) if (count > 0) pairs.push(bucket, count);
  return [requests, status, failures.some((count) => count > 0) ? failures : 0, pairs];
}

function unpackCounts(packed: PackedCounts, into: CountTally): void {
  if (packed === 0) return;
  const [requests, status, failures, pairs] = packed;
  into.requests = requests;
  for (const [index, count] of status.entries()) into.status[index] = count;
  if (failures !== 0) for (const [index, count] of failures.entries()) into.failures[index] = count;
  for (let at = 0; at + 1 < pairs.length; at += 2)
    into.latency[pairs[at] ?? 0] = pairs[at + 1] ?? 0;
}

const packVariant = (
  name: string,
  { counted, others, rescued, reasons }: VariantTally,
): PackedVariant => [name, packCounts(counted), packCounts(others), rescued, [...reasons]];

const packSplit = (
  name: string,
  { variants, unchecked, unattributed }: SplitTally,
): PackedSplit => [
  name,
  [...variants].map(([variant, tally]) => packVariant(variant, tally)),
  unchecked,
  [...unattributed],
];

const packRoute = ({ requests, ends, splits }: RouteTally): PackedRoute => [
  requests,
  [...ends],
  [...splits].map(([name, split]) => packSplit(name, split)),
];

function unpackRoute([requests, ends, splits]: PackedRoute): RouteTally {
  const route = emptyRoute();
  route.requests = requests;
  for (const [end, count] of ends) route.ends.set(end, count);
  for (const [experiment, variants, unchecked, unattributed] of splits) {
    const split = splitOf(route, experiment);
    split.unchecked = unchecked;
    for (const [goal, count] of unattributed) split.unattributed.set(goal, count);
    for (const [name, counted, others, rescued, reasons] of variants) {
      const variant = variantOf(split, name);
      unpackCounts(counted, variant.counted);
      unpackCounts(others, variant.others);
      variant.rescued = rescued;
      for (const [reason, count] of reasons) variant.reasons.set(reason, count);
    }
  }
  return route;
}

/** What was counted of a route, by the minute or hour of the isolates' clocks. */
export type Spans = Map<number, RouteTally>;

/** Adds the spans of one row to those of another. */
export function mergeSpans(to: Spans, from: Spans): void {
  for (const [at, route] of from) mergeRoute(made(to, at, emptyRoute), route);
}

/** Spans as they stand in a row. */
export type PackedSpans = readonly (readonly [at: number, route: PackedRoute])[];

export const packSpans = (spans: Spans): PackedSpans =>
  [...spans].map(([at, route]) => [at, packRoute(route)]);

export const unpackSpans = (packed: PackedSpans): Spans =>
  new Map(packed.map(([at, route]) => [at, unpackRoute(route)]));

/** The spans of a row, which nobody but {@link packSpans} writes. */
export function spansOf(text: string): Spans {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else writes these rows
  return unpackSpans(JSON.parse(text) as PackedSpans);
}

/** Characters of a row: SQLite's rows in a Durable Object hold 2 MB, and names may be of other than ASCII. */
const MAX_ROW_CHARS = 500_000;

/** Spans as the text of a row. Where they are too long for one, all of them are told as the last. */
export function textOf(spans: Spans): string {
  const text = JSON.stringify(packSpans(spans));
  if (text.length <= MAX_ROW_CHARS) return text;
  const whole = emptyRoute();
  for (const route of spans.values()) mergeRoute(whole, route);
  return JSON.stringify(packSpans(new Map([[Math.max(...spans.keys()), whole]])));
}
