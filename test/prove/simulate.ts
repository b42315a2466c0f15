import type { ExperimentData, GoalTally, Stratum } from "../../src/stats/data.ts";
import type { Random } from "../../src/stats/random.ts";
import type { World } from "./world.ts";

/** Looks at an experiment, one after each report. */
export const REPORTS = 100;

/** Reports grow as the experiment does, so that beginnings are looked at as closely as ends. */
const GROWTH = 2;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is written to while an experiment runs, and read through the types of `src/stats`. */
interface Tally {
  visitors: number;
  failed: number;
  crossovers: number;
  goals: { goal: Mutable<GoalTally> };
}

interface Open extends Stratum {
  readonly exposed: Record<string, number>;
  readonly variants: Record<string, Tally>;
}

/** What one report adds of one variant. */
interface Increment extends Mutable<GoalTally> {
  exposed: number;
  visitors: number;
}

const nothing = (): Increment => ({
  exposed: 0,
  visitors: 0,
  conversions: 0,
  sum: 0,
  sumOfSquares: 0,
  capped: 0,
});

const NAMES = Array.from({ length: 8 }, (_, index) => `v${index}`);
const nameOf = (index: number): string => NAMES[index] ?? `v${index}`;

function opened(shares: readonly number[]): Open {
  const names = shares.map((_, index) => nameOf(index));
  const fresh = (): Tally => ({
    visitors: 0,
    failed: 0,
    crossovers: 0,
    goals: { goal: { conversions: 0, sum: 0, sumOfSquares: 0, capped: 0 } },
  });
  return {
    allocation: "",
    since: 0,
    shares: Object.fromEntries(names.map((name, index) => [name, shares[index] ?? 0])),
    exposed: Object.fromEntries(names.map((name) => [name, 0])),
    variants: Object.fromEntries(names.map((name) => [name, fresh()])),
  };
}

function convert(random: Random, world: World, conversions: number, into: Increment): void {
  into.conversions += conversions;
  if (world.revenue === undefined) return;
  const { sigma, cap } = world.revenue;
  for (let left = conversions; left > 0; left -= 1) {
    const paid = Math.exp(sigma * random.normal());
    const value = Math.min(cap, paid);
    if (paid > cap) into.capped += 1;
    into.sum += value;
    into.sumOfSquares += value * value;
  }
}

/** What `visitors` more do, by variant, of whom a part is in the sample. */
function increments(
  random: Random,
  world: World,
  { rate: usual, shares }: { readonly rate: number; readonly shares: readonly number[] },
  { visitors, sampled }: { readonly visitors: number; readonly sampled: number },
): Increment[] {
  const kinds = world.kinds ?? [{ part: 1, rate: usual, failing: [] }];
  const parts = kinds.map(({ part }) => part);
  const split = kinds.length === 1 ? [visitors] : random.multinomial(visitors, parts);
  const all = shares.map(() => nothing());
  for (const [at, { rate, failing }] of kinds.entries()) {
    for (const [variant, drawn] of random.multinomial(split[at] ?? 0, shares).entries()) {
      const into = all[variant];
      if (into === undefined) continue;
      const leaves = world.leavesOutFailed === true ? (failing[variant] ?? 0) : 0;
      const exposed = drawn - random.binomial(drawn, leaves);
      const counted = random.binomial(exposed, sampled);
      into.exposed += exposed;
      into.visitors += counted;
      convert(random, world, random.binomial(counted, rate + (world.effects[variant] ?? 0)), into);
    }
  }
  return all;
}

function add(stratum: Open, all: readonly Increment[], times: number): void {
  for (const [variant, one] of all.entries()) {
    const name = nameOf(variant);
    const tally = stratum.variants[name];
    if (tally === undefined) continue;
    const { goal } = tally.goals;
    stratum.exposed[name] = (stratum.exposed[name] ?? 0) + times * one.exposed;
    tally.visitors += times * one.visitors;
    goal.conversions += times * one.conversions;
    goal.sum += times * one.sum;
    goal.sumOfSquares += times * one.sumOfSquares;
    goal.capped += times * one.capped;
  }
}

/** Each visitor of the sample stays with a chance of one half. */
function halve(random: Random, strata: readonly Open[]): void {
  for (const { variants } of strata)
    for (const tally of Object.values(variants)) {
      const { goal } = tally.goals;
      const others = random.binomial(tally.visitors - goal.conversions, 0.5);
      goal.conversions = random.binomial(goal.conversions, 0.5);
      goal.sum = goal.conversions;
      goal.sumOfSquares = goal.conversions;
      tally.visitors = goal.conversions + others;
    }
}

const sampleOf = (strata: readonly Open[]): number =>
  strata.reduce(
    (sum, { variants }) =>
      sum + Object.values(variants).reduce((all, { visitors }) => all + visitors, 0),
    0,
  );

/** Whether the first treatment converts better so far: what people look at who follow a success. */
function isAhead(strata: readonly Open[]): boolean {
  const rate = (name: string) => {
    let [conversions, visitors] = [0, 0];
    for (const { variants } of strata) {
      conversions += variants[name]?.goals.goal.conversions ?? 0;
      visitors += variants[name]?.visitors ?? 0;
    }
    return conversions / visitors;
  };
  return rate(nameOf(1)) > rate(nameOf(0));
}

/** What the hub holds after a report: always the same object. */
export interface Look {
  readonly data: ExperimentData;
  /** Visitors who came so far, in the sample or not. */
  readonly came: number;
}

/** An experiment, report after report. */
export function* simulate(random: Random, world: World): Generator<Look> {
  const strata: Open[] = [];
  const variants = world.effects.map((_, index) => nameOf(index));
  const data: Mutable<ExperimentData> = {
    experiment: "simulated",
    control: nameOf(0),
    variants,
    identity: "lasting",
    drawn: true,
    halvings: 0,
    since: 0,
    now: 0,
    goals: [
      {
        goal: "goal",
        unattributed: 0,
        ...(world.revenue !== undefined && { cap: world.revenue.cap }),
      },
    ],
    strata,
    apart: { byRule: 0, olderPins: 0, unchecked: 0 },
  };
  const everybody = world.phases.reduce((sum, phase) => sum + phase.visitors, 0);
  const growth = world.growth ?? GROWTH;
  let [came, before] = [0, 0];
  for (const phase of world.phases) {
    const shares =
      typeof phase.shares === "function" ? phase.shares(isAhead(strata)) : phase.shares;
    const stratum = opened(shares);
    strata.push(stratum);
    const until = before + phase.visitors;
    while (came < until) {
      // The i-th of R reports brings visitors up to (i / R)² of all, or up to another power of it.
      const next = Math.floor((came / everybody) ** (1 / growth) * REPORTS + 1e-9) + 1;
      const upTo = Math.round(everybody * (next / REPORTS) ** growth);
      const target = Math.min(until, Math.max(came + 1, upTo));
      const all = increments(
        random,
        world,
        { rate: phase.rate, shares },
        { visitors: target - came, sampled: 2 ** -data.halvings },
      );
      came = target;
      const arrives = world.lost === undefined || random.uniform() >= world.lost;
      const twice = world.repeated !== undefined && random.uniform() < world.repeated;
      if (arrives) add(stratum, all, twice ? 2 : 1);
      while (world.halveAbove !== undefined && sampleOf(strata) > world.halveAbove) {
        halve(random, strata);
        data.halvings += 1;
      }
      yield { data, came };
    }
    before = until;
  }
}
