import { goalTally, rateArm, valueArm, type Arm } from "./arm.ts";
import { compare, type Terms } from "./compare.ts";
import type { ExperimentData, GoalData, VariantTally } from "./data.ts";
import { reachable } from "./expected.ts";
import { own } from "./own.ts";
import type { Comparison, ExperimentResults, GoalResult, RateResult } from "./types.ts";

/** What all goals of an experiment are judged by. */
export type GoalTerms = Omit<Terms, "cap" | "moreIsBetter">;

/** A variant's arms, one for each allocation of the experiment. */
type Arms = ReadonlyMap<string, readonly Arm[]>;

interface Judged {
  readonly valueOf: (variant: string) => number | null;
  readonly comparisons: readonly Comparison[];
}

/** A variant's tally in each allocation; undefined where it met nobody. */
const talliesOf = ({ strata }: ExperimentData, variant: string): (VariantTally | undefined)[] =>
  strata.map(({ variants }) => own(variants, variant));

const sum = (arms: readonly Arm[], of: (arm: Arm) => number): number =>
  arms.reduce((total, arm) => total + of(arm), 0);

const visitorsOf = (arms: readonly Arm[]) => sum(arms, ({ visitors }) => visitors);
const conversionsOf = (arms: readonly Arm[]) => sum(arms, ({ conversions }) => conversions);

function rateArms(data: ExperimentData, count: (tally: VariantTally) => number): Arms {
  const armOf = (tally: VariantTally | undefined) =>
    tally === undefined ? rateArm(0, 0) : rateArm(count(tally), tally.visitors);
  return new Map(data.variants.map((name) => [name, talliesOf(data, name).map(armOf)]));
}

function valueArms(data: ExperimentData, goal: string, cap: number): Arms {
  const armOf = (tally: VariantTally | undefined) =>
    valueArm({ ...goalTally(tally, goal), visitors: tally?.visitors ?? 0, cap });
  return new Map(data.variants.map((name) => [name, talliesOf(data, name).map(armOf)]));
}

/** The variants that anybody could meet beside the control, and the value of each under the weights of its comparison. */
function judge(data: ExperimentData, arms: Arms, terms: Terms): Judged {
  const { control } = data;
  const armsOf = (variant: string) => arms.get(variant) ?? [];
  const comparisons = reachable(data)
    .filter((variant) => variant !== control)
    .map((variant) => compare(variant, armsOf(variant), armsOf(control), terms));
  const combined = new Map(comparisons.map(({ variant, value }) => [variant, value]));
  // With several treatments the control has a value beside each of them: the first is told here.
  const first = comparisons.find(({ controlValue }) => controlValue !== null);
  combined.set(control, first?.controlValue ?? null);
  const valueOf = (variant: string): number | null => {
    const visitors = visitorsOf(armsOf(variant));
    if (visitors === 0) return null;
    const alone = () => sum(armsOf(variant), (arm) => arm.mean * arm.visitors) / visitors;
    return combined.get(variant) ?? alone();
  };
  return { valueOf, comparisons };
}

function rates({ variants }: ExperimentData, arms: Arms, { valueOf }: Judged): RateResult[] {
  return variants.map((variant) => ({
    variant,
    visitors: visitorsOf(arms.get(variant) ?? []),
    conversions: conversionsOf(arms.get(variant) ?? []),
    rate: valueOf(variant),
  }));
}

function rateGoal(data: ExperimentData, goal: GoalData, terms: GoalTerms): GoalResult {
  const arms = rateArms(data, (tally) => goalTally(tally, goal.goal).conversions);
  const judged = judge(data, arms, { ...terms, moreIsBetter: true });
  return { ...goal, variants: rates(data, arms, judged), comparisons: judged.comparisons };
}

function valueGoal(
  data: ExperimentData,
  goal: GoalData,
  cap: number,
  terms: GoalTerms,
): GoalResult {
  const arms = valueArms(data, goal.goal, cap);
  const judged = judge(data, arms, { ...terms, cap, moreIsBetter: true });
  const variants = rates(data, arms, judged).map(({ rate, ...counts }) => {
    const tallies = talliesOf(data, counts.variant).map((tally) => goalTally(tally, goal.goal));
    const totals = tallies.reduce(
      (all, one) => ({ sum: all.sum + one.sum, capped: all.capped + one.capped }),
      { sum: 0, capped: 0 },
    );
    return { ...counts, sum: totals.sum, mean: rate, capped: totals.capped };
  });
  return { ...goal, variants, comparisons: judged.comparisons };
}

/** One goal: a share of visitors, or with a cap the mean of what they are worth. */
export function goalResult(data: ExperimentData, goal: GoalData, terms: GoalTerms): GoalResult {
  const { cap } = goal;
  return cap === undefined ? rateGoal(data, goal, terms) : valueGoal(data, goal, cap, terms);
}

/** Visitors with a failure, judged like a goal of which less is better. */
export function failureResult(
  data: ExperimentData,
  terms: GoalTerms,
): ExperimentResults["failures"] {
  const arms = rateArms(data, ({ failed }) => failed);
  const judged = judge(data, arms, { ...terms, moreIsBetter: false });
  return { variants: rates(data, arms, judged), comparisons: judged.comparisons };
}
