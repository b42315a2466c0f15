import { goalTally, rateArm, valueArm, type Arm } from "../arm.ts";
import { combine } from "../combine.ts";
import { growthNeeded } from "../compare.ts";
import { own } from "../own.ts";
import { sequence } from "../sequence.ts";
import { NO_VERDICT } from "../verdict.ts";
import { chance, whole } from "../words.ts";
import { ROLLOUT_ALPHA, sequentialTests, untold, type CheckOf, type Finding } from "./finding.ts";
import type { GuardData } from "./types.ts";

const PERCENT = 100;

function armsOf(
  { strata }: GuardData,
  variant: string,
  goal: string,
  cap: number | undefined,
): Arm[] {
  return strata.map(({ variants }) => {
    const tally = own(variants, variant);
    const reached = goalTally(tally, goal);
    const visitors = tally?.visitors ?? 0;
    return cap === undefined
      ? rateArm(reached.conversions, visitors)
      : valueArm({ ...reached, visitors, cap });
  });
}

/** A variant whose every visitor is worth a part of what they are. */
const scaled = (arms: readonly Arm[], by: number): Arm[] =>
  arms.map((arm) => ({ ...arm, mean: arm.mean * by, variance: arm.variance * by ** 2 }));

/** What is wrong with the whole experiment, so that no goal of it says anything. */
function unsound({ identity, srm }: GuardData): string | undefined {
  if (identity !== "lasting") return NO_VERDICT[identity];
  return srm.verdict === "alert"
    ? `visitors are not split as drawn (${chance(srm.p)}); find out why first`
    : undefined;
}

/**
 * Whether a goal is reached so much less than by the control that all of it is lost which may be: the whole interval
 * of variant − (1 − d) · control is below 0. "Too early" as in results, and as there for values with a cap.
 */
export function maxDrop(data: GuardData, variant: string, check: CheckOf<"goal">): Finding {
  const { control, halvings } = data;
  const limit = check.maxDrop;
  const why = unsound(data);
  if (why !== undefined) return untold(variant, limit, `No verdict possible: ${why}.`);
  const cap = data.goals.find(({ goal }) => goal === check.goal)?.cap;
  const treatment = armsOf(data, variant, check.goal, cap);
  const kept = 1 - limit / PERCENT;
  const combined = combine(treatment, scaled(armsOf(data, control, check.goal, cap), kept));
  if (combined === undefined)
    return untold(variant, limit, `No visitor was drawn for both ${variant} and ${control} yet.`);
  const [one, other] = combined.arms;
  const controlValue = combined.controlValue / kept;
  const growth = growthNeeded(combined, cap);
  if (!(growth <= 1)) {
    const more = Math.ceil((one.visitors + other.visitors) * (growth - 1));
    const missing = Number.isFinite(more)
      ? `It is too early for ${variant}: ${check.goal} needs about ${whole(more)} more visitors.`
      : `It is too early for ${variant}: nothing tells yet how many visitors ${check.goal} needs.`;
    return untold(variant, limit, missing, one.visitors);
  }
  const care = { variants: sequentialTests(data) + 1, halvings };
  const { high, p } = sequence(combined, care, ROLLOUT_ALPHA);
  const value = controlValue === 0 ? 0 : (1 - combined.value / controlValue) * PERCENT;
  const isBreached = high < 0;
  const digits = (worth: number) =>
    cap === undefined ? `${(worth * PERCENT).toFixed(2)} %` : worth.toPrecision(3);
  const evidence = `${check.goal}: ${digits(combined.value)} of ${whole(one.visitors)} visitors of ${variant}, ${digits(controlValue)} of ${whole(other.visitors)} of ${control}: ${value.toFixed(1)} % less, the limit is ${limit} %; ${isBreached ? `the whole interval is beyond it, ${chance(p)}` : "the interval reaches to what is allowed"}.`;
  const isWithin = value <= limit;
  return {
    variant,
    value,
    limit,
    visitors: one.visitors,
    verdict: isBreached ? "breached" : isWithin ? "healthy" : "watching",
    missing: isBreached || isWithin ? undefined : `${variant}: chance is not ruled out yet.`,
    evidence,
    nearness: value / limit,
  };
}
