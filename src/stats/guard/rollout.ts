import type { GuardCheck } from "../../lib/guard.ts";
import type { Stratum, VariantTally } from "../data.ts";
import type { Random } from "../random.ts";
import type { GuardData, WindowTally } from "./types.ts";

/** Visitors of the sample above which it is halved, as the hub's is. */
const SAMPLED = 100_000;

const MINUTE_MS = 60_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whom a simulated roll-out serves. Times are ms since its beginning. */
export interface Traffic {
  /** The first is the control. */
  readonly variants: readonly { readonly name: string; readonly share: number }[];
  /** New visitors a minute, all variants together; each is met once. */
  visitorsPerMinute(at: number): number;
  /** The share of a variant's visitors for whom it fails. */
  failing(variant: string, at: number): number;
  /** Is told of all who came, for whoever counts something else of them. */
  met?(variant: string, visitors: number, failed: number): void;
}

/** What its guard is. */
export interface Rules {
  readonly checks: readonly GuardCheck[];
  readonly minVisitors: number;
  readonly windowMs: number;
}

interface Arm {
  readonly name: string;
  readonly share: number;
  /** In the sample, of this roll-out. */
  readonly tally: Mutable<VariantTally>;
  window: Mutable<WindowTally>;
  before: Mutable<WindowTally>;
}

const noWindow = (): WindowTally => ({
  visitors: 0,
  failed: 0,
  failedNetworks: 0,
  latency: [],
  networks: [],
});

const record = <T>(arms: readonly Arm[], of: (arm: Arm) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(arms.map((arm) => [arm.name, of(arm)]));

/**
 * A roll-out as the hub counts it, drawn by numbers of visitors and never by requests, so that a day takes a few
 * milliseconds. Every visitor is a new one, with an address of their own.
 */
export class Rollout {
  #at = 0;
  #halvings = 0;
  /** Whether a variant failed for somebody since the last look. */
  #isNew = false;
  /** The part of a visitor who has not come yet. */
  #rest = 0;
  readonly #arms: readonly Arm[];
  readonly #shares: readonly number[];

  readonly #random: Random;
  readonly #traffic: Traffic;
  readonly rules: Rules;

  constructor(random: Random, traffic: Traffic, rules: Rules) {
    this.#random = random;
    this.#traffic = traffic;
    this.rules = rules;
    const total = traffic.variants.reduce((sum, { share }) => sum + share, 0);
    this.#shares = traffic.variants.map(({ share }) => share / total);
    this.#arms = traffic.variants.map((variant) => ({
      ...variant,
      tally: { visitors: 0, failed: 0, crossovers: 0, goals: {} },
      window: { ...noWindow() },
      before: { ...noWindow() },
    }));
  }

  /** Lets time go on; never past a window's end at once. */
  advance(to: number): void {
    const { windowMs } = this.rules;
    if (Math.floor(to / windowMs) > Math.floor(this.#at / windowMs))
      for (const arm of this.#arms) {
        arm.before = arm.window;
        arm.window = { ...noWindow() };
      }
    const due = (this.#traffic.visitorsPerMinute(to) * (to - this.#at)) / MINUTE_MS + this.#rest;
    const came = Math.floor(due);
    this.#rest = due - came;
    this.#at = to;
    const drawn = this.#random.multinomial(came, this.#shares);
    for (const [index, arm] of this.#arms.entries()) {
      const failed = this.#meet(arm, drawn[index] ?? 0);
      this.#isNew ||= index > 0 && failed > 0;
    }
    while (this.#arms.reduce((sum, { tally }) => sum + tally.visitors, 0) > SAMPLED) this.#halve();
  }

  #meet({ name, tally, window }: Arm, visitors: number): number {
    const failed = this.#random.binomial(visitors, this.#traffic.failing(name, this.#at));
    this.#traffic.met?.(name, visitors, failed);
    window.visitors += visitors;
    window.failed += failed;
    window.failedNetworks += failed;
    const sampled = 2 ** -this.#halvings;
    const counted = this.#random.binomial(failed, sampled);
    tally.failed += counted;
    tally.visitors += counted + this.#random.binomial(visitors - failed, sampled);
    return failed;
  }

  #halve(): void {
    this.#halvings += 1;
    this.#isNew = true;
    for (const { tally } of this.#arms) {
      const others = this.#random.binomial(tally.visitors - tally.failed, 0.5);
      tally.failed = this.#random.binomial(tally.failed, 0.5);
      tally.visitors = tally.failed + others;
    }
  }

  /** Whether anything could be breached that was not at the last look: this one costs nothing, for the many reports in which nothing is. */
  mayBreach(): boolean {
    if (!this.#isNew) return false;
    this.#isNew = false;
    const { checks, minVisitors } = this.rules;
    const [control, ...others] = this.#arms;
    const share = ({ visitors, failed }: { readonly visitors: number; readonly failed: number }) =>
      visitors === 0 ? 0 : failed / visitors;
    return others.some(({ tally, window, before }) =>
      checks.some((check) => {
        if (check.metric !== "failures") return false;
        if ("max" in check)
          return [window, before].some(
            (seen) => seen.failed >= minVisitors && 100 * share(seen) > check.max,
          );
        const beside = control === undefined ? 0 : share(control.tally);
        return tally.failed >= minVisitors && 100 * (share(tally) - beside) > check.maxIncrease;
      }),
    );
  }

  /** What the hub would judge now. */
  data(): GuardData {
    const [control, ...others] = this.#arms;
    const shares = record(this.#arms, ({ share }) => share);
    const variants = record(this.#arms, ({ tally }) => tally);
    const stratum: Stratum = {
      allocation: "simulated",
      since: 0,
      shares,
      exposed: record(this.#arms, ({ tally }) => tally.visitors),
      variants,
    };
    return {
      ...this.rules,
      control: control?.name ?? "",
      variants: others.map(({ name }) => name),
      identity: "lasting",
      window: record(this.#arms, ({ window }) => window),
      before: record(this.#arms, ({ before }) => before),
      strata: [stratum],
      networks: record(this.#arms, ({ tally }) => tally.failed),
      halvings: this.#halvings,
      goals: [],
      srm: { verdict: "ok", p: 1 },
    };
  }
}
