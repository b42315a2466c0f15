import { describe, expect, test } from "vitest";

import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { blueGreen, guarded as five, ORIGIN, pathMap, single, weighted } from "./judge.ts";

/** What is odd about a valid policy. */
function told(policy: unknown) {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return warningsOf(parsed.policy, "shop.example.com");
}

describe("a warning is given of what cannot be measured", () => {
  const below = (key: string, policy: unknown, fields: object = {}) =>
    pathMap({ paths: { [key]: policy }, ...fields });
  const one = [{ name: "only", origin: ORIGIN, weight: 1 }];
  const done = { name: "purchase", match: { path: "/done" } };
  const every = { count: "every" };
  const EVERY = "$.goals[0].count";

  test.each<[string, unknown, string[]]>([
    ["for goals without a split", single({ goals: [done] }), ["$.goals"]],
    ["for goals of a split of one", weighted({ variants: one, goals: [done] }), ["$.goals"]],
    ["for goals where nothing is parted", below("/a", ORIGIN, { goals: [done] }), ["$.goals"]],
    ["not for goals that are empty", single({ goals: [] }), []],
    ["not for goals of a split", five({ goals: [done] }), []],
    ["not for goals of a colour", blueGreen({ goals: [done] }), []],
    ["not for goals of a split further in", below("/a", five(), { goals: [done] }), []],
    [
      "not for goals of a split behind a rule",
      single({ goals: [done], rules: [{ name: "x", match: { bot: true }, policy: five() }] }),
      [],
    ],
    ["for every time without a cap", five({ goals: [{ ...done, ...every }] }), [EVERY]],
    [
      "for every time of the origin without a cap",
      five({ goals: [{ name: "a", from: "origin", ...every }] }),
      [EVERY],
    ],
    ["not for every time with a cap", five({ goals: [{ ...done, ...every, cap: 1 }] }), []],
    ["for a cap on what counts 1 once", five({ goals: [{ ...done, cap: 5 }] }), ["$.goals[0].cap"]],
    [
      "not for a cap on what the origin says once",
      five({ goals: [{ name: "a", from: "origin", cap: 5 }] }),
      [],
    ],
    [
      "for visitorHeader where every visit is a draw",
      weighted({ sticky: false, visitorHeader: true }),
      ["$.visitorHeader"],
    ],
    [
      "for visitorHeader where addresses name",
      weighted({ sticky: { by: ["ip"] }, visitorHeader: true }),
      ["$.visitorHeader"],
    ],
    [
      "for visitorHeader under what a map hands down",
      below("/a", weighted({ visitorHeader: true }), { sticky: false }),
      ['$.paths["/a"].visitorHeader'],
    ],
    ["not for visitorHeader that is false", weighted({ sticky: false, visitorHeader: false }), []],
    ["not for visitorHeader of a split", five({ visitorHeader: true }), []],
    ["not for visitorHeader of a single", single({ visitorHeader: true }), []],
    [
      "not for stickiness that visitorHeader asks for",
      single({ sticky: { by: [{ header: "x-user" }] }, visitorHeader: true }),
      [],
    ],
    [
      "not for stickiness that an inherited visitorHeader asks for",
      below("/a", single({ sticky: { by: [{ query: "uid" }] } }), { visitorHeader: true }),
      [],
    ],
  ])("%s", (_, policy, paths) => {
    expect(told(policy).map(({ path }) => path)).toEqual(paths);
    for (const { message, fix } of told(policy)) {
      expect(message).toContain("does nothing here");
      expect(fix).toMatch(/take "\w+" away/);
    }
  });
});
