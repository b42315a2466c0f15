import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { logAtLeast, lowerBound } from "../../../../src/stats/guard/binomial.ts";
import { logEvidenceBelow, upperBound, type Arm } from "../../../../src/stats/guard/difference.ts";
import { failuresLogE } from "../../../../src/stats/guard/evidence.ts";
import { allocation, tally } from "./guarded.ts";

/** Of ten million visitors logarithms of factorials are some 10⁸, of which double precision leaves so much. */
const ABSOLUTE = 1e-7;
const RELATIVE = 1e-9;

/** How far two numbers are apart, in units of what is allowed. */
const apart = (computed: number, given: number, absolute = ABSOLUTE): number =>
  Math.abs(computed - given) / Math.max(absolute, RELATIVE * Math.abs(given));

interface Side {
  readonly share: number;
  readonly failed: number;
}

interface Vectors {
  readonly evidence: readonly {
    readonly allocations: readonly { readonly control: Side; readonly variant: Side }[];
    readonly halvings: number;
    readonly logE: number;
  }[];
  readonly bounds: readonly (Arm & { readonly alpha: number; readonly lower: number })[];
  readonly differences: readonly {
    readonly canary: Arm;
    readonly control: Arm;
    readonly increase: number;
    readonly alpha: number;
    readonly bound: number;
    readonly logE: number;
  }[];
}

const { evidence, bounds, differences } = JSON.parse(
  readFileSync(new URL("../../../vectors/guard.json", import.meta.url), "utf8"),
) as Vectors;

describe("guard.json", () => {
  test.each(evidence)(
    "evidence $logE after $halvings halvings",
    ({ allocations, halvings, logE }) => {
      const strata = allocations.map(({ control, variant }) =>
        allocation(
          { stable: control.share, canary: variant.share },
          { stable: tally(1e7, control.failed), canary: tally(1e7, variant.failed) },
        ),
      );
      expect(apart(failuresLogE(strata, "canary", "stable", halvings), logE)).toBeLessThanOrEqual(
        1,
      );
    },
  );

  test.each(bounds)("$failed of $visitors are $lower at least", (vector) => {
    const { failed, visitors, alpha, lower } = vector;
    expect(apart(lowerBound(failed, visitors, alpha), lower, 1e-14)).toBeLessThanOrEqual(1);
    const again = failed === 0 ? alpha : Math.exp(logAtLeast(failed, visitors, lower));
    expect(apart(again, alpha, alpha * 1e-6)).toBeLessThanOrEqual(1);
  });

  test.each(differences)("$canary beside $control: $bound at most", (vector) => {
    const { canary, control, increase, alpha, bound, logE } = vector;
    expect(apart(logEvidenceBelow(canary, control, increase), logE, 1e-6)).toBeLessThanOrEqual(1);
    expect(apart(upperBound(canary, control, increase, alpha), bound, 1e-10)).toBeLessThanOrEqual(
      1,
    );
  });

  test("has allocations, halvings, and ten million visitors", () => {
    expect(evidence.some(({ allocations }) => allocations.length > 1)).toBe(true);
    expect(new Set(evidence.map(({ halvings }) => Math.sign(halvings)))).toEqual(new Set([0, 1]));
    expect(bounds.some(({ visitors }) => visitors === 1e7)).toBe(true);
    expect(differences.some(({ canary }) => canary.visitors === 1e7)).toBe(true);
  });
});
