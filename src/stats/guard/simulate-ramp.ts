import type { Random } from "../random.ts";
import { isEarned } from "./earned.ts";
import { timesOf, type Times } from "./times.ts";

const MINUTE_MS = 60_000;

/** A step that is not earned in a week is one that nobody waits for. */
const WEEK_MS = 7 * 86_400_000;

/** Ramps that are simulated; each takes some hundred looks a step. */
const RUNS = 100;

/** By which part of its age a step is looked at again after its hold, but never sooner than a report comes. */
const LOOK = 0.02;

/** A ramp whose steps are earned, and its traffic. */
export interface RampTrial {
  readonly steps: readonly { readonly percent: number; readonly holdSeconds?: number }[];
  readonly minVisitors: number;
  /** Percentage points, as `failures.maxIncrease` has it. */
  readonly maxIncrease: number;
  readonly visitorsPerMinute: number;
  /** The shares (0…1) of visitors for whom the control and the canary fail. */
  readonly baseline: number;
  readonly canary: number;
  readonly reportMs: number;
}

/** How long a step stands until the next one is earned. */
export interface StepForecast extends Times {
  readonly percent: number;
  readonly holdSeconds: number;
}

/** The minutes that one step takes; undefined where it takes more than a week. */
function stepTakes(random: Random, trial: RampTrial, percent: number, holdMs: number) {
  const { visitorsPerMinute, minVisitors, maxIncrease, reportMs } = trial;
  const [canary, control] = [
    { visitors: 0, failed: 0 },
    { visitors: 0, failed: 0 },
  ];
  let [at, met] = [0, 0];
  let next = Math.max(reportMs, holdMs);
  while (next <= WEEK_MS) {
    const upTo = Math.floor((visitorsPerMinute * next) / MINUTE_MS);
    const drawn = random.binomial(upTo - met, percent / 100);
    canary.visitors += drawn;
    canary.failed += random.binomial(drawn, trial.canary);
    control.visitors += upTo - met - drawn;
    control.failed += random.binomial(upTo - met - drawn, trial.baseline);
    [at, met] = [next, upTo];
    if (isEarned({ minVisitors, maxIncrease, canary, control })) return at / MINUTE_MS;
    next = at + Math.max(reportMs, at * LOOK);
  }
  return undefined;
}

/** How long each step of a ramp takes to be earned, all but the last, which nothing follows. Pure, like `simulateGuard`. */
export function simulateRamp(trial: RampTrial, random: Random): readonly StepForecast[] {
  return trial.steps.slice(0, -1).map(({ percent, holdSeconds = 0 }) => {
    const times = Array.from({ length: RUNS }, () =>
      stepTakes(random, trial, percent, holdSeconds * 1000),
    );
    return { percent, holdSeconds, ...timesOf(times) };
  });
}
