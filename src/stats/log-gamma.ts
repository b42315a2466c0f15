/** Below this the asymptotic series needs more terms than it has here. */
const LARGE = 10;

/** B₂ₙ / (2n(2n − 1)), n = 1, 2, …: Stirling's series, relative error below 1e-15 from {@link LARGE} on. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
] as const;

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  let product = 1;
  let large = x;
  for (; large < LARGE; large += 1) product *= large;
  const inverse = 1 / large;
  const series = STIRLING.reduceRight((sum, term) => sum * inverse * inverse + term, 0) * inverse;
  return (large - 0.5) * Math.log(large) - large + HALF_LOG_TWO_PI + series - Math.log(product);
}
