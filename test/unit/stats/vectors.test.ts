import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rateArm, valueArm, type Arm } from "../../../src/stats/arm.ts";
import { combine } from "../../../src/stats/combine.ts";
import type { Stratum } from "../../../src/stats/data.ts";
import { sequence } from "../../../src/stats/sequence.ts";
import { srm, srmLogE } from "../../../src/stats/srm.ts";

/** Two ways to add up the same numbers differ by as much. */
const RELATIVE = 1e-9;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));

function expectSame(computed: number, given: number): void {
  expect(Math.abs(computed - given)).toBeLessThanOrEqual(
    RELATIVE * Math.max(1e-3, Math.abs(given)),
  );
}

interface Evidence {
  readonly allocations: readonly Pick<Stratum, "shares" | "exposed">[];
  readonly logE: number;
  readonly p: number;
  readonly verdict: string;
}

describe("srm.json", () => {
  const { vectors } = read("srm") as { readonly vectors: readonly Evidence[] };

  test.each(vectors)("$allocations: $verdict", ({ allocations, logE, p, verdict }) => {
    expectSame(srmLogE(allocations), logE);
    const told = srm(allocations);
    expectSame(told.p, p);
    expect(told.verdict).toBe(verdict);
  });

  test("has all verdicts, and more than one allocation", () => {
    expect(new Set(vectors.map(({ verdict }) => verdict))).toEqual(
      new Set(["ok", "warn", "alert"]),
    );
    expect(vectors.some(({ allocations }) => allocations.length > 1)).toBe(true);
  });
});

interface Counts {
  readonly visitors: number;
  readonly conversions: number;
  readonly sum?: number;
  readonly sumOfSquares?: number;
}

interface Compared {
  readonly variants: number;
  readonly halvings: number;
  readonly cap: number | null;
  readonly strata: readonly Readonly<Record<"control" | "variant", Counts>>[];
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly detectable: number;
}

const armsOf = (counts: readonly Counts[], cap: number | null): readonly Arm[] =>
  cap === null
    ? counts.map(({ visitors, conversions }) => rateArm(conversions, visitors))
    : counts.map(({ visitors, conversions, sum = 0, sumOfSquares = 0 }) =>
        valueArm({ visitors, conversions, sum, sumOfSquares, cap }),
      );

describe("sequences.json", () => {
  const { vectors } = read("sequences") as { readonly vectors: readonly Compared[] };

  test.each(vectors)("$difference ($low to $high), p = $p", (vector) => {
    const { strata, cap } = vector;
    const [treatment, control] = (["variant", "control"] as const).map((side) =>
      armsOf(
        strata.map((stratum) => stratum[side]),
        cap,
      ),
    );
    const combined = combine(treatment ?? [], control ?? []);
    if (combined === undefined) throw new Error("nothing is compared");
    expectSame(combined.difference, vector.difference);
    const told = sequence(combined, vector);
    for (const key of ["low", "high", "p", "detectable"] as const)
      expectSame(told[key], vector[key]);
    expect(told.p <= 0.05).toBe(told.low > 0 || told.high < 0);
  });

  test("has rates and values, one allocation and several, verdicts and none", () => {
    const kinds = vectors.map(({ cap, strata, p }) => [cap === null, strata.length > 1, p <= 0.05]);
    expect(new Set(kinds.map((kind) => kind.join())).size).toBe(8);
  });
});
