import { formatInstant, millis } from "../../lib/instant-text.ts";
import { locate, type Pointer } from "../locate.ts";
import type { Policy } from "../schema.ts";
import { done, nothing, refuse, type ActionResult } from "./definition.ts";
import { isEarned, isPaused, startsOf } from "./ramp-clock.ts";

/**
 * Grants the next step of a ramp whose steps are earned; the step begins now, so that it has its whole
 * hold, and never before the hold ahead of it is over. Not among the actions that people take: they promote. Pure.
 */
export function grant(policy: Policy, node: Pointer, step: number, now: number): ActionResult {
  const located = locate(policy, node);
  const canary = located?.policy;
  if (typeof canary !== "object" || canary.strategy !== "canary" || canary.ramp === undefined)
    return refuse("there is no ramp here", "judge the newest version");
  const { ramp } = canary;
  const { earned = 0 } = ramp;
  if (step <= earned) return nothing(policy, `step ${step} is granted already`);
  const from = startsOf(ramp)[step];
  if (step !== earned + 1 || from === undefined || !isEarned(canary))
    return refuse(`step ${step} is not the next one to be earned`, "judge the newest version");
  if (isPaused(ramp)) return refuse("the ramp is paused", "resume it first");
  // Late, the step begins now; a moment early, when the hold before it is over.
  const startAt = formatInstant(Math.max(millis(ramp.startAt), now - from));
  return done(located?.replace({ ...canary, ramp: { ...ramp, startAt, earned: step } }) ?? policy);
}
