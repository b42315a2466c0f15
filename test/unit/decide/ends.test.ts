import { describe, expect, test } from "vitest";
import { decide } from "../../../src/decide/decide.ts";
import type { End } from "../../../src/decide/outcome.ts";
import { factsFrom, type Scene } from "../../property/arbitraries/facts.ts";
import { population, ready } from "../../property/population.ts";
import { ORIGIN, pathMap, weighted } from "../policy/judge.ts";
import { ENDS } from "./ends.ts";

const SCENE: Scene = { headers: { "x-a": "1" }, country: "DE" };

describe.each(Object.entries(ENDS))("%s", (_, { make, outcome }) => {
  const decided = (policy: unknown, scene: Scene = {}) => decide(ready(policy), factsFrom(scene));

  test("answers everybody alike, and asks nobody who they are", () => {
    const policy = ready(make());
    const [first, ...others] = population(50).map((draw) => decide(policy, factsFrom({ draw })));
    expect(first).toMatchObject({ ...outcome, matchedPrefix: "", ledBy: undefined });
    for (const one of others) expect(one).toStrictEqual(first);
    expect(
      decided(make(), { bot: true, method: "POST", override: { ok: true, variant: "x" } }),
    ).toEqual(decided(make()));
    expect(policy).toMatchObject({ overridable: false, cookieNames: [] });
  });

  test("its rules go ahead, and lead to policies", () => {
    const policy = make({ ...make(), rules: [{ match: { method: "POST" }, policy: ORIGIN }] });
    expect(decided(policy, { method: "POST" })).toMatchObject({ do: "forward", reason: "only" });
    expect(decided(policy)).toMatchObject(outcome);
  });

  test("stands wherever a policy may: root, prefix, default, a rule of a split and of a map", () => {
    const match = { path: "/x/*" };
    const places: readonly (readonly [unknown, string, string, string | undefined])[] = [
      [make(), "/x/y", "", undefined],
      [pathMap({ paths: { "/x": make() } }), "/x/y", "/x", undefined],
      [pathMap({ paths: { "=/x/y": make() } }), "/x/y", "/x/y", undefined],
      [pathMap({ paths: { "/z": ORIGIN }, default: make() }), "/x/y", "", undefined],
      [weighted({ rules: [{ name: "old", match, policy: make() }] }), "/x/y", "/x", "old"],
      [pathMap({ rules: [{ match, policy: make() }] }), "/x/y", "/x", ""],
      [
        pathMap({ paths: { "/x": pathMap({ paths: { "/y": make() }, stripPrefix: true }) } }),
        "/x/y",
        "/x/y",
        undefined,
      ],
    ];
    for (const [policy, path, matchedPrefix, ledBy] of places)
      expect(decided(policy, { path })).toMatchObject({ ...outcome, matchedPrefix, ledBy });
  });

  test("under a path-map it has the response headers and the cors from there, and nothing else", () => {
    const map = pathMap({
      headers: { request: { set: { "x-a": "1" } }, response: { set: { "x-b": "2" } } },
      cors: { origins: ["*"] },
      sticky: { by: ["ip"] },
      bots: "split",
      timeoutMs: 5,
      mirror: { origin: ORIGIN, percent: 100 },
      consent: { cookie: "c" },
      paths: { "/a": make(), "/b": make({ ...make(), headers: {} }) },
    });
    const at = (path: string) => (decided(map, { path }) as End).node;
    expect(at("/a").headers.response).toEqual([{ kind: "set", name: "x-b", value: "2" }]);
    expect(at("/b").headers.response).toEqual([]);
    expect([at("/a").cors?.maxAge, at("/b").cors]).toEqual(["5", at("/a").cors]);
    expect(Object.keys(at("/a")).toSorted()).toEqual(
      ["cacheKey", "cors", "ending", "headers", "kind", "rules", "strategy"].toSorted(),
    );
  });

  test("tells caches what led to it", () => {
    const ruled = (match: object) =>
      (decided(pathMap({ rules: [{ match, policy: make() }] }), SCENE) as End).node.cacheKey;
    expect(ruled({ header: { "x-a": "1" } })).toEqual({ vary: ["x-a"], unshareable: false });
    expect(ruled({ country: "DE" })).toEqual({ vary: [], unshareable: true });
  });
});
