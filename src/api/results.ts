import * as v from "valibot";

import type { GuardStatus } from "../report/answers.ts";
import { STANDINGS } from "../stats/types.ts";
import type * as stats from "../stats/types.ts";
import { answer, type Definition } from "./definition.ts";
import { GuardSchema } from "./guard.ts";
import { QuantilesSchema } from "./metrics.ts";
import { Count, InstantText } from "./shared.ts";

const Verdict = v.picklist(["too-early", "undecided", "better", "worse"]);

/** Null where nothing can be compared. */
const Figure = v.nullable(v.number());

const RateSchema = v.object({
  variant: v.string(),
  visitors: Count,
  conversions: Count,
  rate: Figure,
});

const MeanSchema = v.object({
  variant: v.string(),
  visitors: Count,
  conversions: Count,
  /** Of values cut to the goal's cap. */
  sum: v.number(),
  mean: Figure,
  /** Visitors whose value was cut. */
  capped: Count,
});

/** A variant beside the control; `low` to `high` holds however often it is looked at. */
const ComparisonSchema = v.object({
  variant: v.string(),
  difference: Figure,
  low: Figure,
  high: Figure,
  lift: Figure,
  p: v.number(),
  verdict: Verdict,
  detectable: Figure,
  controlValue: Figure,
  value: Figure,
  visitorsNeeded: v.exactOptional(Figure),
});

const GoalSchema = v.object({
  goal: v.string(),
  cap: v.exactOptional(v.number()),
  unattributed: Count,
  variants: v.array(v.union([MeanSchema, RateSchema])),
  comparisons: v.array(ComparisonSchema),
});

/** What is concluded of an experiment, and where its guard stands. */
export interface ExperimentResults extends stats.ExperimentResults {
  /** Null where the policy has none. */
  readonly guard?: GuardStatus | null;
}

const ExperimentResultsSchema: v.GenericSchema<ExperimentResults> = v.object({
  experiment: v.string(),
  /** The variant that others are compared with. */
  control: v.string(),
  since: InstantText,
  /** The share of visitors that these figures are of. */
  sampleRate: v.number(),
  allocations: Count,
  srm: v.object({ verdict: v.picklist(["ok", "warn", "alert"]), p: v.number() }),
  variants: v.array(
    v.object({
      variant: v.string(),
      visitors: Count,
      expected: v.number(),
      failed: Count,
      crossoverShare: v.number(),
    }),
  ),
  /** Exposures that are in no result, and why. */
  apart: v.object({ byRule: Count, olderPins: Count, unchecked: Count }),
  goals: v.array(GoalSchema),
  /** Visitors with a failure, as a goal of which less is better. */
  failures: v.object({ variants: v.array(RateSchema), comparisons: v.array(ComparisonSchema) }),
  /** One allocation each, never pooled. */
  strata: v.array(
    v.object({
      allocation: v.string(),
      since: InstantText,
      variants: v.array(
        v.object({
          variant: v.string(),
          visitors: Count,
          goals: v.record(v.string(), Figure),
        }),
      ),
    }),
  ),
  operations: v.exactOptional(
    v.array(
      v.object({
        variant: v.string(),
        requests: Count,
        failureShare: Figure,
        latency: QuantilesSchema,
      }),
    ),
  ),
  guard: v.exactOptional(v.nullable(GuardSchema)),
  /** Whether it is over. */
  standing: v.exactOptional(v.picklist(STANDINGS)),
  /** The words that a person would use first. */
  verdict: v.string(),
});

export interface RouteResults {
  readonly route: string;
  readonly experiments: readonly ExperimentResults[];
}

const ResultsSchema: v.GenericSchema<RouteResults> = v.object({
  route: v.string(),
  experiments: v.array(ExperimentResultsSchema),
});

/** What is concluded of each experiment of a route. */
const RESULTS = answer("Results", ResultsSchema);

export const RESULT_READS = {
  routeResults: {
    method: "GET",
    path: "/routes/:key/results",
    role: "read",
    summary: "What is concluded of each experiment: whether it is sound, and who is better",
    answers: { 200: RESULTS, 304: undefined },
    problems: ["route-not-found", "hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
