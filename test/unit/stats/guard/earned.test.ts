import { describe, expect, test } from "vitest";
import { logEvidenceBelow, upperBound } from "../../../../src/stats/guard/difference.ts";
import { earned } from "../../../../src/stats/guard/earned.ts";
import type { EarnData } from "../../../../src/stats/guard/types.ts";

type Counts = readonly [failed: number, visitors: number];

function told([failed, visitors]: Counts, control: Counts, part: Partial<EarnData> = {}) {
  return earned({
    minVisitors: 10,
    maxIncrease: 1,
    canary: { visitors, failed },
    control: { visitors: control[1], failed: control[0] },
    ...part,
  });
}

describe("a step", () => {
  test("of a canary without a failure is earned by some 430 visitors", () => {
    expect(told([0, 442], [0, 3978]).earned).toBe(false);
    expect(told([0, 443], [0, 3987])).toEqual({
      earned: true,
      evidence:
        "0 of 443 visitors of the canary had a failure, and 0 of 3 987 of the control: at most 1.00 points more, below the limit of 1.",
    });
  });

  test("is not earned by nobody, or by fewer than are wanted", () => {
    expect(told([0, 0], [0, 0])).toEqual({
      earned: false,
      missing:
        "The step needs about 430 more visitors of the canary, 10 are wanted at least; 0 of 0 visitors of the canary had a failure, and 0 of 0 of the control so far.",
    });
    expect(told([0, 2000], [0, 9000], { minVisitors: 2001 }).earned).toBe(false);
    expect(told([0, 2001], [0, 9000], { minVisitors: 2001 }).earned).toBe(true);
  });

  test("says how many more visitors it takes as it goes", () => {
    expect(told([10, 1000], [90, 9000])).toEqual({
      earned: false,
      missing:
        "The step needs about 1 300 more visitors of the canary, so that its failures are surely less than 1 points above the control's; 10 (1.00 %) of 1 000 visitors of the canary had a failure, and 90 (1.00 %) of 9 000 of the control so far.",
    });
    expect(told([23, 2300], [207, 20_700]).earned).toBe(true);
  });

  test("is not earned by a canary that is worse by what is allowed, however many come", () => {
    const worse = told([200, 10_000], [900, 90_000]);
    expect(worse).toMatchObject({ earned: false });
    expect(JSON.stringify(worse)).toContain("no number of visitors");
    expect(told([200_000, 10_000_000], [100_000, 10_000_000]).earned).toBe(false);
    expect(told([190_000, 10_000_000], [100_000, 10_000_000]).earned).toBe(true);
  });

  test("takes more of a sample that was halved", () => {
    expect(told([0, 460], [0, 3978]).earned).toBe(true);
    expect(told([0, 460], [0, 3978], { halvings: 1 }).earned).toBe(false);
    expect(told([0, 1000], [0, 9000], { halvings: 1 }).earned).toBe(true);
  });

  test("can be earned by a canary that has to be better", () => {
    expect(told([0, 1000], [0, 9000], { maxIncrease: 0 }).earned).toBe(false);
    expect(told([0, 1000], [500, 9000], { maxIncrease: 0 }).earned).toBe(true);
  });
});

describe("the bound of a difference", () => {
  test("is where the evidence is 1 / alpha", () => {
    const [canary, control] = [
      { visitors: 800, failed: 3 },
      { visitors: 5000, failed: 11 },
    ];
    const bound = upperBound(canary, control, 0.01, 0.05);
    expect(Math.exp(logEvidenceBelow(canary, control, bound, 0.01))).toBeCloseTo(20, 6);
    expect(bound).toBeGreaterThan(3 / 800 - 11 / 5000);
  });

  test("is near the difference with ten million visitors", () => {
    const many = { visitors: 1e7, failed: 1e5 };
    expect(upperBound(many, many, 0.01, 0.05)).toBeLessThan(0.0003);
    expect(upperBound(many, { visitors: 1e7, failed: 0 }, 0.01, 0.05)).toBeCloseTo(0.01, 3);
  });

  test("is all there is without visitors", () => {
    const nobody = { visitors: 0, failed: 0 };
    expect(upperBound(nobody, nobody, 0.01, 0.05)).toBe(1);
  });
});
