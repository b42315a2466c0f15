import * as fc from "fast-check";
import { MAX_VARIANTS, MAX_WEIGHT } from "../../../src/policy/limits.ts";
import type { Weighted } from "../../../src/policy/schema.ts";
import { headerFields, origins, rewrites } from "./origins.ts";
import { names } from "./text.ts";

type VariantInput = Weighted["variants"][number];

/** A weight, its limits and zero often. */
export const weights: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.constantFrom(0, 1, 50, MAX_WEIGHT), weight: 1 },
  { arbitrary: fc.integer({ min: 0, max: 100 }), weight: 2 },
  { arbitrary: fc.integer({ min: 0, max: MAX_WEIGHT }), weight: 2 },
);

/** Between two numbers of variants with names, origins and headers of every kind; one weight at least is above 0. */
export const variants = (
  minLength: number,
  maxLength: number = MAX_VARIANTS,
): fc.Arbitrary<VariantInput[]> =>
  fc
    .uniqueArray(
      fc.record(
        { name: names, origin: origins, weight: weights, headers: headerFields, rewrite: rewrites },
        { requiredKeys: ["name", "origin", "weight"] },
      ),
      { minLength, maxLength, selector: ({ name }) => name },
    )
    .filter((list) => list.some(({ weight }) => weight > 0));

/** Weights alone, with names that mean nothing: for properties that look at shares. */
export interface Named {
  readonly name: string;
  readonly weight: number;
}

/** From 2 to 8 names with weights of which one at least is above 0. */
export const split: fc.Arbitrary<Named[]> = fc
  .uniqueArray(fc.record({ name: names, weight: weights }), {
    minLength: 2,
    maxLength: 8,
    selector: ({ name }) => name,
  })
  .filter((list) => list.some(({ weight }) => weight > 0));

/** From 2 to 4 variants of which each has a ninth of the visitors at least: for tables of counts. */
export const evenSplit: fc.Arbitrary<Named[]> = fc.uniqueArray(
  fc.record({ name: names, weight: fc.integer({ min: 2, max: 5 }) }),
  { minLength: 2, maxLength: 4, selector: ({ name }) => name },
);
