import { formatInstant } from "../../lib/instant-text.ts";
import { locate, type Pointer } from "../locate.ts";
import type { Policy } from "../schema.ts";
import { done, nothing, refuse, type ActionResult } from "./definition.ts";
import { startsOf } from "./ramp-clock.ts";

/**
 * Grants the next step of a ramp whose steps are earned; the step begins now, so that it has its whole
 * hold. Not among the actions that people take: they promote. Pure.
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
  if (step !== earned + 1 || from === undefined || canary.guard?.earn !== true)
    return refuse(`step ${step} is not the next one to be earned`, "judge the newest version");
  const startAt = formatInstant(now - from);
  return done(located?.replace({ ...canary, ramp: { ...ramp, startAt, earned: step } }) ?? policy);
}
