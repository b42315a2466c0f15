import { ours } from "./judges.ts";
import { Random } from "../../src/stats/random.ts";
import { trial } from "./trial.ts";
import { shared, steady } from "./world.ts";

/** Quantiles of the normal distribution: a two-sided test of 5 %, and a power of 80 %. */
const Z_TEST = 1.96;
const Z_POWER = 0.8416;

/** How many times longer than the fixed-horizon test needs an experiment may run. */
const TIMES = 6;

/** A rate, what becomes of it, and the control's share. */
export interface Effect {
  readonly rate: number;
  readonly becomes: number;
  readonly control: number;
}

/** What is tried, from 5 % to 98 %. */
export const EFFECTS: readonly Effect[] = [
  { rate: 0.05, becomes: 0.06, control: 0.5 },
  { rate: 0.05, becomes: 0.06, control: 0.9 },
  { rate: 0.2, becomes: 0.22, control: 0.5 },
  { rate: 0.5, becomes: 0.52, control: 0.5 },
  { rate: 0.98, becomes: 0.985, control: 0.5 },
];

/** Visitors of both variants that a test looked at once needs to see it four times of five. */
function fixedHorizon({ rate, becomes, control }: Effect): number {
  const variance = (rate * (1 - rate)) / control + (becomes * (1 - becomes)) / (1 - control);
  return Math.ceil(((Z_TEST + Z_POWER) ** 2 * variance) / (becomes - rate) ** 2);
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How soon the sequence sees an effect, beside the test that is looked at once. */
export function power(effect: Effect, runs: number, seed: number) {
  const fixed = fixedHorizon(effect);
  const random = new Random(seed);
  const world = steady(TIMES * fixed, effect.rate, shared(effect.control, 2), {
    effects: [0, effect.becomes - effect.rate],
  });
  const decided = Array.from(
    { length: runs },
    () => trial(random, world, ours).decidedAt ?? Number.POSITIVE_INFINITY,
  );
  const by = (times: number) => decided.filter((at) => at <= times * fixed).length / runs;
  return { fixed, by: [by(0.5), by(1), by(2), by(3)], median: middle(decided) / fixed };
}

/** After how many visitors an even split that loses a part of one variant's visitors is alarming, as a rule. */
export function alarm(lost: number, runs: number, seed: number): number {
  const random = new Random(seed);
  const kinds = [{ part: 1, rate: 0.05, failing: [0, lost] }];
  const visitors = Math.ceil(100 / lost ** 2);
  const world = steady(visitors, 0.05, shared(0.5, 2), { kinds, leavesOutFailed: true });
  return middle(
    Array.from(
      { length: runs },
      () => trial(random, world, ours).alertedAt ?? Number.POSITIVE_INFINITY,
    ),
  );
}
