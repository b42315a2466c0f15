import { formatInstant } from "../lib/instant-text.ts";
import { goalTally } from "./arm.ts";
import type { ExperimentData, Stratum } from "./data.ts";
import { expectedOf, visitorsIn } from "./expected.ts";
import { failureResult, goalResult } from "./goals.ts";
import { operationsOf } from "./operations.ts";
import { own } from "./own.ts";
import { srm } from "./srm.ts";
import { standingOf } from "./standing.ts";
import type { ExperimentResults, StratumResult, VariantResult } from "./types.ts";
import { verdictOf } from "./verdict.ts";

function variantResults({ variants, strata }: ExperimentData): VariantResult[] {
  const expected = expectedOf(strata, visitorsIn);
  return variants.map((variant) => {
    let [visitors, failed, crossovers] = [0, 0, 0];
    for (const stratum of strata) {
      const tally = own(stratum.variants, variant);
      visitors += tally?.visitors ?? 0;
      failed += tally?.failed ?? 0;
      crossovers += tally?.crossovers ?? 0;
    }
    const crossoverShare = visitors === 0 ? 0 : crossovers / visitors;
    return { variant, visitors, expected: expected.get(variant) ?? 0, failed, crossoverShare };
  });
}

function stratumResult({ variants, goals }: ExperimentData, stratum: Stratum): StratumResult {
  return {
    allocation: stratum.allocation,
    since: formatInstant(stratum.since),
    variants: variants.map((variant) => {
      const tally = own(stratum.variants, variant);
      const visitors = tally?.visitors ?? 0;
      const told = goals.map(({ goal, cap }) => {
        const { conversions, sum } = goalTally(tally, goal);
        const reached = cap === undefined ? conversions : sum;
        return [goal, visitors === 0 ? null : reached / visitors] as const;
      });
      return { variant, visitors, goals: Object.fromEntries(told) };
    }),
  };
}

/**
 * All that is concluded of an experiment, at any time and as often as anybody asks. What it takes is linear in
 * allocations, variants and goals.
 */
export function resultsOf(data: ExperimentData): ExperimentResults {
  const { logE: _, ...ratio } = srm(data.drawn ? data.strata : [], data.srmPeak);
  const terms = {
    variants: data.variants.length,
    halvings: data.halvings,
    everybody: data.strata.reduce((all, stratum) => all + visitorsIn(stratum), 0),
    unsound: ratio.verdict === "alert",
  };
  const results = {
    experiment: data.experiment,
    control: data.control,
    since: formatInstant(data.since),
    sampleRate: 2 ** -data.halvings,
    allocations: data.strata.length,
    srm: ratio,
    variants: variantResults(data),
    apart: data.apart,
    goals: data.goals.map((goal) => goalResult(data, goal, terms)),
    failures: failureResult(data, terms),
    strata: data.strata.map((stratum) => stratumResult(data, stratum)),
    ...(data.operations !== undefined && { operations: operationsOf(data) }),
  };
  return { ...results, standing: standingOf(data, results), verdict: verdictOf(data, results) };
}
