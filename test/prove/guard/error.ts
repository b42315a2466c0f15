import type { Rules } from "../../../src/stats/guard/rollout.ts";
import { actsAt } from "../../../src/stats/guard/simulate.ts";
import { Rollout } from "../../../src/stats/guard/rollout.ts";
import { Random } from "../../../src/stats/random.ts";
import { binomialBounds, ALPHA } from "../../support/statistics.ts";
import { DAY_MS, HOUR_MS, type Scene } from "./streams.ts";
import { REPORT_MS, watch } from "./watch.ts";

/** Of a hundred healthy roll-outs, or days, at most one may be acted on. */
export const MAX_ERROR = 0.01;

/** How often something healthy was acted on. */
export interface ErrorProof {
  readonly name: string;
  readonly runs: number;
  readonly acted: number;
  /** By the same test of requests; absent where it was not tried. */
  readonly byRequest?: number;
}

/** Whether it keeps to its limit, but for chance. */
export const keeps = ({ acted, runs }: ErrorProof): boolean =>
  acted <= binomialBounds(runs, MAX_ERROR, 2 * ALPHA).upper;

const WINDOW_MS = 300_000;

/** Any difference is too much: so the evidence alone decides. */
const STRICT: Rules = {
  checks: [{ metric: "failures", maxIncrease: 0 }],
  minVisitors: 1,
  windowMs: WINDOW_MS,
};

const USUAL: Rules = {
  ...STRICT,
  checks: [{ metric: "failures", maxIncrease: 1 }],
  minVisitors: 10,
};

/** One of a hundred visitors fails for reasons of their own. */
const healthy = (canary: number): Scene => ({
  canary,
  control: 0.01,
  failing: 0.01,
  isRough: true,
});

interface Healthy {
  readonly name: string;
  readonly scene: Scene;
  readonly rules: Rules;
  readonly until: number;
  readonly isBesideRequests?: boolean;
}

export const HEALTHY: readonly Healthy[] = [
  {
    name: "1 h, 10 % on the canary, any difference",
    scene: healthy(0.1),
    rules: STRICT,
    until: HOUR_MS,
    isBesideRequests: true,
  },
  {
    name: "24 h, 10 % on the canary, any difference",
    scene: healthy(0.1),
    rules: STRICT,
    until: DAY_MS,
    isBesideRequests: true,
  },
  {
    name: "24 h, 50 % on the canary, any difference",
    scene: healthy(0.5),
    rules: STRICT,
    until: DAY_MS,
  },
  {
    name: "24 h, 1 % on the canary, any difference",
    scene: healthy(0.01),
    rules: STRICT,
    until: DAY_MS,
  },
  {
    name: "24 h, 10 % on the canary, 1 point above",
    scene: healthy(0.1),
    rules: USUAL,
    until: DAY_MS,
  },
  {
    name: "1 h, one report of five lost, any difference",
    scene: { ...healthy(0.1), lost: 0.2 },
    rules: STRICT,
    until: HOUR_MS,
  },
];

/** Healthy canaries in bad weather. */
export function inError(one: Healthy, runs: number, seed: number): ErrorProof {
  const random = new Random(seed);
  const others = one.isBesideRequests === true ? (["byRequest"] as const) : [];
  let [acted, byRequest] = [0, 0];
  for (let left = runs; left > 0; left -= 1) {
    const seen = watch(random, one.scene, one.rules, one.until, others);
    if (seen.guard !== undefined) acted += 1;
    if (seen.byRequest !== undefined) byRequest += 1;
  }
  return { name: one.name, runs, acted, ...(others.length > 0 && { byRequest }) };
}

/** Visitors a window of a variant at half of its limit, which is 2 %. */
export const WINDOWS = [120, 1000, 10_000] as const;

/** Days in which a variant fails for 1 % of its visitors, of whom it may for 2 %. */
export function atHalf(visitors: number, runs: number, seed: number): ErrorProof {
  const random = new Random(seed);
  const rules: Rules = { ...USUAL, checks: [{ metric: "failures", max: 2 }] };
  const traffic = {
    variants: [
      { name: "stable", share: 0 },
      { name: "canary", share: 1 },
    ],
    visitorsPerMinute: () => visitors / (WINDOW_MS / 60_000),
    failing: () => 0.01,
  };
  const run = () => actsAt(new Rollout(random, traffic, rules), REPORT_MS, DAY_MS);
  const acted = Array.from({ length: runs }, run).filter((at) => at !== undefined).length;
  return { name: `a day at half of failures.max, ${visitors} visitors a window`, runs, acted };
}
