import { describe, expect, test } from "vitest";

import { leversOf } from "../../../../src/console/pages/change/levers.ts";
import { draftOf, wantedBy, type Draft } from "../../../../src/console/pages/change/wanted.ts";
import { branchesOf } from "../../../../src/console/pages/route/tree.ts";
import type { ActionName } from "../../../../src/policy/actions/names.ts";
import type { Policy } from "../../../../src/policy/schema.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";
const NOW = Date.parse("2026-05-01T12:00:00Z");

const CANARY: Policy = { strategy: "canary", stable: A, canary: B, percent: 20 };
const MAP: Policy = { strategy: "path-map", paths: { "/store": CANARY } };
const AB: Policy = {
  strategy: "weighted",
  variants: [
    { name: "a", origin: A, weight: 50 },
    { name: "b", origin: B, weight: 50 },
  ],
};

function wanted(policy: Policy, name: ActionName, touched: Partial<Draft>, at = 0) {
  const branch = branchesOf(policy, "k")[at];
  if (branch === undefined) throw new Error("there is no such branch");
  return wantedBy(policy, branch, name, { ...draftOf(branch, NOW), ...touched });
}

describe("what a form says", () => {
  test("a percent above the one there is promotes, the same one is nothing, a lower one is a policy", () => {
    expect(wanted(CANARY, "promote", { percent: 25 })).toEqual({
      kind: "action",
      name: "promote",
      parameters: { to: 25 },
    });
    expect(wanted(CANARY, "promote", {})).toBeUndefined();
    expect(wanted(CANARY, "promote", { percent: 10 })).toEqual({
      kind: "put",
      policy: { ...CANARY, percent: 10 },
    });
  });

  test("a branch is named, and a lower percent leaves all beside it", () => {
    expect(wanted(MAP, "abort", {}, 1)).toMatchObject({ parameters: { node: "/paths/~1store" } });
    expect(wanted(MAP, "promote", { percent: 5 }, 1)).toMatchObject({
      policy: { strategy: "path-map", paths: { "/store": { percent: 5 } } },
    });
  });

  test("only weights that were touched are sent", () => {
    expect(wanted(AB, "weights", { weights: { a: 50, b: 20 } })).toMatchObject({
      parameters: { weights: { b: 20 } },
    });
    expect(wanted(AB, "weights", {})).toBeUndefined();
  });

  test("hours and minutes are seconds", () => {
    expect(wanted(CANARY, "renew", { hours: 1.5 })).toMatchObject({
      parameters: { seconds: 5400 },
    });
    const colours: Policy = { strategy: "blue-green", blue: A, green: B, active: "blue" };
    expect(wanted(colours, "switch", { drainMinutes: 2, when: "now" })).toMatchObject({
      parameters: { at: "now", drainSeconds: 120 },
    });
    expect(wanted(colours, "switch", {})).toMatchObject({ parameters: {} });
  });
});

test("levers with nothing to do are not offered", () => {
  const [branch] = branchesOf(CANARY, "k");
  expect(branch && leversOf(branch, NOW)).toEqual(["promote", "abort", "renew", "force"]);
  const forced: Policy = { ...CANARY, percent: 0, force: "stable" };
  const [other] = branchesOf(forced, "k");
  expect(other && leversOf(other, NOW)).toEqual(["promote", "renew", "force", "unforce"]);
});
