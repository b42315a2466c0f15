import type { Stratum } from "../../src/stats/data.ts";
import { srm } from "../../src/stats/srm.ts";
import type { Judge, Judged } from "./judges.ts";
import type { Random } from "../../src/stats/random.ts";
import { simulate } from "./simulate.ts";
import type { World } from "./world.ts";

/** What came of one experiment that was looked at after every report. */
export interface Outcome {
  /** At some look a variant had a verdict that is not true. */
  readonly hasFalseWinner: boolean;
  /** At some look an interval was without the true difference. */
  readonly hasMissed: boolean;
  /** Visitors at the first look at which the split was alarming. */
  readonly alertedAt: number | null;
  /** Whether at the last look it was not too early. */
  readonly isJudged: boolean;
  /** Visitors at the first true verdict on the first treatment. */
  readonly decidedAt: number | null;
  /** What was estimated of the first treatment in the end. */
  readonly difference: number;
}

const isFalse = ({ verdict }: Judged, effect: number): boolean =>
  (verdict === "better" && !(effect > 0)) || (verdict === "worse" && !(effect < 0));

const isMissed = ({ low, high }: Judged, truth: number): boolean =>
  low !== null && high !== null && (truth < low || truth > high);

/** One experiment from beginning to end, judged at every look. */
export function trial(
  random: Random,
  world: World,
  judge: Judge,
  isAlarming: (strata: readonly Stratum[]) => boolean = (strata) => srm(strata).verdict === "alert",
): Outcome {
  let [hasFalseWinner, hasMissed, isJudged] = [false, false, false];
  let difference = Number.NaN;
  let decidedAt: number | null = null;
  let alertedAt: number | null = null;
  for (const { data, came } of simulate(random, world)) {
    if (isAlarming(data.strata)) alertedAt ??= came;
    const judged = judge(data);
    for (const [at, one] of judged.entries()) {
      const effect = world.effects[at + 1] ?? 0;
      hasFalseWinner ||= isFalse(one, effect);
      hasMissed ||= isMissed(one, effect);
    }
    const [first] = judged;
    isJudged = judged.every(({ verdict }) => verdict !== "too-early");
    difference = first?.difference ?? Number.NaN;
    const isDecided = first?.verdict === "better" || first?.verdict === "worse";
    if (isDecided && !isFalse(first, world.effects[1] ?? 0)) decidedAt ??= came;
  }
  return { hasFalseWinner, hasMissed, alertedAt, isJudged, decidedAt, difference };
}
