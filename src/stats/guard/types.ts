import type { GuardCheck } from "../../lib/guard.ts";
import type { GoalData, Identity, Stratum } from "../data.ts";
import type { SrmVerdict } from "../types.ts";

/** What a window has of one variant: each visitor once. */
export interface WindowTally {
  readonly visitors: number;
  /** Those whose request failed. */
  readonly failed: number;
  /** Different addresses of those. */
  readonly failedNetworks: number;
  /** Of visitors whose first request in the window had an answer: how many by its latency's bucket (`lib/latency.ts`). */
  readonly latency: readonly number[];
  /** Different addresses by the bucket of their slowest one of these. */
  readonly networks: readonly number[];
}

/** All that a guard is judged by. Names are those of the policy. */
export interface GuardData {
  readonly checks: readonly GuardCheck[];
  readonly minVisitors: number;
  /** The variant that others are measured against. */
  readonly control: string;
  /** The variants that can be taken back, in the policy's order: all others that have a share, or had one. */
  readonly variants: readonly string[];
  /** How visitors are recognised; without a lasting identity only windows are judged. */
  readonly identity: Identity;
  /** How long a window is, in ms. */
  readonly windowMs: number;
  /** The newest window, by variant. */
  readonly window: Readonly<Record<string, WindowTally>>;
  /** The one before it, where it is still remembered: what came late is in it, and while the newest has just begun it says more. */
  readonly before?: Readonly<Record<string, WindowTally>>;
  /** Visitors of this roll-out by first assignment, allocation by allocation; of earlier ones nothing. */
  readonly strata: readonly Stratum[];
  /** Different addresses of visitors with a failure in this roll-out, by variant; as many as `minVisitors` are enough. */
  readonly networks: Readonly<Record<string, number>>;
  /** How often the sample was halved. */
  readonly halvings: number;
  readonly goals: readonly GoalData[];
  readonly srm: { readonly verdict: SrmVerdict; readonly p: number };
}

/** "breached" is for whoever acts; nothing is remembered here. */
export type JudgedVerdict = "healthy" | "watching" | "breached";

/** One check, for the variant that is nearest to its limit. */
export interface JudgedCheck {
  readonly check: GuardCheck;
  readonly variant: string | undefined;
  /** In the unit of the limit; `undefined` where nothing was measured. */
  readonly value: number | undefined;
  readonly limit: number;
  /** Visitors that the value is of. */
  readonly visitors: number;
  readonly verdict: JudgedVerdict;
  /** What a verdict waits for, in words; `undefined` where there is one. */
  readonly missing: string | undefined;
  /** What was found, in words: value, limit, sample, and how sure it is. */
  readonly evidence: string;
}

/** What a guard comes to: breached where one check is, watching where one cannot tell yet. */
export interface Judgement {
  readonly verdict: JudgedVerdict;
  /** In the order of the guard's checks. */
  readonly checks: readonly JudgedCheck[];
}

/** What the next step of a ramp is earned by. */
export interface EarnData {
  readonly minVisitors: number;
  /** Percentage points that the failures of the canary may lie above the control's. */
  readonly maxIncrease: number;
  /** How often the sample was halved; 0 where nothing is said. */
  readonly halvings?: number;
  /** Visitors by first assignment under the allocation of the step that is held. */
  readonly canary: { readonly visitors: number; readonly failed: number };
  readonly control: { readonly visitors: number; readonly failed: number };
}

/** Whether the next step is earned, and if not, what is missing, in words. */
export type Earned =
  | { readonly earned: true; readonly evidence: string }
  | { readonly earned: false; readonly missing: string };
