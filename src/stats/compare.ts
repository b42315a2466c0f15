import { combine, type Combined } from "./combine.ts";
import type { Arm } from "./arm.ts";
import { sequence, type Care } from "./sequence.ts";
import type { Comparison, ComparisonVerdict } from "./types.ts";

/** Visitors, and conversions and their contrary, below which the normal distribution says nothing of a rate. */
const MIN_VISITORS = 100;
const MIN_EXPECTED = 20;

/** Conversions a variant below which it says nothing of values, which a few customers may decide. */
const MIN_CONVERSIONS = 100;

/** What a comparison depends on besides its arms. */
export interface Terms extends Care {
  /** What a visitor counts with at most where values are compared; absent for a share of visitors. */
  readonly cap?: number;
  /** Whether more is better. */
  readonly moreIsBetter: boolean;
  /** Visitors of the whole experiment: more of them are needed where it is too early. */
  readonly everybody: number;
  /** Whether the split is not to be trusted: then nobody wins, and nobody loses. */
  readonly unsound: boolean;
}

/** By how much the sample has to grow before it says anything; 1 and less is now. */
export function growthNeeded({ arms }: Combined, cap: number | undefined): number {
  const [one, other] = arms;
  if (cap !== undefined) return MIN_CONVERSIONS / Math.min(one.conversions, other.conversions);
  const smallest = Math.min(one.visitors, other.visitors);
  const everybody = one.visitors + other.visitors;
  const conversions = one.conversions + other.conversions;
  // Expected of the smallest at the pooled rate, of conversions or the contrary, whichever are fewer.
  const expected = (smallest * Math.min(conversions, everybody - conversions)) / everybody;
  return Math.max(MIN_VISITORS / smallest, MIN_EXPECTED / expected);
}

function verdictOf(low: number, high: number, { unsound, moreIsBetter }: Terms): ComparisonVerdict {
  if (unsound || !(low > 0 || high < 0)) return "undecided";
  return low > 0 === moreIsBetter ? "better" : "worse";
}

/** A variant beside the control, over all allocations: arms in the order of these. */
export function compare(
  variant: string,
  treatment: readonly Arm[],
  control: readonly Arm[],
  terms: Terms,
): Comparison {
  const combined = combine(treatment, control);
  if (combined === undefined) {
    const nothing = { difference: null, low: null, high: null, lift: null, p: 1 };
    const early = {
      verdict: "too-early",
      detectable: null,
      value: null,
      controlValue: null,
    } as const;
    return { variant, ...nothing, ...early, visitorsNeeded: null };
  }
  const { difference, value, controlValue } = combined;
  const lift = controlValue === 0 ? null : difference / controlValue;
  const growth = growthNeeded(combined, terms.cap);
  if (!(growth <= 1)) {
    const needed = Math.ceil(terms.everybody * (growth - 1));
    const visitorsNeeded = Number.isFinite(needed) ? needed : null;
    // All that is sure: no visitor counts with less than 0, or with more than this.
    const most = terms.cap ?? 1;
    const nothing = {
      low: -most,
      high: most,
      p: 1,
      verdict: "too-early",
      detectable: null,
    } as const;
    return { variant, difference, lift, ...nothing, value, controlValue, visitorsNeeded };
  }
  const { low, high, p, detectable } = sequence(combined, terms);
  const verdict = verdictOf(low, high, terms);
  return { variant, difference, low, high, lift, p, verdict, detectable, value, controlValue };
}
