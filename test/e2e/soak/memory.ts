import { quantile } from "../../bench/report.ts";

/** Shorter runs end before workerd's heap has its level (s): the first quarter is left to it. */
export const LEAST_SECONDS = 1200;

/** From the second quarter's median to the last one's (MB): 30 bytes kept by each of a million requests are as much. */
export const MAX_GROWTH_MB = 32;

const quarter = (values: readonly number[], which: number) =>
  values.slice((values.length * which) / 4, (values.length * (which + 1)) / 4);

/** How far memory has gone up since it had its level (MB). */
export const medianGrowth = (memory: readonly number[]): number =>
  quantile(quarter(memory, 3), 0.5) - quantile(quarter(memory, 1), 0.5);

const SECONDS_AN_HOUR = 3600;
const PAIRS_APART = 60;

/** The median of the slopes between samples a minute apart, past the first quarter (MB an hour): Theil and Sen's, thinned. */
export function slopePerHour(memory: readonly number[]): number {
  const settled = memory.slice(memory.length / 4);
  const apart = Math.min(PAIRS_APART, Math.floor(settled.length / 2));
  const slopes = settled
    .slice(apart)
    .map((value, index) => ((value - (settled[index] ?? value)) / apart) * SECONDS_AN_HOUR);
  return quantile(slopes, 0.5);
}
