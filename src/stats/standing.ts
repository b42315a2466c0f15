import type { ExperimentData } from "./data.ts";
import type { Comparison, ExperimentResults, Standing } from "./types.ts";

const DAY_MS = 86_400_000;

/** Weekdays differ: what was measured on some of them only may hold on those only. */
const WHOLE_DAYS = 7;

type Compared = Pick<ExperimentResults, "goals" | "failures" | "srm" | "variants">;

/** Days that are missing to a whole week, each from midnight to midnight UTC; 0 for none. */
export function daysLeft({ since, now }: Pick<ExperimentData, "since" | "now">): number {
  const whole = Math.max(0, Math.floor(now / DAY_MS) - Math.ceil(since / DAY_MS));
  return Math.max(0, WHOLE_DAYS - whole);
}

/** The comparisons that decide: those of the first goal, or of failures where there is none. */
const deciding = ({ goals: [goal], failures }: Compared): readonly Comparison[] =>
  (goal ?? failures).comparisons;

/** Whether nothing can be told of any variant yet. */
export const isTooEarly = (comparisons: readonly Comparison[]): boolean =>
  comparisons.every(({ verdict }) => verdict === "too-early");

/** Some variant is better than the control, or none is left that could be. */
const isDecided = (comparisons: readonly Comparison[]): boolean =>
  comparisons.some(({ verdict }) => verdict === "better") ||
  comparisons.every(({ verdict }) => verdict === "worse");

/** Whether the experiment is over: the verdict's sentence says the same, with its figures. */
export function standingOf(data: ExperimentData, results: Compared): Standing {
  if (data.identity !== "lasting" || !data.drawn) return "impossible";
  if (results.srm.verdict === "alert") return "untrusted";
  const comparisons = deciding(results);
  if (comparisons.length === 0) return "impossible";
  if (isTooEarly(comparisons) || results.variants.every(({ visitors }) => visitors === 0))
    return "too-early";
  if (!isDecided(comparisons)) return "undecided";
  return daysLeft(data) > 0 ? "ahead" : "decided";
}
