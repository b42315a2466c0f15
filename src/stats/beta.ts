import { logGamma } from "./log-gamma.ts";

/** Where a continued fraction has converged: of one step to the next it changes by less than double precision has. */
const CONVERGED = 1e-16;

/** Steps after which it is taken as it is: it takes some √(a + b), so that is for a + b of 10¹⁰. */
const MAX_STEPS = 200_000;

/** Instead of a denominator of 0 (Lentz's algorithm, as Thompson and Barnett have it). */
const TINY = 1e-300;

/** A chance and its contrary, as natural logarithms, so that the smallest has all its digits. */
export interface LogTails {
  readonly lower: number;
  readonly upper: number;
}

/** ln B(a, b). */
export const logBeta = (a: number, b: number): number =>
  logGamma(a) + logGamma(b) - logGamma(a + b);

const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2). */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MAX_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) <= CONVERGED) break;
  }
  return value;
}

/** ln Iₓ(a, b) and ln (1 − Iₓ(a, b)): the chances that a Beta(a, b) is below x, and above it; a, b > 0. */
export function logBetaTails(x: number, a: number, b: number): LogTails {
  if (x <= 0) return { lower: Number.NEGATIVE_INFINITY, upper: 0 };
  if (x >= 1) return { lower: 0, upper: Number.NEGATIVE_INFINITY };
  if (x * (a + b + 2) > a + 1) {
    const { lower, upper } = logBetaTails(1 - x, b, a);
    return { lower: upper, upper: lower };
  }
  const front = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  const lower = Math.min(0, front + Math.log(fraction(x, a, b) / a));
  return { lower, upper: Math.log1p(-Math.exp(lower)) };
}
