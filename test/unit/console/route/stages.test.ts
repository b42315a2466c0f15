import { expect, test } from "vitest";

import { stagesOf } from "../../../../src/policy/stages.ts";
import { branchesOf } from "../../../../src/console/pages/route/tree.ts";
import { laidOut } from "../../../../src/console/pages/route/laid-out.ts";
import type { Policy } from "../../../../src/policy/schema.ts";

const AT = Date.parse("2026-05-01T12:00:00Z");
const A = "https://a.example.com";
const B = "https://b.example.com";

function stages(policy: Policy, now: number) {
  const [branch] = branchesOf(policy, "k.example.com");
  if (branch?.leaf === undefined) throw new Error("a split has a leaf");
  return stagesOf(branch.leaf, now);
}

const ramp = (more: object = {}): Policy => ({
  strategy: "canary",
  stable: A,
  canary: B,
  ramp: {
    startAt: "2026-05-01T12:00:00Z",
    steps: [{ percent: 5, holdSeconds: 600 }, { percent: 25, holdSeconds: 600 }, { percent: 100 }],
    ...more,
  },
});

test("a split that the clock does not change has none", () => {
  expect(stages({ strategy: "canary", stable: A, canary: B, percent: 5 }, AT)).toBeUndefined();
});

test("a ramp is what came before it and a stage for each step, of which one is now", () => {
  const told = stages(ramp(), AT + 700_000);
  expect(told?.list.map(({ from, shares }) => [from, shares[1]])).toEqual([
    [undefined, 0],
    [AT, 0.05],
    [AT + 600_000, 0.25],
    [AT + 1_200_000, 1],
  ]);
  expect(told?.current).toBe(2);
  expect(told?.waiting).toEqual([]);
});

test("steps behind a pause wait", () => {
  const told = stages(ramp({ pausedAt: "2026-05-01T12:05:00Z" }), AT + 700_000);
  expect(told).toMatchObject({ pausedAt: AT + 300_000, waiting: [25, 100], current: 1 });
});

test("a cut-over is two stages, and the end of its drain changes nothing for newcomers", () => {
  const next = { active: "green", at: "2026-05-01T12:00:00Z", drainSeconds: 60 } as const;
  const told = stages({ strategy: "blue-green", blue: A, green: B, active: "blue", next }, AT - 1);
  expect(told?.list.map(({ from, shares }) => [from, ...shares])).toEqual([
    [undefined, 1, 0],
    [AT, 0, 1],
  ]);
  expect(told?.current).toBe(0);
});

test.each([
  ["before it all", -1000, 0, 0.12],
  ["within", 1_200_000, 0.12, 0.88],
  ["after it all", 9_000_000, 0.88, 1],
])("now lies %s", (_, after, least, most) => {
  const told = stages(ramp(), AT + after);
  const place = laidOut(told ?? { list: [] }, AT + after).now;
  expect(place).toBeGreaterThanOrEqual(least);
  expect(place).toBeLessThanOrEqual(most);
});

test("stages fill the line from end to end", () => {
  const { drawn } = laidOut(stages(ramp(), AT) ?? { list: [] }, AT);
  expect(drawn[0]?.left).toBe(0);
  const ends = drawn.map(({ left, width }) => left + width);
  expect(drawn.slice(1).map(({ left }) => left)).toEqual(ends.slice(0, -1));
  expect(ends.at(-1)).toBeCloseTo(1);
});
