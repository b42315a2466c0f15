/** Terms after which the incomplete gamma has long converged: it needs about the square root of `a`. */
const MAX_TERMS = 100_000;
const EPSILON = Number.EPSILON;
/** Keeps Lentz's continued fraction from dividing by zero. */
const TINY = Number.MIN_VALUE / EPSILON;

/** Lanczos coefficients, Numerical Recipes in C, 2nd ed., §6.1 (`gammln`): relative error below 2e-10. */
const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155,
  0.1208650973866179e-2, -0.5395239384953e-5,
] as const;

/** ln Γ(x) for x > 0. */
function lnGamma(x: number): number {
  const t = x + 5.5;
  let series = 1.000000000190015;
  LANCZOS.forEach((coefficient, index) => {
    series += coefficient / (x + index + 1);
  });
  return (x + 0.5) * Math.log(t) - t + Math.log((Math.sqrt(2 * Math.PI) * series) / x);
}

/** P(a, x) by its series (`gser`): quick where x < a + 1. */
function lowerBySeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(-x + a * Math.log(x) - lnGamma(a));
}

/** Q(a, x) by its continued fraction, modified Lentz (`gcf`): quick where x ≥ a + 1. */
function upperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + an / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < EPSILON) break;
  }
  return h * Math.exp(-x + a * Math.log(x) - lnGamma(a));
}

/**
 * Regularised upper incomplete gamma function Q(a, x), for a > 0 and x ≥ 0; relative error below 1e-6
 * for a up to a thousand. Source: Press et al., Numerical Recipes in C, 2nd ed., §6.2.
 */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`gammaQ(${a}, ${x}): want a > 0 and x ≥ 0`);
  if (x === 0) return 1;
  return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
}
