import type { Apart } from "./data.ts";

/** From what evidence on: 1/0.01 and 1/0.001. */
export type SrmVerdict = "ok" | "warn" | "alert";

/** What comes of a comparison with the control. */
export type ComparisonVerdict = "too-early" | "undecided" | "better" | "worse";

/**
 * Whether an experiment is over. `impossible`: nothing can be told, ever, as it is set up; `untrusted`: the split is
 * not what was drawn; `too-early`, `undecided`; `ahead`: decided by its figures, but not over a whole week yet;
 * `decided`: it can be stopped.
 */
export const STANDINGS = [
  "impossible",
  "untrusted",
  "too-early",
  "undecided",
  "ahead",
  "decided",
] as const;

export type Standing = (typeof STANDINGS)[number];

/** Visitors of one variant, over all allocations. */
export interface VariantResult {
  readonly variant: string;
  /** In the sample. */
  readonly visitors: number;
  /** What the shares say of as many visitors. */
  readonly expected: number;
  /** Visitors with a failure. */
  readonly failed: number;
  /** Of its visitors, those who met another variant while their allocation was in force. */
  readonly crossoverShare: number;
}

/** A goal that is reached or not. */
export interface RateResult {
  readonly variant: string;
  readonly visitors: number;
  readonly conversions: number;
  /** Combined over allocations with the weights of the comparison; null without visitors. */
  readonly rate: number | null;
}

/** A goal with values. */
export interface MeanResult {
  readonly variant: string;
  readonly visitors: number;
  readonly conversions: number;
  /** Of values cut to the cap. */
  readonly sum: number;
  /** A visitor's, combined like a rate. */
  readonly mean: number | null;
  /** Visitors whose value was cut to the cap. */
  readonly capped: number;
}

/**
 * A variant beside the control. `low`, `high` and `p` hold at any time and however often they are looked at; they are
 * corrected for the number of variants and for halvings: the interval is without 0 exactly where `p` is at most 0.05.
 * Where it is too early they are what is sure before any visitor came: as far apart as two variants can be, and 1.
 * Where no allocation has visitors of both, the numbers are null.
 */
export interface Comparison {
  readonly variant: string;
  /** Variant minus control: of rates, or of means. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The difference by the control's; null where the control has none. */
  readonly lift: number | null;
  readonly p: number;
  readonly verdict: ComparisonVerdict;
  /** The smallest difference that such a sample shows four times of five; null where it is too early. */
  readonly detectable: number | null;
  /** Rate or mean of both, under the weights of this comparison: they differ by the difference. */
  readonly value: number | null;
  readonly controlValue: number | null;
  /** Where it is too early: about how many more visitors of the experiment that takes; null where nothing tells. */
  readonly visitorsNeeded?: number | null;
}

/** One goal. */
export interface GoalResult {
  readonly goal: string;
  readonly cap?: number;
  readonly unattributed: number;
  readonly variants: readonly (RateResult | MeanResult)[];
  readonly comparisons: readonly Comparison[];
}

/** One allocation. */
export interface StratumResult {
  readonly allocation: string;
  readonly since: string;
  readonly variants: readonly {
    readonly variant: string;
    readonly visitors: number;
    /** Of each goal, its rate or mean in this allocation alone. */
    readonly goals: Readonly<Record<string, number | null>>;
  }[];
}

/** Counted requests of a variant: shares in 0…1, latencies in ms, null without requests. */
export interface OperationsResult {
  readonly variant: string;
  readonly requests: number;
  readonly failureShare: number | null;
  readonly latency: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
}

/** What is concluded of an experiment, as `GET /v1/routes/:key/results` tells it, without its guard. */
export interface ExperimentResults {
  readonly experiment: string;
  readonly control: string;
  readonly since: string;
  readonly sampleRate: number;
  readonly allocations: number;
  readonly srm: { readonly verdict: SrmVerdict; readonly p: number };
  readonly variants: readonly VariantResult[];
  readonly apart: Apart;
  readonly goals: readonly GoalResult[];
  /** Visitors with a failure, like a goal of which less is better. */
  readonly failures: {
    readonly variants: readonly RateResult[];
    readonly comparisons: readonly Comparison[];
  };
  readonly strata: readonly StratumResult[];
  readonly operations?: readonly OperationsResult[];
  /** Absent where the hub that answers is an older one. */
  readonly standing?: Standing;
  /** The words that a person would use first. */
  readonly verdict: string;
}
