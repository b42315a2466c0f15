import type { Stratum } from "./data.ts";
import { logGamma } from "./log-gamma.ts";
import { own } from "./own.ts";
import type { SrmVerdict } from "./types.ts";

/** Pseudo-visitors of the prior: the larger, the nearer to the shares it looks for deviations. */
const PRIOR = 100;

/** Evidence from which on there is a warning, an alert: at most 1 of 100, of 1000 sound experiments ever gets there. */
const WARN = 1 / 0.01;
const ALERT = 1 / 0.001;

/** Of what cannot be by chance; finite, so that it can be stored and sent. */
const IMPOSSIBLE = 1e6;

type Allocation = Pick<Stratum, "shares" | "exposed">;

/** What the test says. */
export interface Srm {
  readonly verdict: SrmVerdict;
  /** Anytime p-value: 1 by the most evidence there ever was. */
  readonly p: number;
  /** ln of the most evidence there ever was; to be kept, and given as `peak` next time. */
  readonly logE: number;
}

/**
 * ln of the evidence of one allocation: how much better a Dirichlet mixture around the shares foretells the
 * exposures than the shares do. It is a function of the counts alone, as visitors of an allocation are exchangeable.
 */
function logFactor({ shares, exposed }: Allocation): number {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  let logE = logGamma(PRIOR);
  let count = 0;
  for (const [variant, seen] of Object.entries(exposed)) {
    // Γ's of one that met nobody cancel out.
    if (seen === 0) continue;
    const share = (own(shares, variant) ?? 0) / total;
    // No draw gives a variant without a share.
    if (!(share > 0)) return IMPOSSIBLE;
    const prior = PRIOR * share;
    logE += logGamma(prior + seen) - logGamma(prior) - seen * Math.log(share);
    count += seen;
  }
  return logE - logGamma(PRIOR + count);
}

/** ln of the evidence against the shares, now: a factor for each allocation, multiplied. */
export function srmLogE(strata: readonly Allocation[]): number {
  const logE = strata.reduce((sum, stratum) => sum + logFactor(stratum), 0);
  return Math.min(IMPOSSIBLE, logE);
}

/**
 * Sample ratio mismatch: a sequential test of the multinomial (Lindon & Malek 2022) of exposures against drawn
 * shares, to be looked at as often as anybody likes. With `peak`, the highest `logE` so far, an alert stays one.
 */
export function srm(strata: readonly Allocation[], peak = 0): Srm {
  const logE = Math.max(0, peak, srmLogE(strata));
  return {
    verdict: logE >= Math.log(ALERT) ? "alert" : logE >= Math.log(WARN) ? "warn" : "ok",
    p: Math.exp(-logE),
    logE,
  };
}
