import { LATENCY_BUCKETS, latencyEdgeMs } from "../../../src/lib/latency.ts";
import { judgeGuard } from "../../../src/stats/guard/judge.ts";
import { timesOf, type Times } from "../../../src/stats/guard/times.ts";
import type { GuardData, WindowTally } from "../../../src/stats/guard/types.ts";
import { Random } from "../../../src/stats/random.ts";
import type { ErrorProof } from "./error.ts";

/** Deviation of the logarithm of latencies, which are lognormal: the slowest twentieth takes 2.7 times the median. */
const SIGMA = 0.6;
const Z_95 = 1.644_853_627;

/** Answers in a window of five minutes, of the control and of a canary with a quarter of all. */
const CONTROL = 4500;
const CANARY = 1500;
const WINDOWS_A_DAY = 288;
const STEPS = 400;

/** The normal distribution's share below z, by Simpson's rule. */
function below(z: number): number {
  const step = z / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i += 1) {
    const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * step) ** 2) / 2);
  }
  return 0.5 + ((step / 3) * sum) / Math.sqrt(2 * Math.PI);
}

/** The shares of the buckets where the slowest twentieth takes longer than this (ms). */
function bucketsOf(p95: number): number[] {
  const middle = Math.log(p95) - SIGMA * Z_95;
  const upTo = Array.from({ length: LATENCY_BUCKETS }, (_, bucket) =>
    bucket === LATENCY_BUCKETS - 1 ? 1 : below((Math.log(latencyEdgeMs(bucket)) - middle) / SIGMA),
  );
  return upTo.map((share, bucket) => Math.max(0, share - (upTo[bucket - 1] ?? 0)));
}

function windowOf(random: Random, visitors: number, shares: readonly number[]): WindowTally {
  const latency = random.multinomial(visitors, shares);
  return { visitors, failed: 0, failedNetworks: 0, latency, networks: latency };
}

const dataOf = (stable: WindowTally, canary: WindowTally): GuardData => ({
  checks: [{ metric: "latency", quantile: 0.95, maxIncrease: 25 }],
  minVisitors: 10,
  control: "stable",
  variants: ["canary"],
  identity: "lasting",
  windowMs: 300_000,
  window: { stable, canary },
  strata: [],
  networks: {},
  halvings: 0,
  goals: [],
  srm: { verdict: "ok", p: 1 },
});

const isFound = (random: Random, control: readonly number[], canary: readonly number[]): boolean =>
  judgeGuard(dataOf(windowOf(random, CONTROL, control), windowOf(random, CANARY, canary)))
    .verdict === "breached";

/** p95 (ms) of controls, in the middle of a bucket, at its edge and just above it: where a limit lies depends on that. */
export const CONTROLS = [400, 407, 412] as const;

/** How many windows it takes to find a canary whose p95 is so much longer, within a day. */
export function slowed(p95: number, by: number, runs: number, seed: number): Times {
  const random = new Random(seed);
  const [control, canary] = [bucketsOf(p95), bucketsOf(p95 * by)];
  return timesOf(
    Array.from({ length: runs }, () => {
      for (let window = 1; window <= WINDOWS_A_DAY; window += 1)
        if (isFound(random, control, canary)) return window;
      return undefined;
    }),
  );
}

/** Days in which everything becomes three times as slow and fast again, both variants alike, in the middle of every tenth window. */
export function slowDays(days: number, seed: number): ErrorProof {
  const random = new Random(seed);
  const [usual, slow] = [bucketsOf(400), bucketsOf(1200)];
  const half = usual.map((share, bucket) => (share + (slow[bucket] ?? 0)) / 2);
  let acted = 0;
  for (let left = days; left > 0; left -= 1)
    for (let window = 0; window < WINDOWS_A_DAY; window += 1) {
      const phase = window % 20;
      const shares = phase % 10 === 0 ? half : phase < 10 ? usual : slow;
      if (!isFound(random, shares, shares)) continue;
      acted += 1;
      break;
    }
  return { name: "a day with ten slow-downs of both variants, p95 + 25 %", runs: days, acted };
}
