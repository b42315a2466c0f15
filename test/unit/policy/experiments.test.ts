import { describe, expect, test } from "vitest";
import { leavesOf } from "../../../src/policy/leaves.ts";
import { ready } from "../../property/population.ts";
import { blueGreen, canary, issuesOf, ORIGIN, pathMap, single, weighted } from "./judge.ts";

const namesIn = (policy: unknown) =>
  [...leavesOf(ready(policy))].map(({ experiment }) => experiment).toSorted();

describe("the name of an experiment", () => {
  test("is its effective salt, or what the policy calls it", () => {
    expect(namesIn(weighted())).toEqual(["shop.example.com"]);
    expect(namesIn(weighted({ epoch: 2 }))).toEqual(["shop.example.com@2"]);
    expect(namesIn(weighted({ salt: "prices", epoch: 2 }))).toEqual(["prices@2"]);
    expect(namesIn(weighted({ salt: "prices", epoch: 2, experiment: "autumn" }))).toEqual([
      "autumn",
    ]);
  });

  test("is handed down by a path-map, to one split", () => {
    const one = pathMap({ experiment: "autumn", paths: { "/a": weighted(), "/b": ORIGIN } });
    expect(namesIn(one)).toContain("autumn");
    expect(issuesOf(one)).toEqual([]);
  });

  test("moves nobody", () => {
    const salts = (fields: Readonly<Record<string, unknown>>) =>
      [...leavesOf(ready(weighted(fields)))].map(({ salt }) => salt);
    expect(salts({ experiment: "autumn" })).toEqual(salts({}));
  });
});

describe("two splits of one name are an error", () => {
  const autumn = { experiment: "autumn" };
  const match = { method: "GET" };
  test.each<[string, unknown, string[]]>([
    [
      "at two prefixes",
      pathMap({ paths: { "/a": weighted(autumn), "/b": canary({ percent: 5, ...autumn }) } }),
      ['$.paths["/b"].experiment'],
    ],
    [
      "handed down to two",
      pathMap({ ...autumn, paths: { "/a": weighted(), "/b": weighted() } }),
      ['$.paths["/b"]'],
    ],
    [
      "behind a rule",
      weighted({ ...autumn, rules: [{ name: "x", match, policy: blueGreen(autumn) }] }),
      ["$.rules[0].policy.experiment"],
    ],
    [
      "at three",
      pathMap({
        paths: { "/a": weighted(autumn), "/b": weighted(autumn) },
        default: weighted(autumn),
      }),
      ['$.paths["/b"].experiment', "$.default.experiment"],
    ],
    [
      "not where one of them does not split",
      pathMap({ paths: { "/a": weighted(autumn), "/b": single(autumn) } }),
      [],
    ],
    [
      "not where they share a salt on purpose",
      pathMap({ paths: { "/a": weighted({ salt: "s" }), "/b": weighted({ salt: "s" }) } }),
      [],
    ],
  ])("%s", (_, policy, paths) => {
    expect(issuesOf(policy).map(({ path }) => path)).toEqual(paths);
  });
});
