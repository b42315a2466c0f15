/**
 * What isolates tell the hub of splits: counts by minute, visitors, goals. Part of the wire
 * (`wire.ts`), and under its rules: fields are only ever added, an unknown one is ignored.
 */
import type { UnlistedVisitors, WatchedVisitor } from "./guard.ts";

/** The shares that were in force at the instant of a decision. Data of two allocations is never pooled. */
export interface AllocationReport {
  /** Of everything that makes it: the effective salt, coverage, group, shares, force. The same again for shares that come back. */
  readonly id: string;
  /** The allocation for people: `90/10`. */
  readonly label: string;
  /** What each variant was to get of those that were drawn; 1 in all. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What can fail of a variant: the origin could not be reached, or not in time, or answered 5xx, or was left out for earlier failures. */
export const FAILURE_KINDS = ["network", "timeout", "status", "down"] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Answers as visitors got them, by the first digit of the status: 2xx, 3xx, 4xx, 5xx. */
export type ByClass = readonly [number, number, number, number];

/** How often a variant failed, whoever answered in its place, in the order of {@link FAILURE_KINDS}. */
export type ByKind = readonly [number, number, number, number];

/** What was counted of some requests of one variant. */
export interface Counts {
  readonly requests: number;
  readonly status: ByClass;
  /** All zero where it is left out. */
  readonly failures?: ByKind;
  /** Pairs of a bucket's index (`lib/latency.ts`) and how many answers fell into it, in rising order, flat. */
  readonly latency: readonly number[];
}

/** One variant in one minute. Requests that count (`Decision.counted`) and all others are kept apart. */
export interface VariantCounts {
  readonly variant: string;
  readonly counted?: Counts;
  readonly others?: Counts;
  /** Requests of either kind that another variant answered; 0 where it is left out. */
  readonly rescued?: number;
  /** How often each reason decided for it. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface MinuteCounts {
  /** Minutes since the epoch, by the isolate's clock. */
  readonly minute: number;
  readonly variants: readonly VariantCounts[];
}

/**
 * How a visitor came to their variant: the request was drawn under this allocation; a pin that a draw
 * made was followed, and the draw would give the same under this allocation; a pin was followed that
 * it would not give; a pin was followed that a rule made.
 */
export const EXPOSURES = ["drawn", "pinned", "older", "rule"] as const;

export type Exposure = (typeof EXPOSURES)[number];

/** One visitor of a split, as one isolate met them since its last report. */
export interface VisitorReport {
  /** `visitorDigest`: 16 hexadecimal digits. */
  readonly digest: string;
  readonly variant: string;
  readonly exposure: Exposure;
  /** The first of these requests (ms since the epoch). */
  readonly at: number;
  /** When their cookie was made (ms since the epoch), with "pinned": no draw of theirs is older. */
  readonly seenAt?: number;
  /** Minutes (since the epoch) in which the variant failed for them. */
  readonly failed?: readonly number[];
  /** With `failed`: a keyed hash of their IPv4 address or IPv6 /64, in hexadecimal. */
  readonly address?: string;
}

/** A visitor's report as it is sent: "drawn", which most are, is left out. */
export type SentVisitor = Omit<VisitorReport, "exposure"> & { readonly exposure?: Exposure };

/** What was counted of one split under one allocation. */
export interface SplitReport {
  /** The split's name: its effective salt, or what its policy calls it. Of a single origin too. */
  readonly experiment: string;
  readonly allocation: AllocationReport;
  readonly minutes: readonly MinuteCounts[];
  readonly visitors?: readonly VisitorReport[];
  /** Visitors, as far as this isolate can tell them apart, whose ids have no good check; 0 where it is left out. */
  readonly unchecked?: number;
  /** Where a guard looks at windows: who came in them. */
  readonly watched?: readonly WatchedVisitor[];
  readonly unlisted?: readonly UnlistedVisitors[];
}

/** Somebody reached a goal of the route. */
export interface GoalReport {
  readonly goal: string;
  readonly digest: string;
  /** ms since the epoch. */
  readonly at: number;
  /** 1 where it is left out. */
  readonly value?: number;
  /** Counts once, however often it comes. */
  readonly id?: string;
}

/** Goals that somebody without an identity reached, as one split would have known them. */
export interface UnattributedGoals {
  readonly experiment: string;
  readonly goal: string;
  readonly count: number;
}

/** A split's report as it is sent. */
export type SentSplit = Omit<SplitReport, "visitors"> & {
  readonly visitors?: readonly SentVisitor[];
};

/** What a held route says of its splits, beside its version. */
export interface MeasuredRoute {
  readonly splits?: readonly SplitReport[];
  /** How often requests ended at the gateway, by what was done: `preflight`, `redirect`, `respond`, or a problem's code. */
  readonly ends?: Readonly<Record<string, number>>;
  readonly goals?: readonly GoalReport[];
  readonly unattributed?: readonly UnattributedGoals[];
}

/** How many visitors of a split the hub wants to hear of: those whose `sampleUnit` is below 2^-halvings. */
export interface SampleRate {
  readonly key: string;
  readonly experiment: string;
  readonly halvings: number;
}

/** Visitors that one report tells of, of all routes together; the rest waits for the next. */
export const MAX_REPORTED_VISITORS = 100;

/** Goals that one report tells of, of all routes together; the rest waits for the next. */
export const MAX_REPORTED_GOALS = 100;

/** Minutes that one split tells apart; older ones are merged into the oldest of them. */
export const MAX_REPORTED_MINUTES = 5;

/** Splits and single origins that one route tells apart; what others do is counted as requests of the route alone. */
export const MAX_REPORTED_SPLITS = 64;

/** Characters of an id that a goal may have: a longer one is cut. */
export const MAX_GOAL_ID_CHARS = 64;
