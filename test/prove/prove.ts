import { ALPHA, binomialBounds } from "../support/statistics.ts";
import type { Claim } from "./claims.ts";
import { Random } from "../../src/stats/random.ts";
import { trial } from "./trial.ts";

/** Of a hundred experiments, at most so many may ever name a false winner, or miss the truth; of a thousand, be alarmed. */
export const LIMITS = { winner: 0.05, missed: 0.05, alert: 0.001 } as const;

/** Standard errors that a right estimate is off by with a chance below {@link ALPHA}. */
const MAX_ERRORS = 4.9;

/** What came of a claim's experiments. */
export interface Proof {
  readonly claim: Claim;
  readonly runs: number;
  /** Experiments that went wrong at any of their looks. */
  readonly wrong: Readonly<Record<keyof typeof LIMITS, number>>;
  /** Experiments that had come to a verdict in the end, `undecided` included. */
  readonly judged: number;
  /** What was estimated of the first treatment in the end, less the truth, and the standard error of that mean. */
  readonly bias: number;
  readonly biasError: number;
  /** What is beyond its limit by more than chance, which does that to what is right once in 1 / {@link ALPHA}. */
  readonly broken: readonly (keyof typeof LIMITS | "bias")[];
}

/** Whether so many are more than chance makes of what keeps to its limit. */
const exceeds = (count: number, runs: number, limit: number): boolean =>
  count > binomialBounds(runs, limit, 2 * ALPHA).upper;

/** Simulates a claim's experiments. */
export function prove(claim: Claim, runs: number, seed: number): Proof {
  const random = new Random(seed);
  const wrong = { winner: 0, missed: 0, alert: 0 };
  let [judged, sum, squares] = [0, 0, 0];
  const truth = claim.world.effects[1] ?? 0;
  for (let left = runs; left > 0; left -= 1) {
    const outcome = trial(random, claim.world, claim.judge, claim.isAlarming);
    if (outcome.hasFalseWinner) wrong.winner += 1;
    if (outcome.hasMissed) wrong.missed += 1;
    if (outcome.alertedAt !== null) wrong.alert += 1;
    if (outcome.isJudged) judged += 1;
    sum += outcome.difference - truth;
    squares += (outcome.difference - truth) ** 2;
  }
  const bias = sum / runs;
  const biasError = Math.sqrt((squares / runs - bias ** 2) / runs);
  const keys = ["winner", "missed", "alert"] as const;
  const broken: Proof["broken"] = [
    ...keys.filter((key) => exceeds(wrong[key], runs, LIMITS[key])),
    ...(claim.isUnbiased && Math.abs(bias) > MAX_ERRORS * biasError ? (["bias"] as const) : []),
  ];
  return { claim, runs, wrong, judged, bias, biasError, broken };
}

/** Whether a claim came out as it says: nothing broken, or of a naive version what it is there to show. */
export function isShown({ claim, broken }: Proof): boolean {
  return claim.breaks === undefined ? broken.length === 0 : broken.includes(claim.breaks);
}
