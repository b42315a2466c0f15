import * as v from "valibot";

import { GUARD_VERDICTS } from "../lib/guard.ts";
import type { GuardCheckStatus, GuardStatus } from "../report/answers.ts";
import { Count, InstantText } from "./shared.ts";

/** Where a guard, or one of its checks, stands. */
export const GuardVerdictSchema = v.picklist(GUARD_VERDICTS);

const CheckSchema: v.GenericSchema<GuardCheckStatus> = v.object({
  metric: v.picklist(["failures", "latency", "srm", "goal"]),
  limits: v.picklist(["max", "maxIncrease", "maxMs", "maxDrop", "p"]),
  quantile: v.exactOptional(v.number()),
  goal: v.exactOptional(v.string()),
  variant: v.nullable(v.string()),
  /** In the unit of the limit. */
  value: v.nullable(v.number()),
  limit: v.number(),
  visitors: Count,
  verdict: GuardVerdictSchema,
  missing: v.exactOptional(v.string()),
});

/** The guard of a split: its checks, the step that a ramp has earned, and what it did last. */
export const GuardSchema: v.GenericSchema<GuardStatus> = v.object({
  verdict: GuardVerdictSchema,
  checks: v.array(CheckSchema),
  words: v.string(),
  ramp: v.exactOptional(v.object({ step: Count, steps: Count, missing: v.nullable(v.string()) })),
  acted: v.exactOptional(v.object({ at: InstantText, action: v.string(), evidence: v.string() })),
});
