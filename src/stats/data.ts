/** What the hub knows of one goal and variant in one allocation, over the visitors of the sample. */
export interface GoalTally {
  /** Visitors who reached it. */
  readonly conversions: number;
  /** Of each visitor's value, never above the goal's cap; 0 of those who never reached it. */
  readonly sum: number;
  /** Of the squares of the same values. */
  readonly sumOfSquares: number;
  /** Visitors whose value was cut to the cap. */
  readonly capped: number;
}

/** What the hub knows of one variant in one allocation: visitors of the sample, by first assignment. */
export interface VariantTally {
  readonly visitors: number;
  /** Visitors with a minute in which a request of theirs failed. */
  readonly failed: number;
  /** Visitors who met another variant while the allocation was in force. */
  readonly crossovers: number;
  /** By name; a goal that nobody reached may be left out. */
  readonly goals: Readonly<Record<string, GoalTally>>;
}

/** An allocation: data of two are never pooled, only combined stratum by stratum. */
export interface Stratum {
  /** As people read it: `90/10`. */
  readonly allocation: string;
  /** Its first exposure, in ms since the epoch. */
  readonly since: number;
  /** What each variant is drawn with; of any scale, a variant that is left out has 0. */
  readonly shares: Readonly<Record<string, number>>;
  /** Exposures ever, of visitors dropped from the sample too. */
  readonly exposed: Readonly<Record<string, number>>;
  /** A variant that met nobody may be left out. */
  readonly variants: Readonly<Record<string, VariantTally>>;
}

/** A goal as the policy declares it, in the policy's order: the first one decides. */
export interface GoalData {
  readonly goal: string;
  /** The largest value a visitor counts with; without one the goal is a rate. */
  readonly cap?: number;
  /** How often it was reached by nobody known. */
  readonly unattributed: number;
}

/** Exposures that are in no result, and why. */
export interface Apart {
  /** A rule chose, no draw. */
  readonly byRule: number;
  /** The pin is older than the hub's record. */
  readonly olderPins: number;
  /** The id has no good check. */
  readonly unchecked: number;
}

/** Counted requests of one variant, over the same minutes for all of them. */
export interface OperationsTally {
  readonly requests: number;
  readonly failures: number;
  /** Requests in each latency bucket (`src/lib/latency.ts`). */
  readonly latency: readonly number[];
}

/**
 * Whether visitors are known again: `lasting` by a cookie, a header or a query. By nothing but their
 * address, with `sticky: false` and without the secret `VISITOR_KEY` there are no figures of visitors.
 */
export type Identity = "lasting" | "address" | "not-sticky" | "no-key";

/** All that is concluded from. Names are those of the policy. */
export interface ExperimentData {
  readonly experiment: string;
  /** The variant that others are compared with. */
  readonly control: string;
  /** In the policy's order, the control among them. */
  readonly variants: readonly string[];
  readonly identity: Identity;
  /** Whether a draw says who gets what: blue-green has none, and so no shares to test. */
  readonly drawn: boolean;
  /** How often the sample was halved. */
  readonly halvings: number;
  /** The first exposure, and the instant of the question, in ms since the epoch. */
  readonly since: number;
  readonly now: number;
  readonly goals: readonly GoalData[];
  readonly strata: readonly Stratum[];
  readonly apart: Apart;
  /** The highest `logE` that the SRM test ever gave: what was an alert stays one. */
  readonly srmPeak?: number;
  /** By variant; absent where nothing was measured. */
  readonly operations?: Readonly<Record<string, OperationsTally>>;
}
