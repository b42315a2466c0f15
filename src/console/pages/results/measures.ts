import type { ExperimentResults } from "../../../api/results.ts";
import { percent } from "../../data/format.ts";

type GoalResult = ExperimentResults["goals"][number];

/** A variant beside the control. */
export type Comparison = GoalResult["comparisons"][number];

/** What variants are compared in: a goal, or failures. */
export interface Measure {
  readonly title: string;
  /** What of it is told: shares of visitors, or values a visitor. */
  readonly unit: "points" | "value";
  readonly isLessBetter: boolean;
  readonly variants: GoalResult["variants"];
  readonly comparisons: readonly Comparison[];
  /** What else there is to know of its figures. */
  readonly notes: readonly string[];
}

const MEANS = new Intl.NumberFormat("en", { maximumFractionDigits: 2, minimumFractionDigits: 2 });
const COUNTS = new Intl.NumberFormat("en");

/** What a variant reached: its rate in percent, or its mean a visitor; a dash for none. */
export function figureOf(one: GoalResult["variants"][number]): string {
  if ("rate" in one) return percent(one.rate);
  return one.mean === null ? "–" : MEANS.format(one.mean);
}

function goalMeasure({ goal, cap, unattributed, ...figures }: GoalResult): Measure {
  const capped = figures.variants.reduce((all, one) => all + ("capped" in one ? one.capped : 0), 0);
  return {
    ...figures,
    title: goal,
    unit: cap === undefined ? "points" : "value",
    isLessBetter: false,
    notes: [
      ...(cap === undefined
        ? []
        : [`cut at ${COUNTS.format(cap)} a visitor, as ${COUNTS.format(capped)} were`]),
      ...(unattributed === 0 ? [] : [`${COUNTS.format(unattributed)} unattributed`]),
    ],
  };
}

/** All that the variants of an experiment are compared in: its goals, the one that decides first, and failures. */
export function measuresOf({ goals, failures }: ExperimentResults): Measure[] {
  const ofFailures = {
    ...failures,
    title: "visitors with a failure",
    unit: "points",
    isLessBetter: true,
    notes: ["less is better"],
  } as const;
  return [...goals.map(goalMeasure), ofFailures];
}
