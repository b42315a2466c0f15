import { quantile } from "./report.ts";

/** A median and an interval that holds the true one. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How sure that is: at least CONFIDENCE where there were enough values. */
  readonly coverage: number;
}

/** What an interval is asked to hold the true median with. */
export const CONFIDENCE = 0.95;

/** The least values that an interval of CONFIDENCE can be made of: below, the extremes are not far enough apart. */
export const LEAST_VALUES = 6;

/**
 * The median with an interval between two order statistics: whatever the values are distributed like, as many of n lie
 * below the true median as of n fair coins show heads. Of fewer than LEAST_VALUES the interval is all there is, and
 * `coverage` says what it is worth.
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const n = sorted.length;
  let chance = 2 ** -n;
  let below = chance;
  let rank = 0;
  // `below` is the chance of `rank` heads or fewer; the interval from the (rank + 1)th to the (n - rank)th misses with twice that.
  for (;;) {
    const next = (chance * (n - rank)) / (rank + 1);
    if (2 * (below + next) > 1 - CONFIDENCE) break;
    chance = next;
    below += next;
    rank += 1;
  }
  return {
    median: quantile(sorted, 0.5),
    low: sorted[rank] ?? Number.NaN,
    high: sorted[n - 1 - rank] ?? Number.NaN,
    coverage: n === 0 ? 0 : 1 - 2 * below,
  };
}

/** Ratios of what was measured at the same time. */
export const paired = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, index) => value / (base[index] ?? Number.NaN));

/** `1.23 (1.20–1.27)`; nothing where nothing was measured. */
export function showInterval({ median, low, high }: Interval, digits: number): string {
  if (Number.isNaN(median)) return "";
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}
