import { describe, expect, test } from "vitest";
import { decide } from "../../../src/decide/decide.ts";
import { explain } from "../../../src/decide/explain.ts";
import { factsFrom, type Scene } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { canary, ORIGIN, pathMap, redirect, respond, single } from "../policy/judge.ts";

const cors = { origins: ["https://www.foo.com"] };
const PREFLIGHT: Scene = {
  method: "OPTIONS",
  headers: { origin: "https://www.foo.com", "access-control-request-method": "PUT" },
};

describe("a preflight", () => {
  test.each([
    canary({ percent: 50, cors, force: "canary" }),
    canary({ percent: 50, cors, sticky: { mode: "pin" }, bots: "stable" }),
    single({ cors, rules: [{ match: { method: "OPTIONS" }, policy: ORIGIN }] }),
    single({ cors, consent: { cookie: "c" } }),
    redirect({ host: "b.example", cors }),
    respond({ cors, rules: [{ match: { method: "OPTIONS" }, policy: ORIGIN }] }),
    pathMap({ cors, default: canary({ percent: 50 }) }),
  ])("is answered ahead of all else, and decides on nobody: %j", (policy) => {
    const outcome = decide(ready(policy), factsFrom(PREFLIGHT));
    expect(outcome).toMatchObject({ do: "preflight", cors: { maxAge: "5" } });
    const { summary, steps } = explain(ready(policy), factsFrom(PREFLIGHT));
    expect(summary).toMatch(/^preflight: answered with 204/);
    expect(steps.at(-1)).toEqual({ step: "cors", outcome: "a preflight" });
  });

  test("of anybody's pages is answered: what it may is another question", () => {
    const headers = { ...PREFLIGHT.headers, origin: "https://evil.example" };
    expect(decide(ready(single({ cors })), factsFrom({ ...PREFLIGHT, headers })).do).toBe(
      "preflight",
    );
  });

  test.each<Scene>([
    { ...PREFLIGHT, method: "GET" },
    { ...PREFLIGHT, headers: { origin: "https://www.foo.com" } },
    { ...PREFLIGHT, headers: { "access-control-request-method": "PUT" } },
  ])("is none without all three of its marks: %j", (scene) => {
    expect(decide(ready(single({ cors })), factsFrom(scene)).do).toBe("forward");
  });

  test("is the origin's where the policy says nothing of CORS", () => {
    expect(decide(ready(single()), factsFrom(PREFLIGHT)).do).toBe("forward");
    const child = pathMap({ paths: { "/a": single({ cors }) }, default: ORIGIN });
    expect(decide(ready(child), factsFrom({ ...PREFLIGHT, path: "/b" })).do).toBe("forward");
  });

  test("where a path-map has no place for it is refused like any other request", () => {
    const policy = ready(pathMap({ cors }));
    expect(decide(policy, factsFrom({ ...PREFLIGHT, path: "/b" }))).toMatchObject({
      do: "refuse",
      cors: { maxAge: "5" },
    });
    expect(decide(ready(pathMap()), factsFrom({ path: "/b" }))).toMatchObject({ cors: undefined });
  });
});
