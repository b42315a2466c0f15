import { logBetaTails } from "../beta.ts";
import { logGamma } from "../log-gamma.ts";

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

const logChoose = (n: number, k: number): number =>
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** Terms of a sum below this part of it change nothing. */
const NEGLIGIBLE = 1e-17;

/**
 * ln of the chance that of all who have something, so many or more are of the first kind, where both kinds have it
 * alike (Fisher's exact test, one-sided); at most that where the first has it less often.
 */
export function logMoreOften(
  first: { readonly count: number; readonly of: number },
  other: { readonly count: number; readonly of: number },
): number {
  const have = first.count + other.count;
  const most = Math.min(first.of, have);
  const begin =
    logChoose(first.of, first.count) +
    logChoose(other.of, other.count) -
    logChoose(first.of + other.of, have);
  // The first term is taken out of the sum; below the expected count the sum may be large, and is then no evidence.
  if (first.count * (first.of + other.of) <= first.of * have) return 0;
  let [term, sum] = [1, 1];
  for (let k = first.count; k < most && term > sum * NEGLIGIBLE; k += 1) {
    term *= ((first.of - k) * (have - k)) / ((k + 1) * (other.of - have + k + 1));
    sum += term;
  }
  return Math.min(0, begin + Math.log(sum));
}
