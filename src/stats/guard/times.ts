/** How long something took, over many simulated roll-outs: minutes, null where so many never saw it. */
export interface Times {
  readonly runs: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  /** The share (0…1) of roll-outs in which it never happened in the time that was simulated. */
  readonly never: number;
}

/** The time that a share of roll-outs did not exceed. */
function within(sorted: readonly (number | undefined)[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Quantiles of times, of which those that are undefined never came. */
export function timesOf(times: readonly (number | undefined)[]): Times {
  const sorted = times.toSorted((one, other) => (one ?? Infinity) - (other ?? Infinity));
  const never = times.filter((time) => time === undefined).length;
  return {
    runs: times.length,
    median: within(sorted, 0.5),
    p90: within(sorted, 0.9),
    p99: within(sorted, 0.99),
    never: times.length === 0 ? 0 : never / times.length,
  };
}
