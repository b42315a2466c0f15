import { describe, expect, test } from "vitest";

import type { Bounds, Room } from "../../../../src/gateway/record/bounds.ts";
import type { Outcome } from "../../../../src/gateway/record/row.ts";
import { SplitTally } from "../../../../src/gateway/record/split-tally.ts";
import type { VariantCounts } from "../../../../src/report/measured.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `v${index}`);

const ALLOCATION = {
  id: "1",
  label: "",
  shares: Object.fromEntries(NAMES.map((name) => [name, 1 / NAMES.length])),
};

const OUTCOME: Outcome = {
  reason: "split",
  counted: true,
  status: 200,
  ms: 5,
  failure: undefined,
  isRescued: false,
};

function tally() {
  const bounds: Bounds = { rows: 0, goals: 0, visitors: 0, watched: 0 };
  return { bounds, split: new SplitTally("shop", "shop", ALLOCATION, bounds) };
}

const roomOf = (chars: number): Room => ({
  chars,
  visitors: 100,
  goals: 100,
  watched: 100,
  share: 1,
  watchedShare: 1,
});

/** Characters that hold the split's frame and some of its variants. */
const SOME = 1500;

describe("a split's counts", () => {
  test("that find no room wait, and are told once", () => {
    const { split, bounds } = tally();
    for (const minute of [1, 2]) for (const name of NAMES) split.count(minute, name, OUTCOME);
    const told: VariantCounts[] = [];
    let reports = 0;
    for (; !split.isEmpty; reports += 1) {
      const room = roomOf(SOME);
      const sent = split.take(room);
      expect(JSON.stringify(sent).length).toBeLessThanOrEqual(SOME);
      told.push(...(sent?.minutes ?? []).flatMap(({ variants }) => variants));
    }
    expect(reports).toBeGreaterThan(2);
    expect(told.map(({ variant }) => variant).toSorted()).toEqual([...NAMES, ...NAMES].toSorted());
    expect(told.every(({ counted }) => counted?.requests === 1)).toBe(true);
    expect(bounds.rows).toBe(0);
  });

  test("wait whole where there is no room at all", () => {
    const { split } = tally();
    split.count(1, "v0", OUTCOME);
    expect(split.take(roomOf(10))).toBeUndefined();
    expect(split.take(roomOf(SOME))?.minutes).toHaveLength(1);
    expect(split.isEmpty).toBe(true);
  });

  test("of a connection that changed its protocol are of no class", () => {
    const { split } = tally();
    split.count(1, "v0", { ...OUTCOME, status: 101 });
    const [minute] = split.take(roomOf(SOME))?.minutes ?? [];
    expect(minute?.variants[0]?.counted).toEqual({
      requests: 1,
      status: [0, 0, 0, 0],
      latency: [expect.any(Number), 1],
    });
  });

  test("of a variant that nobody knows are nobody's", () => {
    const { split } = tally();
    split.count(1, "other", OUTCOME);
    expect(split.take(roomOf(SOME))?.minutes).toEqual([]);
    expect(split.isEmpty).toBe(true);
  });
});
