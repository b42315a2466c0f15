import { rateArm, valueArms, type Arm } from "../../src/stats/arm.ts";
import { compare } from "../../src/stats/compare.ts";
import type { ExperimentData, GoalTally, Stratum } from "../../src/stats/data.ts";
import type { Comparison } from "../../src/stats/types.ts";

/** What is made of each treatment beside the control. */
export type Judged = Pick<Comparison, "difference" | "low" | "high" | "verdict">;

/** Looks at an experiment, and says what it sees. */
export type Judge = (data: ExperimentData) => readonly Judged[];

const GOAL = "goal";
const NOBODY: GoalTally = { conversions: 0, sum: 0, sumOfSquares: 0, capped: 0 };

function tallyOf({ variants }: Stratum, variant: string) {
  const tally = variants[variant];
  return { visitors: tally?.visitors ?? 0, goal: tally?.goals[GOAL] ?? NOBODY };
}

/** A variant in each allocation, as the product sees it. */
export function armsOf({ strata, goals }: ExperimentData, variant: string): Arm[] {
  const tallies = strata.map((stratum) => tallyOf(stratum, variant));
  return goals[0]?.cap === undefined
    ? tallies.map(({ visitors, goal }) => rateArm(goal.conversions, visitors))
    : valueArms(tallies);
}

/** All treatments beside the control, as the product compares them. */
export function product(
  data: ExperimentData,
  halvings: number,
  arms: (variant: string) => readonly Arm[],
): readonly Comparison[] {
  const cap = data.goals[0]?.cap;
  const terms = {
    variants: data.variants.length,
    halvings,
    everybody: 0,
    unsound: false,
    moreIsBetter: true,
    ...(cap !== undefined && { cap }),
  };
  const control = arms(data.control);
  const treatments = data.variants.filter((variant) => variant !== data.control);
  return treatments.map((variant) => compare(variant, arms(variant), control, terms));
}

/** The product. */
export const ours: Judge = (data) =>
  product(data, data.halvings, (variant) => armsOf(data, variant));
