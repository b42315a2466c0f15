/**
 * What the hub answers to whoever asks what splits do. The control API hands these on as they are
 * (docs/control-api.md); results have their own shape in `stats/types.ts`.
 */
import type { GuardVerdict } from "../lib/guard.ts";
import type { FailureKind } from "./measured.ts";

export type StatusClass = "2xx" | "3xx" | "4xx" | "5xx";

/** Milliseconds to the response head, each within 15 %; null where there was no answer. */
export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What is kept apart for requests that count. */
export interface Outcomes {
  readonly status: Readonly<Record<StatusClass, number>>;
  readonly failures: number;
  readonly latency: Quantiles;
}

/** One variant in one step of time. */
export interface MetricsPoint extends Outcomes {
  /** When the step begins (RFC 3339). */
  readonly at: string;
  readonly requests: number;
  readonly counted: number;
  readonly rescued: number;
  readonly countedOnly: Outcomes;
}

export interface MetricsSeries {
  readonly experiment: string;
  readonly variant: string;
  readonly points: readonly MetricsPoint[];
}

/** What is told to somebody who knew the same already. */
export interface Unchanged {
  readonly unchanged: true;
}

/** An answer, with the tag by which to ask whether it is still so, where it has one; from a hub of an earlier release it has none. */
export type WithTag<T> = T & { readonly tag?: string };

/** An answer to somebody who may know it already. */
export type Tagged<T> = WithTag<T> | Unchanged;

/** `GET /v1/routes/:key/metrics`. */
export interface RouteMetrics {
  readonly route: string;
  readonly from: string;
  readonly to: string;
  /** Seconds. */
  readonly step: number;
  readonly series: readonly MetricsSeries[];
  /** As the status has them; absent where the hub has never heard of the route. */
  readonly version?: RouteStatus["version"];
  readonly reportedAt?: RouteStatus["reportedAt"];
}

/** Points of one series, a day of minutes, and of all series of an answer: above either steps are made longer. */
export const MAX_POINTS = 1440;
export const MAX_POINTS_TOGETHER = 40_000;

/** Seconds that metrics go back: 90 days. Beyond a day they are told by the hour. */
export const MAX_WINDOW_SECONDS = 7_776_000;

/** What is asked of the metrics of a route. The answer says which step it has. */
export interface MetricsQuery {
  /** Seconds back from now. */
  readonly window: number;
  /** Seconds of a step; the window holds a bounded number of them. */
  readonly step: number;
}

/** One line of `GET /v1/routes/:key/exposures`. */
export interface ExposureLine {
  readonly digest: string;
  readonly experiment: string;
  /** The allocation's label. */
  readonly allocation: string;
  readonly variant: string;
  readonly firstSeen: string;
  readonly failed: boolean;
  readonly goals: Readonly<Record<string, { readonly count: number; readonly value: number }>>;
}

/** A page of them. */
export interface ExposurePage {
  readonly lines: readonly ExposureLine[];
  /** What to ask with next; null after the last. */
  readonly next: string | null;
}

/** One experiment of `GET /v1/status`. */
export interface ExperimentStatus {
  readonly experiment: string;
  readonly strategy: string;
  /** In force now, by the newest policy. */
  readonly shares: Readonly<Record<string, number>>;
  readonly requestsPerMinute: number;
  readonly failureShare: Readonly<Record<string, number>>;
  readonly srm: "ok" | "warn" | "alert";
  /** null where the split has no guard. */
  readonly guard: GuardVerdict | null;
  readonly verdict: string;
  /** Absent without a ramp, and where it decides nothing: everybody is forced to a variant, or its lease has lapsed. */
  readonly ramp?: RampStatus;
  /** The next change of its shares that the clock alone makes; absent where it makes none. */
  readonly next?: NextShares;
}

/**
 * How a ramp is: before its first step, between two steps, at a step until the next one is earned, stopped by a pause,
 * or at its last step.
 */
export const RAMP_STATES = ["scheduled", "running", "waiting", "paused", "done"] as const;

export interface RampStatus {
  readonly state: (typeof RAMP_STATES)[number];
  /** How many of its steps have begun, and how many there are. */
  readonly begun: number;
  readonly steps: number;
}

export interface NextShares {
  /** RFC 3339. */
  readonly at: string;
  /** In force from then on. */
  readonly shares: Readonly<Record<string, number>>;
}

/** One check of a guard, for the variant that is nearest to its limit. */
export interface GuardCheckStatus {
  readonly metric: "failures" | "latency" | "srm" | "goal";
  /** Which limit it has. */
  readonly limits: "max" | "maxIncrease" | "maxMs" | "maxDrop" | "p";
  /** Of `latency`: 0…1. */
  readonly quantile?: number;
  /** Of `goal`. */
  readonly goal?: string;
  /** null where no variant but the control had visitors. */
  readonly variant: string | null;
  /** In the unit of the limit: percent, percentage points, ms, or the p-value of `srm`; null where nothing was measured. */
  readonly value: number | null;
  readonly limit: number;
  /** Visitors that the value is of. */
  readonly visitors: number;
  readonly verdict: GuardVerdict;
  /** What a verdict waits for, in words; absent where there is one. */
  readonly missing?: string;
}

/** The guard of a split, as results tell it. */
export interface GuardStatus {
  readonly verdict: GuardVerdict;
  readonly checks: readonly GuardCheckStatus[];
  /** One sentence. */
  readonly words: string;
  /** Where the steps of a ramp are earned. */
  readonly ramp?: {
    /** Index of the step that is granted, and how many there are. */
    readonly step: number;
    readonly steps: number;
    /** What the next step waits for, in words; null where none is left. */
    readonly missing: string | null;
  };
  /** What it did last, and when (RFC 3339); absent where it did nothing. */
  readonly acted?: { readonly at: string; readonly action: string; readonly evidence: string };
}

/** The guard of a split in a scrape. */
export interface GuardTotals {
  readonly route: string;
  readonly experiment: string;
  readonly status: GuardStatus;
}

/** One route of `GET /v1/status`. */
export interface RouteStatus {
  readonly route: string;
  readonly version: number | null;
  /** When the newest report of it came; null for none in the last day. */
  readonly reportedAt: string | null;
  /** Whether a text that somebody put to KV by hand rules. */
  readonly drift: boolean;
  readonly experiments: readonly ExperimentStatus[];
}

/** What `GET /v1/status` asks of a shard. */
export interface StatusQuery {
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after: string;
  readonly limit: number;
}

/** A page of them. */
export interface StatusPage {
  readonly routes: readonly RouteStatus[];
  /** The last key that was looked at; null after the last. */
  readonly upTo: string | null;
}

/** Totals of one variant since the shard first heard of it: they only ever grow. */
export interface VariantTotals {
  readonly route: string;
  readonly experiment: string;
  readonly variant: string;
  readonly counted: number;
  readonly others: number;
  readonly status: Readonly<Record<StatusClass, number>>;
  readonly failures: Readonly<Record<FailureKind, number>>;
  readonly rescued: number;
  /** Answers by bucket (`lib/latency.ts`), all requests. */
  readonly latency: readonly number[];
  /** The sum of their milliseconds, each taken as its bucket's. */
  readonly latencySumMs: number;
  /** In force now. */
  readonly share: number;
  /** In the sample. */
  readonly visitors: number;
  readonly goals: Readonly<Record<string, number>>;
  /** Of the experiment. */
  readonly srmP: number;
}

/** What a shard has for `GET /metrics`: routes with a split, goals or a guard first, the rest of its routes added up in `other`. */
export interface ShardTotals {
  readonly series: readonly VariantTotals[];
  /** Requests of routes that are not among `series`. */
  readonly other: number;
  /** When the newest report of each route among them came (ms since the epoch). */
  readonly reportedAt: Readonly<Record<string, number>>;
  /** Guards of the routes among `series`; absent from a hub of an earlier release. */
  readonly guards?: readonly GuardTotals[];
}

/** How a shard of the hub is. */
export interface ShardHealth {
  /** Whether it has heard of all its routes. */
  readonly filled: boolean;
  /** Whether it takes no more reports today. */
  readonly spent: boolean;
  /** When an isolate was last heard (ms since the epoch). */
  readonly reportedAt: number | undefined;
  /** The gateways that reported lately; absent from a hub of an earlier release. */
  readonly gateways?: readonly GatewayCount[];
}

/** A gateway that reports, and how many of its isolates do. */
export interface GatewayCount {
  readonly release: string;
  /** The id of the version of its Worker; empty where it does not say. */
  readonly worker: string;
  readonly isolates: number;
}

/** A conversion that is known elsewhere. */
export interface PostedGoal {
  readonly digest: string;
  readonly name: string;
  readonly value?: number;
  readonly id?: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What became of posted goals. */
export interface GoalsTaken {
  /** Goals that a visitor in the sample was found for, or that wait for their exposure. */
  readonly taken: number;
  /** Goals that are known already, by id or since the goal counts once. */
  readonly known: number;
  /** Goals of visitors that no experiment of the route has. */
  readonly unknown: number;
}
