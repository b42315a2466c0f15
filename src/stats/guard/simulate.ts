import type { GuardCheck } from "../../lib/guard.ts";
import type { Random } from "../random.ts";
import { judgeGuard } from "./judge.ts";
import { Rollout, type Rules, type Traffic } from "./rollout.ts";
import { timesOf, type Times } from "./times.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Roll-outs that are simulated, with a fault and without: a 99 % quantile is then the fourth longest. */
const RUNS = 300;

/**
 * By which part of its age a roll-out is looked at again, but never sooner than a report comes, and a quarter of a
 * window at most: so times are told to half a percent, and a day takes some two thousand looks instead of 17 000.
 */
const LOOK = 0.005;
const LOOKS_A_WINDOW = 4;

/** A guard and what it is to be tried with. */
export interface GuardTrial extends Rules {
  /** The variant that others are compared with. */
  readonly control: string;
  /** Of all variants as they are drawn now, of any scale. */
  readonly shares: Readonly<Record<string, number>>;
  /** New visitors of the split in a minute. */
  readonly visitorsPerMinute: number;
  /** The share (0…1) of visitors who meet a failure anyway, whatever serves them. */
  readonly baseline: number;
  /** The variant that is made to fail, and for which share of its other visitors. */
  readonly fault: { readonly variant: string; readonly failures: number };
  /** How often an isolate reports, in ms. */
  readonly reportMs: number;
}

/** What a guard comes to. */
export interface GuardForecast {
  /** Until it acts on the fault, within a day. */
  readonly acts: Times;
  /** Of so many days without a fault, those in which it would have acted all the same. */
  readonly inError: { readonly days: number; readonly acted: number };
  /** Checks that were tried, and those that a failure does not move: latency, goals, the split. */
  readonly tried: readonly GuardCheck[];
  readonly untried: readonly GuardCheck[];
}

/** When a guard acts (ms), looked at after every report at first; undefined where it does not within the time. */
export function actsAt(
  rollout: Rollout,
  reportMs: number,
  until: number,
  look: number = LOOK,
): number | undefined {
  const { windowMs } = rollout.rules;
  for (let at = 0; at < until;) {
    const pause = Math.max(reportMs, Math.min(at * look, windowMs / LOOKS_A_WINDOW));
    // Each window is looked at when it ends: the instant before the next.
    const end = (Math.floor(at / windowMs) + 1) * windowMs - 1;
    at = at < end ? Math.min(at + pause, end) : at + pause;
    rollout.advance(at);
    if (rollout.mayBreach() && judgeGuard(rollout.data()).verdict === "breached") return at;
  }
  return undefined;
}

function trafficOf(trial: GuardTrial, failures: number): Traffic {
  const { control, shares, visitorsPerMinute, baseline, fault } = trial;
  const names = [control, ...Object.keys(shares).filter((name) => name !== control)];
  return {
    variants: names.map((name) => ({ name, share: shares[name] ?? 0 })),
    visitorsPerMinute: () => visitorsPerMinute,
    failing: (variant) =>
      variant === fault.variant ? baseline + (1 - baseline) * failures : baseline,
  };
}

/** When a guard acts within a day (ms) in each of so many roll-outs of this traffic, judged as the hub judges. */
function simulated(trial: GuardTrial, failures: number, random: Random, days: number) {
  const traffic = trafficOf(trial, failures);
  return Array.from({ length: days }, () =>
    actsAt(new Rollout(random, traffic, trial), trial.reportMs, DAY_MS),
  );
}

/** After how many minutes a guard acts where a variant fails for a share of its visitors: of {@link simulateGuard} that alone. */
export function simulateActs(trial: GuardTrial, random: Random, days = RUNS): Times {
  const acts = simulated(trial, trial.fault.failures, random, days);
  return timesOf(acts.map((at) => (at === undefined ? undefined : at / MINUTE_MS)));
}

/**
 * After how many minutes a guard acts where a variant fails for a share of its visitors, and how often it acts where
 * none does. Pure: the same seed, the same answer. It takes a second or two whatever the traffic is.
 */
export function simulateGuard(trial: GuardTrial, random: Random, days = RUNS): GuardForecast {
  const isTried = ({ metric }: GuardCheck) => metric === "failures";
  const [tried, untried] = [
    trial.checks.filter(isTried),
    trial.checks.filter((check) => !isTried(check)),
  ];
  const acts = simulateActs(trial, random, days);
  const errors = simulated(trial, 0, random, days).filter((at) => at !== undefined);
  return {
    acts,
    inError: { days, acted: errors.length },
    tried,
    untried,
  };
}
