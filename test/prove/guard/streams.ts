import type { Random } from "../../../src/stats/random.ts";
import type { Traffic } from "../../../src/stats/guard/rollout.ts";

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Of 50 requests a second, as a visitor makes ten. */
const VISITORS_PER_MINUTE = 300;
const REQUESTS_A_VISITOR = 10;

/** A minute in which five times as many come: one of 120. */
const [BURST, RUSH] = [1 / 120, 5];

/** A minute in which everything fails for one visitor of five: one of 240. */
const [OUTAGE, HIT] = [1 / 240, 0.2];

/** How much more than on average come at the busiest hour, and less at the quietest. */
const DAY_SHAPE = 0.6;

/** What a stream is like. */
export interface Scene {
  /** The canary's share. */
  readonly canary: number;
  /** Shares of visitors who fail, whatever the hour. */
  readonly control: number;
  readonly failing: number;
  /** Whether there are bursts, outages and hours. */
  readonly isRough: boolean;
  /** The chance that a report never comes. */
  readonly lost?: number;
}

/** Requests of a visitor: geometric, so that some try a hundred times. */
export const requestsOf = (random: Random): number =>
  1 + Math.floor(Math.log(random.uniform()) / Math.log1p(-1 / REQUESTS_A_VISITOR));

/** What all requests of so many visitors come to, who do not fail. */
export const requestsOfAll = (visitors: number): number => visitors * REQUESTS_A_VISITOR;

/** A day of it, another one each time. */
export function streamOf(random: Random, scene: Scene): Traffic {
  const minutes = (chance: number) =>
    scene.isRough
      ? Array.from({ length: DAY_MS / MINUTE_MS }, () => random.uniform() < chance)
      : [];
  const [bursts, outages] = [minutes(BURST), minutes(OUTAGE)];
  const phase = random.uniform();
  const isIn = (which: readonly boolean[], at: number) =>
    which[Math.floor(at / MINUTE_MS)] === true;
  return {
    variants: [
      { name: "stable", share: 1 - scene.canary },
      { name: "canary", share: scene.canary },
    ],
    visitorsPerMinute(at) {
      if (scene.lost !== undefined && random.uniform() < scene.lost) return 0;
      if (!scene.isRough) return VISITORS_PER_MINUTE;
      const hour = 1 + DAY_SHAPE * Math.sin(2 * Math.PI * (at / DAY_MS + phase));
      return VISITORS_PER_MINUTE * hour * (isIn(bursts, at) ? RUSH : 1);
    },
    failing(variant, at) {
      const usual = variant === "canary" ? scene.failing : scene.control;
      return isIn(outages, at) ? usual + (1 - usual) * HIT : usual;
    },
  };
}
