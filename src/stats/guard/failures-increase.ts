import { rateArm } from "../arm.ts";
import { combine } from "../combine.ts";
import { own } from "../own.ts";
import { NO_VERDICT } from "../verdict.ts";
import { chance, percent, whole } from "../words.ts";
import { failuresLogE } from "./evidence.ts";
import { verdictOf } from "./fault.ts";
import { ROLLOUT_ALPHA, sequentialTests, untold, type Finding } from "./finding.ts";
import type { GuardData } from "./types.ts";

const PERCENT = 100;

function armsOf({ strata }: GuardData, variant: string) {
  return strata.map(({ variants }) => {
    const tally = own(variants, variant);
    return rateArm(tally?.failed ?? 0, tally?.visitors ?? 0);
  });
}

/**
 * Whether a variant fails for more visitors than the control, over the whole roll-out: the evidence is that none of
 * them is a healthy one's, and the difference is above what is allowed. The first alone would take a release back for
 * a difference that nobody minds; the second alone for chance.
 */
export function failuresIncrease(data: GuardData, variant: string, maxIncrease: number): Finding {
  const { control, strata, halvings, identity, minVisitors } = data;
  if (identity !== "lasting")
    return untold(variant, maxIncrease, `No verdict possible: ${NO_VERDICT[identity]}.`);
  const combined = combine(armsOf(data, variant), armsOf(data, control));
  if (combined === undefined)
    return untold(
      variant,
      maxIncrease,
      `No visitor was drawn for both ${variant} and ${control} yet.`,
    );
  const [one, other] = combined.arms;
  const logE = failuresLogE(strata, variant, control, halvings);
  const p = Math.min(1, sequentialTests(data) * Math.exp(-logE));
  const value = combined.difference * PERCENT;
  const fault = {
    variant,
    visitors: one.visitors,
    faulty: one.conversions,
    networks: own(data.networks, variant) ?? 0,
    what: "a failure",
    allowed: maxIncrease / PERCENT,
    minVisitors,
  };
  const judged = verdictOf(fault, { isBeyond: value > maxIncrease, isSure: p <= ROLLOUT_ALPHA });
  const seen = `${whole(one.conversions)} of ${whole(one.visitors)} visitors of ${variant} had a failure (${percent(combined.value)}), and ${whole(other.conversions)} of ${whole(other.visitors)} of ${control} (${percent(combined.controlValue)})`;
  const evidence = `${seen}: ${value.toFixed(2)} points more, the limit is ${maxIncrease}; that a variant no worse comes to as much has ${chance(p)}, however often anybody looks.`;
  return {
    ...judged,
    variant,
    value,
    limit: maxIncrease,
    visitors: one.visitors,
    evidence,
    nearness: maxIncrease > 0 ? value / maxIncrease : value,
  };
}
