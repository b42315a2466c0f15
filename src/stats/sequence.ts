/** What an experiment may be wrong with, whoever looks however often; a guard with less. */
const ALPHA = 0.05;

/**
 * The boundary is tightest, as the text says, for so many visitors; before and after it costs a little. Visitors of
 * an even split: `visitors` below counts those of any other as what they are worth beside it.
 */
const TUNED_FOR = 5000;

/** Quantile of the normal distribution that four fifths lie below: the power that `detectable` is told for. */
const Z_POWER = 0.841_621_233_572_914_3;

/** By what errors are divided: each comparison has a part of alpha, and so has the sample after each halving. */
export interface Care {
  /** Variants of the experiment, the control among them; or more generally one more than is compared. */
  readonly variants: number;
  /** How often the sample was halved: after the k-th, 2^-(k+1) of alpha; all k together, all of it. */
  readonly halvings: number;
}

/** What is known of a difference: itself, the variance of that estimate, and how many visitors it rests on. */
export interface Estimate {
  readonly difference: number;
  readonly variance: number;
  readonly visitors: number;
}

/** A difference with what is sure of it at any time. */
export interface Sequence {
  readonly low: number;
  readonly high: number;
  /** Corrected for all comparisons and halvings: at most alpha (0.05) where the interval is without 0. */
  readonly p: number;
  readonly detectable: number;
}

const partsOf = ({ variants, halvings }: Care): number =>
  Math.max(1, variants - 1) * 2 ** (halvings + 1);

/**
 * Asymptotic confidence sequence of a difference (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2021, theorem 2.2),
 * and the anytime p-value that belongs to it: both from a mixture of normals, whose variance `tau` in units of
 * the estimate's grows with the visitors.
 */
export function sequence(
  { difference, variance, visitors }: Estimate,
  care: Care,
  alpha = ALPHA,
): Sequence {
  const parts = partsOf(care);
  const logAlpha = Math.log(alpha / parts);
  const tau = ((-2 * logAlpha + Math.log(-2 * logAlpha) + 1) * visitors) / TUNED_FOR;
  const penalty = Math.log1p(tau) / 2;
  const width = Math.sqrt(((variance * 2 * (1 + tau)) / tau) * (penalty - logAlpha));
  const square = difference === 0 ? 0 : difference ** 2 / variance;
  const logE = (square * tau) / (2 * (1 + tau)) - penalty;
  return {
    low: difference - width,
    high: difference + width,
    p: Math.min(1, parts * Math.exp(-logE)),
    detectable: width + Z_POWER * Math.sqrt(variance),
  };
}
