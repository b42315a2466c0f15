import type { GuardCheck } from "../../lib/guard.ts";
import type { GuardData, JudgedCheck, JudgedVerdict } from "./types.ts";

/** What a roll-out may be taken back in error with, all its sequential checks and variants together. */
export const ROLLOUT_ALPHA = 0.01;

/** What one check and variant may be wrong with in one window: a day has 288 of five minutes, */
const WINDOW_ALPHA = 1e-5;

/** and in a day, however short its windows. */
const DAY_ALPHA = 0.01;

const DAY_MS = 86_400_000;

/** What one check and variant may be wrong with in one window of that length. */
export const windowAlpha = ({ windowMs }: Pick<GuardData, "windowMs">): number =>
  Math.min(WINDOW_ALPHA, (DAY_ALPHA * windowMs) / DAY_MS);

/** One check for one variant. */
export interface Finding extends Omit<JudgedCheck, "check" | "variant"> {
  readonly variant: string;
  /** How near to the limit it is: above 1 is beyond it. */
  readonly nearness: number;
}

/** A metric's check, as the policy has it. */
export type CheckOf<TMetric extends GuardCheck["metric"]> = Extract<
  GuardCheck,
  { readonly metric: TMetric }
>;

/** A check that compares with the control over the whole roll-out: these share {@link ROLLOUT_ALPHA}. */
const isSequential = (check: GuardCheck): boolean =>
  check.metric === "goal" || (check.metric === "failures" && "maxIncrease" in check);

/** By how many comparisons the error of a roll-out is shared. */
export const sequentialTests = ({ checks, variants }: GuardData): number =>
  Math.max(1, checks.filter(isSequential).length * variants.length);

const ORDER: readonly JudgedVerdict[] = ["breached", "watching", "healthy"];

/** The one that is told of: the worst, of the same verdict the nearest to its limit; whatever the order they came in. */
export function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.toSorted(
    (one, other) =>
      ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict) ||
      other.nearness - one.nearness ||
      other.visitors - one.visitors ||
      (one.variant < other.variant ? -1 : 1),
  )[0];
}

/** A check that cannot tell, and why. */
export const untold = (variant: string, limit: number, why: string, visitors = 0): Finding => ({
  variant,
  value: undefined,
  limit,
  visitors,
  verdict: "watching",
  missing: why,
  evidence: why,
  nearness: 0,
});
