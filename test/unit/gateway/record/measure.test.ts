import { expect, test } from "vitest";
import { Measure, type Answered } from "../../../../src/gateway/record/measure.ts";
import type { RouteTally } from "../../../../src/gateway/record/route-tally.ts";
import { workerPlatform } from "../../../../src/gateway/platform.ts";

/** A tally that takes nothing, and so breaks whoever counts in it. */
const broken = {
  ended: () => {
    throw new Error("a count that cannot be kept");
  },
} as unknown as RouteTally;

const answered = {
  route: { policy: { goals: [] } },
  facts: {},
  status: 302,
  done: "redirect",
} as unknown as Answered;

test("a count that fails takes nobody's answer away, and is logged once for many", () => {
  const logged: unknown[] = [];
  const measure = new Measure(undefined, {
    ...workerPlatform,
    now: () => 1_800_000_000_000,
    log: (...line) => logged.push(line),
  });
  for (let n = 0; n < 100; n += 1) expect(measure.count(broken, answered)).toBe(false);
  expect(logged).toEqual([
    [
      "error",
      "a request could not be counted",
      expect.objectContaining({ error: "Error: a count that cannot be kept" }),
    ],
  ]);
});
