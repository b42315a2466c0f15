import { describe, expect, test } from "vitest";

import { allocationOf } from "../../../../src/decide/allocation.ts";
import { Allocations } from "../../../../src/gateway/record/allocations.ts";
import { NOW } from "../../../property/arbitraries/facts.ts";
import { ready } from "../../../property/population.ts";

const HOUR_MS = 3_600_000;

const splitOf = (fields: object) => {
  const [split] = ready({
    strategy: "canary",
    stable: "https://a.example",
    canary: "https://b.example",
    ...fields,
  }).splits;
  if (split === undefined) throw new Error("the policy has a split");
  return split;
};

const ramped = () =>
  splitOf({
    ramp: {
      startAt: new Date(NOW).toISOString(),
      steps: [
        { percent: 1, holdSeconds: 3600 },
        { percent: 10, holdSeconds: 3600 },
        { percent: 100 },
      ],
    },
  });

/** Around each instant of that ramp, and far from all of them. */
const TIMES = [0, NOW, NOW + HOUR_MS, NOW + 2 * HOUR_MS, NOW + 1000 * HOUR_MS].flatMap((at) => [
  at - 1,
  at,
  at + 1,
]);

describe("the allocation in force", () => {
  test("is the one of every time, in whatever order they are asked for", () => {
    const node = ramped();
    const allocations = new Allocations();
    for (const now of [...TIMES, ...TIMES.toReversed()])
      expect(allocations.of(node, now)).toEqual(allocationOf(node, now));
  });

  test("is worked out once between two instants", () => {
    const node = ramped();
    const allocations = new Allocations();
    const first = allocations.of(node, NOW);
    expect(allocations.of(node, NOW + HOUR_MS - 1)).toBe(first);
    expect(allocations.of(node, NOW + HOUR_MS)).not.toBe(first);
  });

  test("is each node's own", () => {
    const allocations = new Allocations();
    const one = splitOf({ percent: 10 });
    const other = splitOf({ percent: 20 });
    expect(allocations.of(one, NOW).label).toBe("90/10");
    expect(allocations.of(other, NOW).label).toBe("80/20");
    expect(allocations.of(one, 0)).toBe(allocations.of(one, NOW));
  });
});
