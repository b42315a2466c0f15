import type { ExperimentData } from "./data.ts";
import { own } from "./own.ts";
import { quantile } from "./quantile.ts";
import type { OperationsResult } from "./types.ts";

/** Failure share and latencies of each variant, side by side; variants without requests too. */
export function operationsOf({ variants, operations }: ExperimentData): OperationsResult[] {
  return variants.map((variant) => {
    const tally = own(operations ?? {}, variant);
    const { requests, failures, latency } = tally ?? { requests: 0, failures: 0, latency: [] };
    return {
      variant,
      requests,
      failureShare: requests === 0 ? null : failures / requests,
      latency: {
        p50: quantile(latency, 0.5),
        p95: quantile(latency, 0.95),
        p99: quantile(latency, 0.99),
      },
    };
  });
}
