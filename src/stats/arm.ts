import type { GoalTally, VariantTally } from "./data.ts";
import { own } from "./own.ts";

/** One variant in one allocation: how many visitors, their mean, and the variance of one visitor's value. */
export interface Arm {
  readonly visitors: number;
  readonly conversions: number;
  readonly mean: number;
  readonly variance: number;
}

/** Visitors with their values, none of which is above the cap. */
interface Values {
  readonly visitors: number;
  readonly conversions: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly cap: number;
}

const NOTHING: GoalTally = { conversions: 0, sum: 0, sumOfSquares: 0, capped: 0 };

/** What a variant's visitors did for a goal. */
export const goalTally = (tally: VariantTally | undefined, goal: string): GoalTally =>
  (tally === undefined ? undefined : own(tally.goals, goal)) ?? NOTHING;

/**
 * The mean of a value. Its variance is that of these visitors and two more, one with nothing and one with the most
 * there is: of those who came alone it would be too small just where the rare ones were missing, and a variant that
 * met few of them by chance would look sure to have lost.
 */
export function valueArm({ visitors, conversions, sum, sumOfSquares, cap }: Values): Arm {
  const mean = (sum + cap) / (visitors + 2);
  return {
    visitors,
    conversions,
    mean: visitors === 0 ? 0 : sum / visitors,
    variance: (sumOfSquares + cap ** 2) / (visitors + 2) - mean ** 2,
  };
}

/** A share of visitors: values of 0 and 1, so that the variance is that of (c + 1) / (n + 2). */
export const rateArm = (conversions: number, visitors: number): Arm =>
  valueArm({ visitors, conversions, sum: conversions, sumOfSquares: conversions, cap: 1 });
