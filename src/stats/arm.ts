import type { GoalTally, VariantTally } from "./data.ts";
import { own } from "./own.ts";

/** One variant in one allocation: how many visitors, their mean, and the variance of one visitor's value. */
export interface Arm {
  readonly visitors: number;
  readonly conversions: number;
  readonly mean: number;
  readonly variance: number;
}

const NOTHING: GoalTally = { conversions: 0, sum: 0, sumOfSquares: 0, capped: 0 };

/** What a variant's visitors did for a goal. */
export const goalTally = (tally: VariantTally | undefined, goal: string): GoalTally =>
  (tally === undefined ? undefined : own(tally.goals, goal)) ?? NOTHING;

/**
 * A share of visitors. Its variance is that of (c + 1) / (n + 2): with few conversions, of c / n itself it would
 * be too small just where c is small, and a variant that lost by chance would look sure to have lost.
 */
export function rateArm(conversions: number, visitors: number): Arm {
  const careful = (conversions + 1) / (visitors + 2);
  return {
    visitors,
    conversions,
    mean: visitors === 0 ? 0 : conversions / visitors,
    variance: careful * (1 - careful),
  };
}

/** Conversions from which on an allocation's own variance of a value is believed. */
const ENOUGH = 20;

/** The variance of values of which sum and sum of squares are known. */
function sampleVariance(sum: number, sumOfSquares: number, count: number): number {
  return count < 2 ? 0 : Math.max(0, sumOfSquares - sum ** 2 / count) / (count - 1);
}

/**
 * The mean of a value over visitors, in each allocation. An allocation with few conversions takes the variance of
 * all of them where that is larger: a few visitors who bought nothing seem to agree.
 */
export function valueArms(
  tallies: readonly { readonly visitors: number; readonly goal: GoalTally }[],
): Arm[] {
  let [sum, sumOfSquares, count] = [0, 0, 0];
  for (const { visitors, goal } of tallies) {
    sum += goal.sum;
    sumOfSquares += goal.sumOfSquares;
    count += visitors;
  }
  const overall = sampleVariance(sum, sumOfSquares, count);
  return tallies.map(({ visitors, goal }) => {
    const alone = sampleVariance(goal.sum, goal.sumOfSquares, visitors);
    return {
      visitors,
      conversions: goal.conversions,
      mean: visitors === 0 ? 0 : goal.sum / visitors,
      variance: goal.conversions < ENOUGH ? Math.max(alone, overall) : alone,
    };
  });
}
