import { describe, expect, test } from "vitest";

import { wayBack } from "../../../../src/console/pages/change/way-back.ts";
import { act } from "../../../../src/policy/actions/act.ts";
import type { Action } from "../../../../src/policy/actions/index.ts";
import type { Policy } from "../../../../src/policy/schema.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";
const NOW = Date.parse("2026-05-01T12:00:00Z");
const SOON_MS = 10_000;

const CANARY: Policy = { strategy: "canary", stable: A, canary: B, percent: 20 };
const RAMPED: Policy = {
  strategy: "canary",
  stable: A,
  canary: B,
  ramp: {
    startAt: "2026-05-01T11:30:00Z",
    steps: [{ percent: 5, holdSeconds: 3600 }, { percent: 100 }],
  },
};
const AB: Policy = {
  strategy: "weighted",
  variants: [
    { name: "a", origin: A, weight: 70 },
    { name: "b", origin: B, weight: 30 },
  ],
};
const COLOURS: Policy = { strategy: "blue-green", blue: A, green: B, active: "blue" };
const MAP: Policy = { strategy: "path-map", paths: { "/store": CANARY } };

/** What undoes an action a moment later. */
function back(before: Policy, action: Action) {
  const done = act(before, action, { now: NOW, propagationMs: 5_000 });
  if (!done.ok) throw new Error(done.error.message);
  return wayBack(
    {
      pointer: action.node ?? "",
      before: { policy: before, at: NOW - SOON_MS, action: "put" },
      after: { policy: done.value.policy, at: NOW, action: action.name },
    },
    NOW + 1_000,
  );
}

describe("what an action did is undone by an action", () => {
  test.each<readonly [string, Policy, Action, object]>([
    ["an abort", CANARY, { name: "abort" }, { name: "promote", parameters: { to: 20 } }],
    [
      "a first percent",
      { ...CANARY, percent: 0 },
      { name: "promote", to: 5 },
      { name: "abort", parameters: {} },
    ],
    [
      "weights",
      AB,
      { name: "weights", weights: { a: 1 } },
      { name: "weights", parameters: { weights: { a: 70, b: 30 } } },
    ],
    ["a force", CANARY, { name: "force", variant: "canary" }, { name: "unforce", parameters: {} }],
    [
      "another force",
      { ...CANARY, force: "stable" },
      { name: "force", variant: "canary" },
      { name: "force", parameters: { variant: "stable" } },
    ],
    [
      "the end of one",
      { ...CANARY, force: "stable" },
      { name: "unforce" },
      { name: "force", parameters: { variant: "stable" } },
    ],
    [
      "a pause that has stopped nothing yet",
      RAMPED,
      { name: "pause" },
      { name: "resume", parameters: {} },
    ],
    ["a cut-over to come", COLOURS, { name: "switch" }, { name: "switch-back", parameters: {} }],
    ["a cut-over", COLOURS, { name: "switch", at: "now" }, { name: "switch-back", parameters: {} }],
    [
      "one of a part",
      MAP,
      { name: "abort", node: "/paths/~1store" },
      { name: "promote", parameters: { node: "/paths/~1store", to: 20 } },
    ],
  ])("%s", (_, before, action, way) => {
    expect(back(before, action)).toEqual(way);
  });
});

describe("nothing undoes", () => {
  test.each<readonly [string, Policy, Action]>([
    ["a raise from what some had", CANARY, { name: "promote", to: 50 }],
    ["an abort of a ramp", RAMPED, { name: "abort" }],
    ["a step of a ramp", RAMPED, { name: "promote" }],
    ["an abort that takes pins away", { ...CANARY, sticky: { mode: "pin" } }, { name: "abort" }],
    [
      "a renewal",
      { ...CANARY, lease: { until: "2026-05-01T13:00:00Z" } },
      { name: "renew", seconds: 7200 },
    ],
  ])("%s: no action gives just what was there", (_, before, action) => {
    expect(back(before, action)).toBeUndefined();
  });
});
