import type { Arm } from "./arm.ts";
import type { Estimate } from "./sequence.ts";

/** Visitors of an even split are worth this many times n₁n₀/(n₁+n₀): all of them together, once. */
const EVEN = 4;

/** Two variants compared over all allocations in which both met visitors. */
export interface Combined extends Estimate {
  /** Means under the same weights, so that they differ by the difference. */
  readonly value: number;
  readonly controlValue: number;
  /** Of both, in those allocations. */
  readonly arms: readonly [treatment: Readonly<Totals>, control: Readonly<Totals>];
}

/** Visitors of one variant, and those who converted. */
interface Totals {
  visitors: number;
  conversions: number;
}

/**
 * Allocations combined with weights n₁n₀/(n₁+n₀): each tells its own difference, so that who came when, and how
 * many of them were drawn for what, is not a difference of variants. The weights know visitors only, never what they
 * did: weights from variances favour the allocation that has few conversions by chance. Undefined where no
 * allocation has visitors of both.
 */
export function combine(treatment: readonly Arm[], control: readonly Arm[]): Combined | undefined {
  let [weights, value, controlValue, variance] = [0, 0, 0, 0];
  const treated: Totals = { visitors: 0, conversions: 0 };
  const untreated: Totals = { visitors: 0, conversions: 0 };
  for (const [at, one] of treatment.entries()) {
    const other = control[at];
    if (other === undefined || one.visitors === 0 || other.visitors === 0) continue;
    const weight = (one.visitors * other.visitors) / (one.visitors + other.visitors);
    weights += weight;
    value += weight * one.mean;
    controlValue += weight * other.mean;
    variance += weight ** 2 * (one.variance / one.visitors + other.variance / other.visitors);
    for (const [total, arm] of [
      [treated, one],
      [untreated, other],
    ] as const) {
      total.visitors += arm.visitors;
      total.conversions += arm.conversions;
    }
  }
  if (weights === 0) return undefined;
  return {
    value: value / weights,
    controlValue: controlValue / weights,
    difference: (value - controlValue) / weights,
    variance: variance / weights ** 2,
    // In proportion to what was learnt, also where the shares changed: the boundary is one of information.
    visitors: EVEN * weights,
    arms: [treated, untreated],
  };
}
