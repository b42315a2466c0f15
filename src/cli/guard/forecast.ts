import type { Ramp } from "../../policy/ramp.ts";
import { simulateGuard, type GuardForecast } from "../../stats/guard/simulate.ts";
import { simulateRamp, type StepForecast } from "../../stats/guard/simulate-ramp.ts";
import { Random } from "../../stats/random.ts";
import type { TriedSplit } from "./split.ts";

/** As often as isolates report where nobody says otherwise (ms), and as often again until they hear of an edit. */
const REPORT_MS = 5000;

/** The same question has the same answer. */
const SEED = 1729;

/** What a guard is tried with beside the split itself. */
export interface Trial {
  readonly split: TriedSplit;
  readonly visitorsPerMinute: number;
  /** Shares, 0…1. */
  readonly baseline: number;
  readonly failures: number;
  readonly variant: string;
}

/** What comes of it. */
export interface Forecast extends GuardForecast {
  /** How long each step of a ramp takes; absent where none has to be earned. */
  readonly steps?: readonly StepForecast[];
}

const stepsOf = ({ steps }: Ramp) =>
  steps.map(({ percent, fromMs }, index) => {
    const next = steps[index + 1];
    return {
      percent,
      ...(next === undefined ? {} : { holdSeconds: (next.fromMs - fromMs) / 1000 }),
    };
  });

/** How much more the canary may fail for a step to be earned: the least that a check allows. */
function maxIncreaseOf({ guard }: TriedSplit): number | undefined {
  const limits = guard.checks.flatMap((check) =>
    check.metric === "failures" && "maxIncrease" in check ? [check.maxIncrease] : [],
  );
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** When a guard would act, how often in error, and how long each step of a ramp would take that a good canary earns. */
export function forecast({
  split,
  visitorsPerMinute,
  baseline,
  failures,
  variant,
}: Trial): Forecast {
  const { guard, control, shares, ramp } = split;
  const { checks, minVisitors, windowMs } = guard;
  const found = simulateGuard(
    {
      checks,
      minVisitors,
      windowMs,
      control,
      shares,
      visitorsPerMinute,
      baseline,
      fault: { variant, failures },
      reportMs: REPORT_MS,
    },
    new Random(SEED),
  );
  const maxIncrease = maxIncreaseOf(split);
  if (!guard.earn || ramp === undefined || maxIncrease === undefined) return found;
  const steps = simulateRamp(
    {
      steps: stepsOf(ramp),
      minVisitors,
      maxIncrease,
      visitorsPerMinute,
      baseline,
      canary: baseline,
      reportMs: REPORT_MS,
    },
    new Random(SEED),
  );
  return { ...found, steps };
}
