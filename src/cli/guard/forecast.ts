import type { Ramp } from "../../policy/ramp.ts";
import {
  simulateActs,
  simulateGuard,
  type GuardForecast,
  type GuardTrial,
} from "../../stats/guard/simulate.ts";
import { simulateRamp, type StepForecast } from "../../stats/guard/simulate-ramp.ts";
import type { Times } from "../../stats/guard/times.ts";
import { Random } from "../../stats/random.ts";
import type { TriedSplit } from "./split.ts";

/** As often as isolates report where nobody says otherwise (ms), and as often again until they hear of an edit. */
const REPORT_MS = 5000;

/** Fixed, so that one question always has one answer. */
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

function guardTrialOf(trial: Trial): GuardTrial {
  const { guard, control, shares } = trial.split;
  return {
    checks: guard.checks,
    minVisitors: guard.minVisitors,
    windowMs: guard.windowMs,
    control,
    shares,
    visitorsPerMinute: trial.visitorsPerMinute,
    baseline: trial.baseline,
    fault: { variant: trial.variant, failures: trial.failures },
    reportMs: REPORT_MS,
  };
}

/** When a guard would act: of a {@link forecast} that alone, in half the time. */
export const actsOf = (trial: Trial): Times => simulateActs(guardTrialOf(trial), new Random(SEED));

/** When a guard would act, how often in error, and how long each step of a ramp would take that a good canary earns. */
export function forecast(trial: Trial): Forecast {
  const { split, visitorsPerMinute, baseline } = trial;
  const { guard, ramp } = split;
  const found = simulateGuard(guardTrialOf(trial), new Random(SEED));
  const maxIncrease = maxIncreaseOf(split);
  if (!guard.earn || ramp === undefined || maxIncrease === undefined) return found;
  const steps = simulateRamp(
    {
      steps: stepsOf(ramp),
      minVisitors: guard.minVisitors,
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
