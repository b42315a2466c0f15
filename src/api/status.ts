import * as v from "valibot";

import { RAMP_STATES, type RouteStatus } from "../report/answers.ts";
import { answer, type Definition } from "./definition.ts";
import { GuardVerdictSchema } from "./guard.ts";
import { Count, Cursor, InstantText } from "./shared.ts";

const Shares = v.record(v.string(), v.number());

const RouteStatusSchema: v.GenericSchema<RouteStatus> = v.object({
  route: v.string(),
  version: v.nullable(Count),
  reportedAt: v.nullable(InstantText),
  drift: v.boolean(),
  experiments: v.array(
    v.object({
      experiment: v.string(),
      strategy: v.string(),
      shares: Shares,
      requestsPerMinute: v.number(),
      failureShare: Shares,
      srm: v.picklist(["ok", "warn", "alert"]),
      guard: v.nullable(GuardVerdictSchema),
      verdict: v.string(),
      ramp: v.exactOptional(
        v.object({ state: v.picklist(RAMP_STATES), begun: Count, steps: Count }),
      ),
      next: v.exactOptional(v.object({ at: InstantText, shares: Shares })),
    }),
  ),
});

/** One page of all routes at a glance, in the order of their keys. */
export const STATUS = answer(
  "StatusPage",
  v.object({
    at: InstantText,
    routes: v.array(RouteStatusSchema),
    next: Cursor,
    /** Shards of the hub that did not answer: their routes are missing here. */
    unreachable: v.array(Count),
  }),
);

export const STATUS_READS = {
  status: {
    method: "GET",
    path: "/status",
    role: "read",
    summary: "All routes at a glance: shares, failures, sample ratio, guards, ramps, drift",
    query: ["prefix", "cursor", "limit"],
    answers: { 200: STATUS, 304: undefined },
    problems: ["hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
