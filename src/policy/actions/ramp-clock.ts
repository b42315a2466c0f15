import { millis } from "../../lib/instant-text.ts";
import type { Canary } from "../schema.ts";
import type { RampInput } from "../time.ts";

/** Whether a ramp has a pause, now or ahead. */
export const isPaused = (ramp: RampInput): ramp is RampInput & { pausedAt: string } =>
  ramp.pausedAt != null;

/** Milliseconds of a ramp's clock; below 0 before its start. */
function elapsedOf(ramp: RampInput, now: number): number {
  const clock = isPaused(ramp) ? Math.min(now, millis(ramp.pausedAt)) : now;
  return clock - millis(ramp.startAt);
}

/** From when on each step holds, in milliseconds of the ramp's clock. */
export function startsOf(ramp: RampInput): number[] {
  let from = 0;
  return ramp.steps.map((step) => {
    const start = from;
    from += (step.holdSeconds ?? 0) * 1000;
    return start;
  });
}

/** Whether each step of a canary's ramp has to be earned. */
export const isEarned = ({ guard }: Canary): boolean => guard?.earn === true;

/** Which step the ramp of a canary is on; -1 before its start. The clock never goes past the one that was earned. */
export function stepOf(ramp: RampInput, policy: Canary, now: number): number {
  const elapsed = elapsedOf(ramp, now);
  const step = startsOf(ramp).findLastIndex((from) => from <= elapsed);
  return isEarned(policy) ? Math.min(step, ramp.earned ?? 0) : step;
}

/**
 * What is left of a canary without its ramp: there is no step to be earned, and where its guard would
 * pause the ramp, somebody is told; a fixed percent stands still.
 */
export function withoutRamp({ ramp: _ramp, percent: _percent, guard, ...rest }: Canary) {
  if (guard === undefined) return rest;
  const { earn: _earn, action, ...kept } = guard;
  if (action === undefined) return { ...rest, guard: kept };
  return { ...rest, guard: { ...kept, action: action === "pause" ? ("alert" as const) : action } };
}
