import { logBeta, logBetaTails } from "../beta.ts";
import type { Stratum } from "../data.ts";
import { own } from "../own.ts";

/**
 * Pseudo-visitors of the prior, whose mean is the share of a healthy variant. Of 1, 2, 4, 10, 100 and flat priors,
 * tried for shares from 1 to 90 % and variants that fail 2 to 30 times as often, none is more than a visitor or two
 * ahead of 4 where few visitors tell, nor ahead of it everywhere where many do (docs/statistics.md, "Guards").
 */
const PRIOR = 4;

/**
 * What the prior keeps for a variant that fails as often as the control: so an allocation in which nothing was wrong
 * takes away at most a factor of it from what a later one shows. It costs a bad variant a factor of ¾, which is less
 * than one visitor with a failure.
 */
const HEALTHY = 0.25;

/** Of the error, the part of the sample that was never halved; those that follow have halves of the rest. */
const UNHALVED = 0.9;

/** Visitors with a failure in one allocation, those of the variant among them. */
export interface Failing {
  readonly variant: number;
  readonly both: number;
  /** The variant's part of the two shares: of a healthy one, of visitors with a failure too. */
  readonly share: number;
}

/** ln(eˣ + eʸ). */
const logSum = (x: number, y: number): number =>
  Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));

/** ln of the mean of (p/s)ᵏ((1−p)/(1−s))ⁿ⁻ᵏ over a Beta prior of p, truncated to what is above s. */
function logMixture({ variant, both, share }: Failing): number {
  const [a, b] = [PRIOR * share, PRIOR * (1 - share)];
  const after = logBeta(a + variant, b + both - variant) - logBeta(a, b);
  const above =
    logBetaTails(share, a + variant, b + both - variant).upper - logBetaTails(share, a, b).upper;
  return after + above - variant * Math.log(share) - (both - variant) * Math.log1p(-share);
}

/**
 * ln of one allocation's evidence that the variant fails for more visitors than the control. Whoever serves them,
 * visitors who fail under a healthy variant were drawn for it with its share s, whatever makes them fail and however
 * many do so at once. The null is composite, p ≤ s: for each p' > s of the mixture a further visitor multiplies by
 * p'/s with a chance of p, else by (1−p')/(1−s), on average 1 + (p−s)(p'−s)/(s(1−s)) ≤ 1. So it is a
 * supermartingale that begins with 1, and passes 100 with a chance of at most 1 of 100, ever. The order in which
 * they came does not matter.
 */
export function logFactor(failing: Failing): number {
  const { both, share } = failing;
  if (both === 0 || !(share > 0 && share < 1)) return 0;
  return logSum(Math.log(HEALTHY), Math.log1p(-HEALTHY) + logMixture(failing));
}

/**
 * ln of the part of the error that a sample has which was halved so often. Every sample, of all visitors or of a
 * half of them, is a fair one, drawn by digest, so that evidence from it alone is sound. But who looks at one, then
 * at a half of it, looks at several: together they have the whole error. Nearly all is for the first, as a roll-out
 * that was halved has 100 000 visitors, of whom few more are needed for any evidence.
 */
export const logPart = (halvings: number): number =>
  halvings === 0 ? Math.log(UNHALVED) : Math.log(1 - UNHALVED) - halvings * Math.LN2;

/** Visitors with a failure of a variant and the control, allocation by allocation, where both could be drawn. */
function failingIn({ shares, variants }: Stratum, variant: string, control: string): Failing {
  const [one, other] = [own(shares, variant) ?? 0, own(shares, control) ?? 0];
  const failed = own(variants, variant)?.failed ?? 0;
  const both = failed + (own(variants, control)?.failed ?? 0);
  return { variant: failed, both, share: one / (one + other) };
}

/** ln of the evidence of a whole roll-out: a factor for each allocation, multiplied, and the sample's part. */
export function failuresLogE(
  strata: readonly Stratum[],
  variant: string,
  control: string,
  halvings: number,
): number {
  return strata.reduce(
    (sum, stratum) => sum + logFactor(failingIn(stratum, variant, control)),
    logPart(halvings),
  );
}
