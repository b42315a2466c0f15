import type { Stratum, VariantTally } from "../../../../src/stats/data.ts";
import type { GuardData, WindowTally } from "../../../../src/stats/guard/types.ts";
import { latencyBucket, LATENCY_BUCKETS } from "../../../../src/lib/latency.ts";

/** A variant's visitors, of whom some had a failure or reached the goal `purchase`. */
export function tally(visitors: number, failed = 0, purchases = 0): VariantTally {
  const purchase = { conversions: purchases, sum: purchases, sumOfSquares: purchases, capped: 0 };
  return { visitors, failed, crossovers: 0, goals: { purchase } };
}

/** An allocation with these shares. */
export function allocation(
  shares: Readonly<Record<string, number>>,
  variants: Readonly<Record<string, VariantTally>>,
): Stratum {
  const exposed = Object.fromEntries(
    Object.entries(variants).map(([name, { visitors }]) => [name, visitors]),
  );
  return { allocation: "90/10", since: 0, shares, exposed, variants };
}

export const NINETY_TEN = { stable: 0.9, canary: 0.1 };

/** A window in which so many failed, each from an address of its own. */
export const window = (visitors: number, failed = 0, failedNetworks = failed): WindowTally => ({
  visitors,
  failed,
  failedNetworks,
  latency: [],
  networks: [],
});

/** A window of answers that took so long, each to an address of its own. */
export function timed(times: readonly (readonly [ms: number, count: number])[]): WindowTally {
  const latency = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const [ms, count] of times) {
    const bucket = latencyBucket(ms);
    latency[bucket] = (latency[bucket] ?? 0) + count;
  }
  const visitors = times.reduce((sum, [, count]) => sum + count, 0);
  return { visitors, failed: 0, failedNetworks: 0, latency, networks: latency };
}

/** A guard of a canary beside `stable`, by windows of five minutes. */
export const guarded = (part: Partial<GuardData>): GuardData => ({
  checks: [],
  minVisitors: 10,
  control: "stable",
  variants: ["canary"],
  identity: "lasting",
  windowMs: 300_000,
  window: {},
  strata: [],
  networks: { canary: 1000 },
  halvings: 0,
  goals: [{ goal: "purchase", unattributed: 0 }],
  srm: { verdict: "ok", p: 1 },
  ...part,
});
