import type { ExperimentData, GoalTally, Stratum, VariantTally } from "../../../src/stats/data.ts";

/** A Wednesday at noon, two weeks into an experiment that began on one. */
export const NOW = Date.UTC(2026, 10, 25, 12);
export const DAY_MS = 86_400_000;

/** Visitors of a variant, of whom so many reached `purchase`. */
export function tally(
  visitors: number,
  purchases: number,
  others: Partial<VariantTally> = {},
): VariantTally {
  const purchase: GoalTally = {
    conversions: purchases,
    sum: purchases,
    sumOfSquares: purchases,
    capped: 0,
  };
  return { visitors, failed: 0, crossovers: 0, goals: { purchase }, ...others };
}

/** An allocation whose exposures are the visitors of its sample. */
export function stratum(
  shares: Readonly<Record<string, number>>,
  variants: Readonly<Record<string, VariantTally>>,
  others: Partial<Stratum> = {},
): Stratum {
  return {
    allocation: Object.values(shares).join("/"),
    since: NOW - 14 * DAY_MS,
    shares,
    exposed: Object.fromEntries(
      Object.entries(variants).map(([name, { visitors }]) => [name, visitors]),
    ),
    variants,
    ...others,
  };
}

/** An experiment of `stable`, which is the control, and `canary`, of which the goal is `purchase`. */
export function experiment(
  strata: readonly Stratum[],
  others: Partial<ExperimentData> = {},
): ExperimentData {
  return {
    experiment: "shop",
    control: "stable",
    variants: ["stable", "canary"],
    identity: "lasting",
    drawn: true,
    halvings: 0,
    since: NOW - 14 * DAY_MS,
    now: NOW,
    goals: [{ goal: "purchase", unattributed: 0 }],
    strata,
    apart: { byRule: 0, olderPins: 0, unchecked: 0 },
    ...others,
  };
}
