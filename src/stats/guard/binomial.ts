import { logBetaTails } from "../beta.ts";

/** Halvings of an interval of doubles after which it is one. */
const HALVINGS = 60;

/** ln P(X ≥ count) of `trials` that each succeed with a chance of `share`: exact, for 10⁷ trials too. */
export function logAtLeast(count: number, trials: number, share: number): number {
  if (count <= 0) return 0;
  if (count > trials) return Number.NEGATIVE_INFINITY;
  return logBetaTails(share, count, trials - count + 1).lower;
}

/** Clopper and Pearson's lower bound: the least share by which so many successes are not less likely than `alpha`. */
export function lowerBound(count: number, trials: number, alpha: number): number {
  if (count <= 0) return 0;
  const logAlpha = Math.log(alpha);
  let [low, high] = [0, count / trials];
  for (let left = HALVINGS; left > 0; left -= 1) {
    const middle = (low + high) / 2;
    if (logAtLeast(count, trials, middle) < logAlpha) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The rank, from the smallest, of the value among `trials` that the quantile is not above but with a chance of
 * `alpha`; undefined where there are too few for any.
 */
export function upperRank(trials: number, quantile: number, alpha: number): number | undefined {
  const logAlpha = Math.log(alpha);
  // The j-th is below the quantile where j values are at least: each is with a chance of the quantile's own share.
  if (logAtLeast(trials, trials, quantile) > logAlpha || trials === 0) return undefined;
  let [low, high] = [0, trials];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (logAtLeast(middle, trials, quantile) > logAlpha) low = middle;
    else high = middle;
  }
  return high;
}
