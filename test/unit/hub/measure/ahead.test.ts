import { expect, test } from "vitest";

import { aheadOf } from "../../../../src/hub/measure/ahead.ts";
import { compile } from "../../../../src/policy/compile.ts";
import type { Policy } from "../../../../src/policy/schema.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";

const START = "2026-05-01T12:00:00.000Z";
const AT = Date.parse(START);
const minutes = (count: number) => AT + count * 60_000;
const text = (count: number) => new Date(minutes(count)).toISOString();

function ahead(policy: Policy, now: number) {
  const [split] = compile(policy, "k.example.com").splits;
  if (split === undefined) throw new Error("the policy has a split");
  return aheadOf(split, now);
}

const ramp = (more: object = {}, fields: object = {}): Policy => ({
  strategy: "canary",
  stable: A,
  canary: B,
  ramp: {
    startAt: START,
    steps: [{ percent: 5, holdSeconds: 600 }, { percent: 25, holdSeconds: 600 }, { percent: 100 }],
    ...more,
  },
  ...fields,
});

const EARN = {
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true },
};

const next = (count: number, percent: number) => ({
  next: { at: text(count), shares: { stable: 1 - percent / 100, canary: percent / 100 } },
});

const at = (state: string, begun: number) => ({ ramp: { state, begun, steps: 3 } });

test("a split that the clock does not change has nothing ahead", () => {
  expect(ahead({ strategy: "canary", stable: A, canary: B, percent: 5 }, AT)).toEqual({});
});

test.each([
  ["before its start", -1, { ...at("scheduled", 0), ...next(0, 5) }],
  ["from its start on", 0, { ...at("running", 1), ...next(10, 25) }],
  ["a moment before a step", 10 - 1 / 60_000, { ...at("running", 1), ...next(10, 25) }],
  ["from that step on", 10, { ...at("running", 2), ...next(20, 100) }],
  ["at its last step", 20, at("done", 3)],
])("a ramp %s", (_, minute, told) => {
  expect(ahead(ramp(), minutes(minute))).toEqual(told);
});

test("a ramp stands from its pause on, and says so of a pause to come only then", () => {
  const paused = ramp({ pausedAt: text(15) });
  expect(ahead(paused, minutes(5))).toEqual({ ...at("running", 1), ...next(10, 25) });
  expect(ahead(paused, minutes(15) - 1)).toEqual(at("running", 2));
  expect(ahead(paused, minutes(15))).toEqual(at("paused", 2));
  expect(ahead(paused, minutes(90))).toEqual(at("paused", 2));
  expect(ahead(ramp({ pausedAt: text(-5) }), AT)).toEqual(at("paused", 0));
  // Behind its last step it has nothing to stop.
  expect(ahead(ramp({ pausedAt: text(25) }), minutes(30))).toEqual(at("done", 3));
});

test("a ramp whose steps are earned waits at the one that it was granted", () => {
  expect(ahead(ramp({}, EARN), minutes(-1))).toEqual({ ...at("scheduled", 0), ...next(0, 5) });
  expect(ahead(ramp({}, EARN), AT)).toEqual(at("waiting", 1));
  const granted = ramp({ earned: 1 }, EARN);
  expect(ahead(granted, minutes(9))).toEqual({ ...at("running", 1), ...next(10, 25) });
  expect(ahead(granted, minutes(500))).toEqual(at("waiting", 2));
  expect(ahead(ramp({ earned: 2 }, EARN), minutes(500))).toEqual(at("done", 3));
  // A grant does not end a pause.
  expect(ahead(ramp({ pausedAt: text(1) }, EARN), minutes(2))).toEqual(at("paused", 1));
});

test("a lease ends whatever a ramp has left, and nothing comes after it", () => {
  const leased = ramp({ pausedAt: text(5) }, { lease: { until: text(15) } });
  expect(ahead(leased, minutes(6))).toEqual({ ...at("paused", 1), ...next(15, 0) });
  expect(ahead(leased, minutes(15))).toEqual({});
});

test("a cut-over is ahead until it comes, and the end of its drain changes nothing for newcomers", () => {
  const cutOver: Policy = {
    strategy: "blue-green",
    blue: A,
    green: B,
    active: "blue",
    next: { active: "green", at: START, drainSeconds: 600 },
  };
  expect(ahead(cutOver, AT - 1)).toEqual({
    next: { at: START, shares: { blue: 0, green: 1 } },
  });
  expect(ahead(cutOver, AT)).toEqual({});
});

test("where everybody is forced to a variant, the clock changes nothing", () => {
  expect(ahead(ramp({}, { force: "stable" }), minutes(5))).toEqual({});
});
