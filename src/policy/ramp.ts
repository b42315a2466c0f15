import { message } from "../lib/strict-object.ts";
import { millis } from "../lib/instant-text.ts";
import { isFields, listOf, type Fields, type Report } from "./check-report.ts";
import type { RampInput } from "./time.ts";

/** A ramp as rising steps, each from `fromMs` after the start. */
export interface Ramp {
  readonly startAtMs: number;
  readonly steps: readonly { readonly fromMs: number; readonly percent: number }[];
  readonly pausedAtMs: number | undefined;
  /** The index of the step that the clock never goes past: what was earned, and the last one where none has to be. */
  readonly upTo: number;
}

/** Times as numbers, and from when on each step holds; `earn` where each step has to be earned. */
export function compileRamp(ramp: RampInput, earn: boolean): Ramp {
  let fromMs = 0;
  const steps = ramp.steps.map((step) => {
    const compiled = { fromMs, percent: step.percent };
    fromMs += (step.holdSeconds ?? 0) * 1000;
    return compiled;
  });
  return {
    startAtMs: millis(ramp.startAt),
    steps,
    pausedAtMs: ramp.pausedAt == null ? undefined : millis(ramp.pausedAt),
    upTo: earn ? (ramp.earned ?? 0) : steps.length - 1,
  };
}

/** How many steps of a ramp have begun by a time: none before its start, and none beyond the last that it may reach; a pause stops its clock. */
export function stepsBegun({ startAtMs, steps, pausedAtMs, upTo }: Ramp, now: number): number {
  const elapsed = Math.min(now, pausedAtMs ?? now) - startAtMs;
  const ahead = steps.findIndex(({ fromMs }, index) => elapsed < fromMs || index > upTo);
  return ahead < 0 ? steps.length : ahead;
}

/** A ramp's percent at a time: that of the step that began last, and 0 before the first. */
export const rampPercent = (ramp: Ramp, now: number): number =>
  ramp.steps[stepsBegun(ramp, now) - 1]?.percent ?? 0;

/** The step (from 1 on) that a ramp stands on until the next one is earned; `undefined` where it is not there yet, or the clock alone leads on. */
export function waitingStep(ramp: Ramp, now: number): number | undefined {
  const { steps, upTo } = ramp;
  const isThere = stepsBegun(ramp, now) > upTo;
  return isThere && upTo < steps.length - 1 ? upTo + 1 : undefined;
}

/** When each step begins (ms since the epoch); a pause keeps those behind it from ever coming, and so does what was not earned. */
export function stepInstants({ startAtMs, steps, pausedAtMs = Infinity, upTo }: Ramp): number[] {
  return steps
    .slice(0, upTo + 1)
    .map(({ fromMs }) => startAtMs + fromMs)
    .filter((at) => at <= pausedAtMs);
}

/** Steps rise, and only the last has no end. */
export function checkRamp({ ramp }: Fields, report: Report): void {
  const steps = isFields(ramp) ? listOf(ramp["steps"]) : [];
  let before = 0;
  for (const [index, step] of steps.entries()) {
    if (!isFields(step)) continue;
    if (index < steps.length - 1 && !("holdSeconds" in step)) {
      report(
        ["ramp", "steps", index, "holdSeconds"],
        message(
          "is missing: only the last step lasts for ever",
          'add for example "holdSeconds": 1800',
        ),
      );
    }
    const { percent } = step;
    if (typeof percent !== "number") continue;
    if (percent < before) {
      report(
        ["ramp", "steps", index, "percent"],
        message(
          () => `falls from ${before} to ${percent}: a ramp only rises`,
          "put the steps in rising order",
        ),
      );
    }
    before = percent;
  }
  const earned = isFields(ramp) ? ramp["earned"] : undefined;
  if (typeof earned === "number" && steps.length > 0 && earned >= steps.length)
    report(
      ["ramp", "earned"],
      message(
        () => `names the step with the index ${earned}, and the last one has ${steps.length - 1}`,
        "take it away: the server writes which step was earned",
      ),
    );
}
