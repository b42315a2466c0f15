import { rateArm, valueArm, type Arm } from "../../src/stats/arm.ts";
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

/** A variant in each allocation, as the product sees it where `cap` is the goal's. */
export function armsOf(
  { strata, goals }: ExperimentData,
  variant: string,
  cap = goals[0]?.cap,
): Arm[] {
  return strata.map((stratum) => {
    const { visitors, goal } = tallyOf(stratum, variant);
    return cap === undefined
      ? rateArm(goal.conversions, visitors)
      : valueArm({ ...goal, visitors, cap });
  });
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
