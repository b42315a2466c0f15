import { gammaQ } from "./gamma.ts";

/**
 * Error rate of one statistical assertion: the chance that a correct gateway fails it.
 * A full run makes on the order of a thousand such assertions, so even with fresh seeds about one run in a
 * thousand fails for no reason, and none does with the fixed seed. What it can miss follows from the sample:
 * a deviation of about five standard errors is always seen.
 */
export const ALPHA = 1e-6;

/**
 * Smallest expected count of a cell judged by chi-square. The textbook's 5 is for alpha 0.05; at 1e-6 the tail
 * of a count of 5 is some seventy times heavier than the chi-square says, at 100 it is within a factor of about three.
 */
const MIN_EXPECTED = 100;

/** The chance that a chi-square variable with `df` degrees of freedom reaches `statistic`. */
export function chiSquareP(statistic: number, df: number): number {
  return gammaQ(df / 2, statistic / 2);
}

/** A test's result. `p` is the chance of data at least this far off if the gateway is right. */
export interface Fit {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** A chi-square sum and its p-value; no degree of freedom means there is nothing to deviate. */
export function chiSquare(
  cells: readonly { readonly observed: number; readonly expected: number }[],
  df: number,
): Fit {
  const statistic = sum(
    cells.map(({ observed, expected }) => (observed - expected) ** 2 / expected),
  );
  return { statistic, df, p: df === 0 ? 1 : chiSquareP(statistic, df) };
}

/**
 * Pearson's test that rows and columns of a contingency table are independent. Empty rows and columns are left out.
 * Throws a RangeError if some expected count is below MIN_EXPECTED: take more observations or fewer classes.
 */
export function independence(table: readonly (readonly number[])[]): Fit {
  const rows = table.map(sum);
  const columns = (table[0] ?? []).map((_, j) => sum(table.map((row) => row[j] ?? 0)));
  const total = sum(rows);
  const cells = table.flatMap((row, i) =>
    row.flatMap((observed, j) => {
      const expected = ((rows[i] ?? 0) * (columns[j] ?? 0)) / total;
      return expected > 0 ? [{ observed, expected }] : [];
    }),
  );
  const least = Math.min(...cells.map((cell) => cell.expected));
  if (!(least >= MIN_EXPECTED)) {
    throw new RangeError(`a cell expects ${least} observations, fewer than ${MIN_EXPECTED}`);
  }
  const filled = (margins: readonly number[]) => margins.filter((margin) => margin > 0).length;
  return chiSquare(cells, (filled(rows) - 1) * (filled(columns) - 1));
}

/** P(lower ≤ X ≤ upper) is at least 1 - alpha for X ~ Binomial(trials, share). */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Weights below this part of the mode's are left out of a binomial distribution. Together they hold less than
 * 1e-20 of it, far below any alpha in use.
 */
const NEGLIGIBLE = 1e-30;

/** The binomial distribution where it is not negligible: probabilities of `first`, `first` + 1, … successes. */
function binomial(trials: number, share: number): { first: number; probabilities: number[] } {
  if (!Number.isSafeInteger(trials) || trials < 0 || !(share >= 0 && share <= 1)) {
    throw new RangeError(`Binomial(${trials}, ${share}): want whole trials ≥ 0 and a share in 0…1`);
  }
  if (share === 0 || share === 1) return { first: share * trials, probabilities: [1] };
  const odds = share / (1 - share);
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  // Walking out from the mode by the ratio of neighbours, and normalising at the end, is exact to rounding at any
  // number of trials, where a difference of large lnGamma values is not.
  const below: number[] = [];
  for (let k = mode, weight = 1; k > 0 && weight > NEGLIGIBLE; k--) {
    weight *= k / ((trials - k + 1) * odds);
    below.push(weight);
  }
  const above: number[] = [];
  for (let k = mode, weight = 1; k < trials && weight > NEGLIGIBLE; k++) {
    weight *= ((trials - k) / (k + 1)) * odds;
    above.push(weight);
  }
  const weights = [...below.toReversed(), 1, ...above];
  const total = sum(weights);
  return { first: mode - below.length, probabilities: weights.map((weight) => weight / total) };
}

/** How many of the leading probabilities together stay within `budget`. */
function within(probabilities: readonly number[], budget: number): number {
  let spent = 0;
  let count = 0;
  for (const probability of probabilities) {
    spent += probability;
    if (spent > budget) break;
    count++;
  }
  return count;
}

/**
 * The counts a correct split may show: exact two-sided bounds, each tail at most alpha / 2, with no normal
 * approximation, so they hold for a share of 0.01 % as well as for one of 50 %.
 */
export function binomialBounds(trials: number, share: number, alpha: number = ALPHA): Bounds {
  const { first, probabilities } = binomial(trials, share);
  return {
    lower: first + within(probabilities, alpha / 2),
    upper: first + probabilities.length - 1 - within(probabilities.toReversed(), alpha / 2),
  };
}

/** Two-sided exact p-value (twice the smaller tail) of `successes` in `trials` for a true share of `share`. */
export function binomialP(successes: number, trials: number, share: number): number {
  const { first, probabilities } = binomial(trials, share);
  const at = successes - first;
  const atMost = sum(probabilities.slice(0, Math.max(0, at + 1)));
  const atLeast = sum(probabilities.slice(Math.max(0, at)));
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

/**
 * Whether counts fit weights (of any scale, at least one above 0). Classes that expect fewer than MIN_EXPECTED are
 * pooled; a pool that is still too small for chi-square is judged by the exact binomial instead, and the smaller of
 * the two p-values is doubled. A count in a class of weight 0 gives p = 0.
 */
export function goodnessOfFit(observed: readonly number[], weights: readonly number[]): Fit {
  const trials = sum(observed);
  const totalWeight = sum(weights);
  if (observed.length !== weights.length || !(totalWeight > 0) || !(trials > 0)) {
    throw new RangeError("want a count for each weight, and sums of counts and of weights above 0");
  }
  const classes = weights.map((weight, i) => ({
    observed: observed[i] ?? 0,
    expected: (trials * weight) / totalWeight,
  }));
  if (classes.some((cell) => cell.expected === 0 && cell.observed > 0)) {
    return { statistic: Number.POSITIVE_INFINITY, df: 0, p: 0 };
  }
  const large = classes.filter((cell) => cell.expected >= MIN_EXPECTED);
  const small = classes.filter((cell) => cell.expected > 0 && cell.expected < MIN_EXPECTED);
  if (small.length === 0) return chiSquare(large, large.length - 1);

  const pool = {
    observed: sum(small.map((cell) => cell.observed)),
    expected: sum(small.map((cell) => cell.expected)),
  };
  if (pool.expected >= MIN_EXPECTED) return chiSquare([...large, pool], large.length);
  const exact = binomialP(pool.observed, trials, Math.min(1, pool.expected / trials));
  if (large.length < 2 || pool.observed === trials) return { statistic: 0, df: 0, p: exact };
  const scale = (trials - pool.observed) / (trials - pool.expected);
  const rest = chiSquare(
    large.map((cell) => ({ observed: cell.observed, expected: cell.expected * scale })),
    large.length - 1,
  );
  return { ...rest, p: Math.min(1, 2 * Math.min(rest.p, exact)) };
}
