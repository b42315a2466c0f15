import type { Stratum } from "../../src/stats/data.ts";
import { ours, type Judge } from "./judges.ts";
import {
  everyLook,
  inverseVariance,
  chiSquareAlarm,
  pooled,
  sameAlpha,
  successesOnly,
  uncapped,
} from "./naive.ts";
import { shared, steady, type Phase, type World } from "./world.ts";

/** What the product says of a simulated experiment at every look, or a naive version of it. */
export interface Claim {
  readonly name: string;
  readonly world: World;
  readonly judge: Judge;
  /** Instead of the product's test of the split. */
  readonly isAlarming?: (strata: readonly Stratum[]) => boolean;
  /** What a naive version gets wrong; the product gets nothing wrong. */
  readonly breaks?: "winner" | "alert";
  /** How many experiments show that beyond doubt; without it, more than a test has time for. */
  readonly shownBy?: number;
  /** Whether what is estimated in the end is right on average. */
  readonly isUnbiased: boolean;
}

const EVEN = shared(0.5, 2);
const TEN_PERCENT = shared(0.9, 2);
const TWO_PERCENT = shared(0.98, 2);

/** Visitors of the smallest variant, and conversions and their contrary among them, that a verdict waits for. */
const MIN_VISITORS = 100;
const MIN_EXPECTED = 20;

/** How many times longer than until its first verdict an experiment runs, and the fewest visitors of one. */
const TIMES = 10;
const FEWEST = 20_000;

/** Variants that are the same, of which the control has this share. */
function same(treatments: number, control: number, rate: number): World {
  const shares = shared(control, treatments + 1);
  const rarer = Math.min(rate, 1 - rate);
  const first = Math.max(MIN_VISITORS, MIN_EXPECTED / rarer) / Math.min(...shares);
  return steady(Math.max(FEWEST, Math.ceil(first * TIMES)), rate, shares);
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;

const holds = (name: string, world: World, isUnbiased = true): Claim => ({
  name,
  world,
  judge: ours,
  isUnbiased,
});

const naive = (name: string, world: World, judge: Judge, shownBy?: number): Claim => ({
  name: `naive: ${name}`,
  world,
  judge,
  breaks: "winner",
  ...(shownBy !== undefined && { shownBy }),
  isUnbiased: false,
});

function sameVariants(treatments: number, control: number, rate: number): Claim {
  const split = `${percent(control)} for the control`;
  const name = `A/A${"/A".repeat(treatments - 1)}, ${split}, rate ${percent(rate)}`;
  return holds(name, same(treatments, control, rate));
}

/** Every rate with every share for one treatment; for more of them the corners. */
const SAME: readonly Claim[] = [
  ...[0.5, 0.9, 0.98].flatMap((control) =>
    [0.005, 0.05, 0.5, 0.95, 0.995].map((rate) => sameVariants(1, control, rate)),
  ),
  ...[2, 3, 4].flatMap((treatments) => [
    sameVariants(treatments, 1 / (treatments + 1), 0.005),
    sameVariants(treatments, 0.9, 0.05),
    sameVariants(treatments, 0.98, 0.5),
    sameVariants(treatments, 1 / (treatments + 1), 0.995),
  ]),
];

const SIGMA = 2;
/** One of twenty orders is above it: the 95 % quantile of the lognormal. */
const CAP = Math.exp(SIGMA * 1.645);
/** One of a thousand. */
const HIGH_CAP = Math.exp(SIGMA * 3.09);

const paying = (shares: readonly number[], cap: number): World =>
  steady(400_000, 0.05, shares, { revenue: { sigma: SIGMA, cap } });

/** Ever more for the canary, while ever more convert. */
const RAMP: World = {
  effects: [0, 0],
  phases: [0.99, 0.98, 0.95, 0.9, 0.75, 0.5].map((control, step) => ({
    visitors: 4000,
    shares: shared(control, 2),
    rate: 0.05 + 0.02 * step,
  })),
};

/** Half of all for a canary that is ahead, little for one that is behind. */
const follow: Phase["shares"] = (isAhead) => shared(isAhead ? 0.5 : 0.95, 2);

const FOLLOWING: World = {
  effects: [0, 0],
  phases: [0.06, 0.08, 0.12, 0.1, 0.05, 0.07].map((rate, step) => ({
    visitors: 4000,
    shares: step === 0 ? TEN_PERCENT : follow,
    rate,
  })),
};

/** A new allocation every 2 000 visitors, of whom 40 meet the canary. */
const RESTLESS: World = {
  effects: [0, 0],
  phases: Array.from({ length: 20 }, () => ({ visitors: 2000, shares: TWO_PERCENT, rate: 0.1 })),
};

const HALVINGS = 20;
const SAMPLE = 5000;

const halved = steady(SAMPLE * 2 ** HALVINGS, 0.2, EVEN, { halveAbove: SAMPLE, growth: 12 });

/** The canary fails for those who seldom buy: on slow devices, say. They still buy as seldom. */
const rescued = steady(50_000, 0, EVEN, {
  kinds: [
    { part: 0.7, rate: 0.12, failing: [0, 0] },
    { part: 0.3, rate: 0.02, failing: [0.01, 0.5] },
  ],
});

const effect = (rate: number, by: number, shares: readonly number[]): World =>
  steady(60_000, rate, shares, { effects: [0, by] });

/** All that is claimed, and what becomes of it without each of the rules. */
export const CLAIMS: readonly Claim[] = [
  ...SAME,
  holds("A/A, revenue with a cap, 50 % for the control", paying(EVEN, CAP)),
  holds("A/A, revenue with a cap, 90 % for the control", paying(TEN_PERCENT, CAP)),
  holds("A/A, revenue with a cap, 98 % for the control", paying(TWO_PERCENT, CAP)),
  holds("A/A, revenue with a high cap, 98 % for the control", paying(TWO_PERCENT, HIGH_CAP)),
  holds("a canary that is better: 5 % → 6 %", effect(0.05, 0.01, EVEN)),
  holds(
    "a canary that is worse: 50 % → 45 %, 98 % for the control",
    effect(0.5, -0.05, TWO_PERCENT),
  ),
  holds(
    "a canary that is better: 95 % → 97 %, 90 % for the control",
    effect(0.95, 0.02, TEN_PERCENT),
  ),
  holds("a ramp from 1 % to 50 %, rates from 5 % to 15 %", RAMP),
  holds("20 allocations of 2 000 visitors, 98 % for the control", RESTLESS),
  holds("shares that follow who is ahead", FOLLOWING, false),
  holds(`${HALVINGS} halvings of the sample`, halved),
  holds("one report of five lost", steady(FEWEST, 0.05, EVEN, { lost: 0.2 })),
  holds("failures on a canary, rescued elsewhere", rescued),
  naive("1.96 standard errors at every look", same(1, 0.5, 0.05), everyLook, 200),
  naive("successes only at 98 %, 90 % for the control", same(1, 0.9, 0.98), successesOnly),
  naive("successes only at 98 %, 98 % for the control", same(1, 0.98, 0.98), successesOnly, 150),
  naive(
    "revenue without a cap, 90 % for the control",
    paying(TEN_PERCENT, Number.POSITIVE_INFINITY),
    uncapped,
  ),
  naive(
    "revenue without a cap, 98 % for the control",
    paying(TWO_PERCENT, Number.POSITIVE_INFINITY),
    uncapped,
    400,
  ),
  naive(
    "revenue with a high cap, and the variance of what came",
    paying(TWO_PERCENT, HIGH_CAP),
    uncapped,
  ),
  naive("allocations of a ramp pooled", RAMP, pooled, 30),
  naive("20 allocations weighted by inverse variance", RESTLESS, inverseVariance, 700),
  naive(`${HALVINGS} halvings at the same alpha`, halved, sameAlpha),
  naive("rescued visitors left out", { ...rescued, leavesOutFailed: true }, ours, 50),
  naive("every report counted twice", steady(FEWEST, 0.05, EVEN, { repeated: 1 }), ours, 700),
  {
    ...naive("chi-square of the split at every look", same(1, 0.5, 0.05), ours),
    isAlarming: chiSquareAlarm,
    breaks: "alert",
  },
];
