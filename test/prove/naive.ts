import { rateArm, type Arm } from "../../src/stats/arm.ts";
import type { ExperimentData, Stratum } from "../../src/stats/data.ts";
import { sequence, type Estimate } from "../../src/stats/sequence.ts";
import { armsOf, product, type Judge, type Judged } from "./judges.ts";

/** Halvings of which all parts of alpha are one: the whole of it, at once and again after each. */
const WHOLE_ALPHA = -1;

/** The product, but with all of alpha again after each halving. */
export const sameAlpha: Judge = (data) =>
  product(data, WHOLE_ALPHA, (variant) => armsOf(data, variant));

/** Values that nothing bounds: there is no largest one that the variance could reckon with. */
export const uncapped: Judge = (data) =>
  product(data, data.halvings, (variant) => armsOf(data, variant, 0));

const sum = (arms: readonly Arm[], of: (arm: Arm) => number) =>
  arms.reduce((total, arm) => total + of(arm), 0);

const conversionsOf = (arms: readonly Arm[]) => sum(arms, ({ conversions }) => conversions);
const visitorsOf = (arms: readonly Arm[]) => sum(arms, ({ visitors }) => visitors);

/** The product, but with all allocations thrown together. */
export const pooled: Judge = (data) =>
  product(data, data.halvings, (variant) => {
    const arms = armsOf(data, variant);
    return [rateArm(conversionsOf(arms), visitorsOf(arms))];
  });

type Weigh = (one: Arm, other: Arm) => number;

const byVisitors: Weigh = (one, other) =>
  (one.visitors * other.visitors) / (one.visitors + other.visitors);

const variance: Weigh = (one, other) =>
  one.variance / one.visitors + other.variance / other.visitors;

/** Differences of the allocations under any weights. */
function combined(arms: readonly Arm[], control: readonly Arm[], weigh: Weigh): Estimate {
  let [weights, difference, spread, visitors] = [0, 0, 0, 0];
  for (const [at, one] of arms.entries()) {
    const other = control[at];
    if (other === undefined || one.visitors === 0 || other.visitors === 0) continue;
    const weight = weigh(one, other);
    weights += weight;
    difference += weight * (one.mean - other.mean);
    spread += weight ** 2 * variance(one, other);
    visitors += 4 * byVisitors(one, other);
  }
  return { difference: difference / weights, variance: spread / weights ** 2, visitors };
}

/** Interval and verdict of each treatment, once both are large enough. */
function judge(
  data: ExperimentData,
  estimate: (arms: readonly Arm[], control: readonly Arm[]) => Estimate,
  isEnough: (arms: readonly Arm[]) => boolean,
  interval: (estimate: Estimate) => Pick<Judged & object, "low" | "high"> = (known) =>
    sequence(known, { variants: data.variants.length, halvings: data.halvings }),
): readonly Judged[] {
  const control = armsOf(data, data.control);
  const treatments = data.variants.filter((variant) => variant !== data.control);
  return treatments.map((variant) => {
    const arms = armsOf(data, variant);
    const known = estimate(arms, control);
    const { difference } = known;
    if (!isEnough(arms) || !isEnough(control) || !(known.variance > 0))
      return { difference, low: null, high: null, verdict: "too-early" };
    const { low, high } = interval(known);
    const verdict = Number(low) > 0 ? "better" : Number(high) < 0 ? "worse" : "undecided";
    return { difference, low, high, verdict };
  });
}

/** Conversions that are enough for those who do not ask how many did not convert. */
const SUCCESSES = 20;

const hasSuccesses = (arms: readonly Arm[]) => conversionsOf(arms) >= SUCCESSES;

/** With the variance that c / n itself suggests. */
const plain = (arms: readonly Arm[]): Arm[] =>
  arms.map((arm) => ({ ...arm, variance: arm.mean * (1 - arm.mean) }));

/** Early until there are 20 successes of each, whatever has failed, with the variance of c / n. */
export const successesOnly: Judge = (data) =>
  judge(data, (one, other) => combined(plain(one), plain(other), byVisitors), hasSuccesses);

/** Allocations weighted by the inverse of their variances, which know what visitors did. */
export const inverseVariance: Judge = (data) =>
  judge(
    data,
    (one, other) => combined(one, other, (a, b) => 1 / variance(a, b)),
    (arms) => visitorsOf(arms) >= 100 && hasSuccesses(arms),
  );

/** Standard errors of a test of 5 % that is looked at once. */
const ONE_LOOK = 1.959_963_984_540_054;

/** The textbook's test, at every look. */
export const everyLook: Judge = (data) =>
  judge(
    data,
    (one, other) => combined(one, other, byVisitors),
    (arms) => visitorsOf(arms) >= 100 && hasSuccesses(arms),
    ({ difference, variance: spread }) => ({
      low: difference - ONE_LOOK * Math.sqrt(spread),
      high: difference + ONE_LOOK * Math.sqrt(spread),
    }),
  );

/** The chi-square that 1 of 1 000 even splits exceeds, looked at once. */
const CHI_SQUARE = 10.828;

/** The textbook's test of the newest allocation's split, of two variants, at every look. */
export function chiSquareAlarm(strata: readonly Stratum[]): boolean {
  const newest = strata.at(-1);
  if (newest === undefined) return false;
  const { shares, exposed } = newest;
  const total = Object.values(exposed).reduce((all, count) => all + count, 0);
  const statistic = Object.entries(shares).reduce((all, [variant, share]) => {
    const expected = total * share;
    return all + ((exposed[variant] ?? 0) - expected) ** 2 / expected;
  }, 0);
  return statistic > CHI_SQUARE;
}
