import { millis } from "../../lib/instant-text.ts";
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

/** Which step a ramp is on; -1 before its start. */
export function stepOf(ramp: RampInput, now: number): number {
  const elapsed = elapsedOf(ramp, now);
  return startsOf(ramp).findLastIndex((from) => from <= elapsed);
}
