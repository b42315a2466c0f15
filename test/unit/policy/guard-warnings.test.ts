import { expect, test } from "vitest";

import { renderIssue } from "../../../src/lib/issue.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { blueGreen, canary, ORIGIN, pathMap, weighted } from "./judge.ts";

const checks = [{ metric: "failures", maxIncrease: 1 }];
const guard = (more: object = {}) => ({ checks, ...more });
const five = (fields: object = {}) => canary({ percent: 5, ...fields });
const ramp = { startAt: "2026-12-01T09:00:00Z", steps: [{ percent: 1 }], earned: 0 };
const own = { checks: [{ metric: "failures", max: 5 }] };

/** What is odd about a valid policy, where `ops` is the only receiver. */
function told(policy: unknown): string[] {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return warningsOf(parsed.policy, "shop", ["ops"]).map(renderIssue);
}

const MISSING =
  'nothing takes this canary policy back by itself where it does harm; add "guard": {"checks": [{"metric": "failures", "maxIncrease": 1}]}';

test.each<[string, unknown, string[]]>([
  ["of a canary without a guard, with the line to paste", five(), [`$: ${MISSING}`]],
  ["of one inside a map", pathMap({ paths: { "/a": five() } }), [`$.paths["/a"]: ${MISSING}`]],
  ["not of one with a guard", five({ guard: guard() }), []],
  ["not of one that no guard could judge", five({ sticky: false }), []],
  ["not of other splits", pathMap({ paths: { "/a": weighted(), "/b": blueGreen() } }), []],
  [
    "of visitors who are never known again",
    five({ sticky: false, guard: guard() }),
    [
      '$.guard: comes to no verdict here: "sticky" is false, so nobody is known again; mend that, or take "guard" away',
    ],
  ],
  [
    "of visitors who are never known again, by a map's word",
    pathMap({ sticky: false, paths: { "/a": five({ guard: guard() }) } }),
    [
      '$.paths["/a"].guard: comes to no verdict here: "sticky" is false, so nobody is known again; mend that, or take "guard" away',
    ],
  ],
  [
    "of visitors known by address",
    five({ sticky: { by: ["ip"] }, guard: guard() }),
    [
      '$.guard: comes to no verdict here: visitors are known by address alone, which says nothing lasting; mend that, or take "guard" away',
    ],
  ],
  [
    "of nobody who is drawn",
    five({ coverage: 0, guard: guard() }),
    [
      '$.guard: comes to no verdict here: "coverage" is 0, so nobody is drawn; mend that, or take "guard" away',
    ],
  ],
  [
    "of a variant that everybody gets",
    weighted({ force: "control", guard: guard() }),
    [
      '$.guard: comes to no verdict here: "force" gives everybody one variant; mend that, or take "guard" away',
    ],
  ],
  ["not of a colour, which is judged by address too", blueGreen({ sticky: false, guard: own }), []],
  [
    "of a control without visitors",
    weighted({
      variants: [
        { name: "control", origin: ORIGIN, weight: 0 },
        { name: "treatment", origin: ORIGIN, weight: 1 },
      ],
      guard: guard(),
    }),
    [
      '$.guard: comes to no verdict here: "control", which the others are compared with, has no visitors; name a variant that has some as "control"',
    ],
  ],
  [
    "of an action that is never done",
    five({ guard: { checks: [{ metric: "srm" }] } }),
    [
      '$.guard.action: "abort" is never done here: a split that is not sound is told of, and takes nothing back; write "action": "alert", or add a check of failures, latency or a goal',
    ],
  ],
  ["not of one that is", five({ guard: { checks: [{ metric: "srm" }], action: "alert" } }), []],
  [
    "of a receiver that is none",
    five({ guard: guard({ notify: ["ops", "shop"] }) }),
    [
      '$.guard.notify[1]: nobody is told: no receiver in the secret WEBHOOKS is called "shop"; add it there, or name one that is',
    ],
  ],
  [
    "of a step that nothing earns",
    canary({ ramp, guard: guard() }),
    [
      '$.ramp.earned: "earned" does nothing here: no guard has the steps of the ramp earned; write "earn": true in "guard", or take "earned" away',
    ],
  ],
  ["not of one that is earned", canary({ ramp, guard: guard({ earn: true }) }), []],
])("a warning is given %s", (_what, policy, lines) => {
  expect(told(policy)).toEqual(lines);
});

test("receivers that nobody knows of are no reason to warn", () => {
  const parsed = parseValue(five({ guard: guard({ notify: ["shop"] }) }), {
    allowPrivateOrigins: false,
  });
  expect(parsed.ok && warningsOf(parsed.policy)).toEqual([]);
});
