import * as v from "valibot";

import { formatInstant, millis } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import type { Canary } from "../schema.ts";
import { percent } from "../values.ts";
import { done, nothing, refuse, type ActionDefinition, type ActionResult } from "./definition.ts";
import { node, type Node } from "./node.ts";
import { isEarned, isPaused, startsOf, stepOf, withoutRamp } from "./ramp-clock.ts";

/** Everybody: a canary has no more to give. */
const ALL_PERCENT = 100;

/** The next step of a ramp, at once; a paused ramp stays paused, on that step. */
function toNextStep(policy: Canary, now: number): ActionResult {
  const { ramp } = policy;
  const step = ramp === undefined ? -1 : stepOf(ramp, policy, now);
  const from = ramp && startsOf(ramp)[step + 1];
  if (ramp === undefined || from === undefined) {
    return ramp?.steps[step]?.percent === ALL_PERCENT
      ? nothing(policy, "the ramp is on its last step, and the canary has everybody")
      : refuse("the ramp is on its last step", 'name a percent with "to"');
  }
  const pausedAt = isPaused(ramp) ? { pausedAt: formatInstant(now) } : {};
  // Who promotes takes the step for earned.
  const earned = isEarned(policy) ? { earned: Math.max(step + 1, ramp.earned ?? 0) } : {};
  const startAt = formatInstant(now - from);
  return done({ ...policy, ramp: { ...ramp, startAt, ...pausedAt, ...earned } });
}

/** More visitors for a canary: a named percent, a ramp's next step, else everybody. */
export const promote: ActionDefinition<"canary", Node & { to?: number }> = {
  fits: "canary",
  parameters: strictObject({ node, to: v.exactOptional(percent()) }, "promotion"),
  act(policy, { to }, { now }) {
    const { ramp, percent: fixed = 0 } = policy;
    if (policy.lease !== undefined && millis(policy.lease.until) <= now)
      return refuse("the lease has lapsed, so the canary gets nobody", "renew the lease first");
    if (ramp !== undefined && to === undefined) return toNextStep(policy, now);
    const current =
      ramp === undefined ? fixed : (ramp.steps[stepOf(ramp, policy, now)]?.percent ?? 0);
    const wanted = to ?? ALL_PERCENT;
    if (wanted === current && ramp === undefined)
      return nothing(policy, `the canary has ${current} % already`);
    if (wanted < current)
      return refuse(
        `the canary has ${current} % already, and a promotion only raises it`,
        "abort, or put a policy with a lower percent",
      );
    return done({ ...withoutRamp(policy), percent: wanted });
  },
};
