import type { ExperimentData, Stratum } from "./data.ts";
import { own } from "./own.ts";

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);

/** What the shares say of each variant's visitors, of as many in each allocation as were counted there. */
export function expectedOf(
  strata: readonly Stratum[],
  countIn: (stratum: Stratum) => number,
): ReadonlyMap<string, number> {
  const expected = new Map<string, number>();
  for (const stratum of strata) {
    const [scale, count] = [total(stratum.shares), countIn(stratum)];
    if (scale > 0)
      for (const [variant, share] of Object.entries(stratum.shares))
        expected.set(variant, (expected.get(variant) ?? 0) + (share / scale) * count);
  }
  return expected;
}

/** Variants that somebody could be drawn for, or was met on; all of them where nobody was met yet. */
export function reachable({
  variants,
  strata,
}: Pick<ExperimentData, "variants" | "strata">): readonly string[] {
  if (strata.length === 0) return variants;
  return variants.filter((variant) =>
    strata.some(
      ({ shares, exposed }) => (own(shares, variant) ?? 0) > 0 || (own(exposed, variant) ?? 0) > 0,
    ),
  );
}

/** Visitors of all variants in the sample. */
export const visitorsIn = ({ variants }: Stratum): number =>
  Object.values(variants).reduce((all, { visitors }) => all + visitors, 0);

/** Visitors of all variants who were ever exposed. */
export const exposedIn = ({ exposed }: Stratum): number => total(exposed);
