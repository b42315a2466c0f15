import { describe, expect, test } from "vitest";

import { renderIssue } from "../../../src/lib/issue.ts";
import {
  blueGreen,
  canary,
  issuesOf,
  ORIGIN,
  pathMap,
  pathsOf,
  redirect,
  respond,
  single,
  weighted,
} from "./judge.ts";

const failures = { metric: "failures", maxIncrease: 1 };
const max = { metric: "failures", max: 2 };
const guard = (more: object = {}) => ({ checks: [failures], ...more });
const goals = [{ name: "purchase", from: "origin" }];
const steps = [{ percent: 1, holdSeconds: 60 }, { percent: 10, holdSeconds: 60 }, { percent: 100 }];
const ramp = (more: object = {}) => ({ startAt: "2026-12-01T09:00:00Z", steps, ...more });
const lines = (value: unknown) => issuesOf(value).map(renderIssue);

describe("a guard that fits", () => {
  test.each<[string, unknown]>([
    ["a canary", canary({ percent: 5, guard: guard() })],
    ["a canary inside a map", pathMap({ paths: { "/a": canary({ percent: 5, guard: guard() }) } })],
    [
      "a ramp",
      canary({ ramp: ramp({ earned: 2 }), guard: guard({ earn: true, action: "pause" }) }),
    ],
    ["stable as control", canary({ percent: 5, guard: guard({ control: "stable" }) })],
    ["a weighted split", weighted({ guard: guard({ control: "treatment" }) })],
    ["a colour by its own limits", blueGreen({ guard: { checks: [max], action: "switch-back" } })],
    [
      "a goal of the root",
      pathMap({
        goals,
        paths: {
          "/a": weighted({
            guard: { checks: [{ metric: "goal", goal: "purchase", maxDrop: 5 }] },
          }),
        },
      }),
    ],
  ])("%s", (_what, value) => {
    expect(lines(value)).toEqual([]);
  });
});

describe("a guard that does not fit says where, why and what to write", () => {
  const goal = (name: string, more: object = {}) =>
    weighted({ guard: { checks: [{ metric: "goal", goal: name, maxDrop: 5 }] }, ...more });

  test.each<[unknown, string]>([
    [
      canary({ percent: 5, guard: guard({ action: "switch-back" }) }),
      '$.guard.action: "switch-back" does not fit a canary policy; use one of: abort, pause, force-control, alert',
    ],
    [
      weighted({ guard: guard({ action: "abort" }) }),
      '$.guard.action: "abort" does not fit a weighted policy; use one of: force-control, alert',
    ],
    [
      canary({ percent: 5, guard: guard({ action: "pause" }) }),
      '$.guard.action: pauses a ramp, and this policy has none: a fixed percent stands still; add a "ramp", or use one of: abort, force-control, alert',
    ],
    [
      single({ guard: guard() }),
      '$.guard: guards nothing: this single policy has one variant, and no other to go back to; take "guard" away, or put it on a canary, weighted or blue-green policy',
    ],
    [
      weighted({
        variants: [{ name: "control", origin: ORIGIN, weight: 1 }],
        guard: guard(),
      }),
      '$.guard: guards nothing: this weighted policy has one variant, and no other to go back to; take "guard" away, or put it on a canary, weighted or blue-green policy',
    ],
    ...[failures, { metric: "srm" }, { metric: "latency", quantile: 0.5, maxIncrease: 5 }].map(
      (check): [unknown, string] => [
        blueGreen({ guard: { checks: [max, check] } }),
        '$.guard.checks[1]: compares variants, and a blue-green policy serves one at a time; use a limit of its own: "max" of failures, or "maxMs" of latency',
      ],
    ),
    [
      goal("purchsae", { goals }),
      '$.guard.checks[0].goal: "purchsae" is not a goal of this route; did you mean "purchase"?',
    ],
    [
      goal("revenue", { goals }),
      '$.guard.checks[0].goal: "revenue" is not a goal of this route; use one of: purchase',
    ],
    [
      goal("revenue"),
      '$.guard.checks[0].goal: "revenue" is not a goal of this route; declare it in "goals" of the root policy',
    ],
    [
      canary({ percent: 5, guard: guard({ earn: true }) }),
      '$.guard.earn: earns the steps of a ramp, and this policy has none; add a "ramp" to a canary, or take "earn" away',
    ],
    [
      weighted({ guard: guard({ earn: true }) }),
      '$.guard.earn: earns the steps of a ramp, and this policy has none; add a "ramp" to a canary, or take "earn" away',
    ],
    [
      canary({ ramp: ramp(), guard: { checks: [max], earn: true } }),
      '$.guard.earn: needs a limit by which a step is earned; add the check {"metric": "failures", "maxIncrease": 1}',
    ],
    [
      canary({ ramp: ramp({ earned: 3 }), guard: guard({ earn: true }) }),
      "$.ramp.earned: names the step with the index 3, and the last one has 2; take it away: the server writes which step was earned",
    ],
    [
      canary({ percent: 5, guard: guard({ control: "stabel" }) }),
      '$.guard.control: "stabel" is not a variant of this policy; did you mean "stable"?',
    ],
    [
      canary({ percent: 5, guard: guard({ control: "canary" }) }),
      '$.guard.control: "canary" cannot be the control of this canary policy; use one that has visitors and is not what goes back: stable',
    ],
    [
      weighted({
        variants: [
          { name: "control", origin: ORIGIN, weight: 0 },
          { name: "treatment", origin: ORIGIN, weight: 1 },
        ],
        guard: guard({ control: "control" }),
      }),
      '$.guard.control: "control" cannot be the control of this weighted policy; use one that has visitors and is not what goes back: treatment',
    ],
    [
      blueGreen({ guard: { checks: [max], control: "blue" } }),
      '$.guard.control: the control of a blue-green policy is the variant before the last change; take "control" away',
    ],
    [
      canary({ percent: 5, guard: guard({ notify: ["ops", "shop", "ops"] }) }),
      '$.guard.notify[2]: "ops" is named twice; name each receiver once',
    ],
  ])("%j", (value, line) => {
    expect(lines(value)).toEqual([line]);
  });

  test.each([
    ["a path-map", pathMap({ guard: guard() })],
    ["a redirect", redirect({ host: "www.example.com", guard: guard() })],
    ["an answer", respond({ guard: guard() })],
  ])("it stands on no %s", (_what, value) => {
    expect(pathsOf(value)).toEqual(["$.guard"]);
  });

  test("of a shape that is wrong elsewhere, and in lists far too long, without falling over", () => {
    expect(
      pathsOf(
        weighted({
          variants: 7,
          goals: 7,
          guard: { checks: [7, { metric: "goal", goal: 7 }], notify: 7, action: 7, control: 7 },
        }),
      ),
    ).toContain("$.guard.notify");
    const notify = Array.from({ length: 100_000 }, () => "ops");
    expect(pathsOf(canary({ percent: 5, guard: guard({ notify }) }))).toContain("$.guard.notify");
  });
});
