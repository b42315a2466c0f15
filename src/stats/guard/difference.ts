import { logBeta } from "../beta.ts";

/** Visitors of one variant, those with a failure among them; not whole where they are foretold. */
export interface Arm {
  readonly visitors: number;
  readonly failed: number;
}

/**
 * The prior of both rates, Beta(½, ½ / d) for an increase of d: its mean is about as much as is asked about, and ½
 * lets a canary without a failure be sure soon, and one with some not much later. For d = 1 % there is no narrower
 * one for rates from 0 to 5 % alike: 0.1 instead of ½ saves a sixth where none fails, and costs a quarter where 1 % do.
 */
const FAILURES = 0.5;

/** An increase below which the prior is that of this one: there is none for 0. */
const LEAST_INCREASE = 1e-4;

/**
 * The part of the evidence that knows what the control's rate is; the other part takes the worst. So what is not
 * known of a control that never fails costs next to nothing.
 */
const BESIDE_CONTROL = 0.2;

/** Steps of a search for a lowest value or a zero, each of which makes what is left smaller by a third or a half. */
const SEARCH_STEPS = 60;

const rateOf = ({ visitors, failed }: Arm): number => (visitors === 0 ? 0 : failed / visitors);

/** k ln p, of which 0 ln 0 is 0. */
const times = (count: number, log: number): number => (count === 0 ? 0 : count * log);

/** ln of how much better than a rate p the mixture of all rates foretells one arm: at p itself on average 1, for ever. */
function mixture({ visitors, failed }: Arm, b: number): (rate: number) => number {
  const fore = logBeta(FAILURES + failed, b + visitors - failed) - logBeta(FAILURES, b);
  return (rate) =>
    fore - times(failed, Math.log(rate)) - times(visitors - failed, Math.log1p(-rate));
}

/**
 * ln of the evidence that the canary's failures are not `increase` (0…1) or more above the control's, whatever the
 * control's are: of each pair of rates so far apart, a product of two Beta-binomial mixture martingales (Robbins
 * 1970; Howard, Ramdas, McAuliffe and Sekhon 2021), exact for the rarest failures; and of all such pairs, and
 * those farther apart, the one it says least against, which convexity puts on the line between. Where the true difference is `increase` it passes 1 / α with a chance of at most α, at whatever
 * time anybody looks.
 */
export function logEvidenceBelow(
  canary: Arm,
  control: Arm,
  increase: number,
  known: number = increase,
): number {
  // What was seen is itself so far apart: nothing speaks against it.
  if (rateOf(canary) - rateOf(control) >= increase) return 0;
  const b = FAILURES / Math.max(LEAST_INCREASE, known);
  const [ofCanary, ofControl] = [mixture(canary, b), mixture(control, b)];
  const against = (rate: number): number => {
    // ln(0.8 + 0.2 eˣ), for every x.
    const beside = ofControl(rate) + Math.log(BESIDE_CONTROL);
    const alone = Math.log1p(-BESIDE_CONTROL);
    const most = Math.max(beside, alone);
    return ofCanary(rate + increase) + most + Math.log1p(Math.exp(Math.min(beside, alone) - most));
  };
  // Both are convex in the rate, and so is their sum: thirds find where it is lowest.
  let [low, high] = [0, 1 - increase];
  for (let left = SEARCH_STEPS; left > 0; left -= 1) {
    const third = (high - low) / 3;
    if (against(low + third) < against(high - third)) high -= third;
    else low += third;
  }
  return against((low + high) / 2);
}

/** What the canary's failures are above the control's at most, but for a chance of `alpha`, at whatever time anybody looks. */
export function upperBound(canary: Arm, control: Arm, known: number, alpha: number): number {
  let [low, high] = [Math.max(0, rateOf(canary) - rateOf(control)), 1];
  for (let left = SEARCH_STEPS; left > 0; left -= 1) {
    const middle = (low + high) / 2;
    if (logEvidenceBelow(canary, control, middle, known) >= -Math.log(alpha)) high = middle;
    else low = middle;
  }
  return high;
}
