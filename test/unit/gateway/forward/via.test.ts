import { describe, expect, test } from "vitest";

import { ask as askOrigin } from "../../../../src/gateway/forward/ask.ts";
import { FAILURES_TO_EJECT, Health } from "../../../../src/gateway/forward/health.ts";
import { platformWith } from "../../../../src/gateway/platform.ts";
import { gatewayWith } from "../../import/asked.ts";
import { crowd, decisionOf, nodePlatform, ROUTE, upstreamContext } from "./upstream.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";
const C = "https://c.example.com";

const through = (url: string, via: string) => ({ url, via });

/** One request of a shop with this policy; origins with a failing status answer nothing else. */
async function ask(policy: unknown, failing: Readonly<Record<string, number>> = {}) {
  const answerOf = (origin: string) => new Response(null, { status: failing[origin] ?? 200 });
  const gateway = gatewayWith({ "shop.example.com": policy }, answerOf, {
    ORIGIN_BINDINGS: "ONE,TWO",
  });
  const { status, tries, copies } = await gateway({
    host: "shop.example.com",
    path: "/app.3f9c2b1a.js",
  });
  const waysOf = (sent: typeof tries) => sent.map(({ origin, via }) => [origin, via]);
  return { status, tries: waysOf(tries), copies: waysOf(copies) };
}

describe("the binding to go through is told to fetch", () => {
  test("beside the URL, and nothing is where a policy names none", async () => {
    expect((await ask({ origin: through(A, "ONE") })).tries).toEqual([[A, "ONE"]]);
    expect((await ask({ origin: { url: A } })).tries).toEqual([[A, undefined]]);
    expect((await ask(A)).tries).toEqual([[A, undefined]]);
  });

  test("for the rescuer and the fallback, each its own", async () => {
    const policy = {
      strategy: "canary",
      stable: through(B, "TWO"),
      canary: A,
      percent: 100,
      fallback: through(C, "ONE"),
    };
    expect((await ask(policy, { [A]: 503, [B]: 503 })).tries).toEqual([
      [A, undefined],
      [B, "TWO"],
      [C, "ONE"],
    ]);
  });

  test("for each retry", async () => {
    const policy = { origin: through(A, "ONE"), retry: { attempts: 2, backoffMs: 0 } };
    const { tries } = await ask(policy, { [A]: 503 });
    expect(tries).toEqual(Array.from({ length: 3 }, () => [A, "ONE"]));
  });

  test("for the variant that may have another build's asset", async () => {
    const green = through(B, "TWO");
    const policy = { strategy: "blue-green", blue: A, green, active: "blue", assetRescue: true };
    expect((await ask(policy, { [A]: 404 })).tries).toEqual([
      [A, undefined],
      [B, "TWO"],
    ]);
  });

  test("for a copy, and not for the request that is copied", async () => {
    const mirror = [
      { origin: through(B, "TWO"), percent: 100 },
      { origin: C, percent: 100 },
    ];
    const { tries, copies } = await ask({ origin: A, mirror });
    expect(tries).toEqual([[A, undefined]]);
    expect(copies).toEqual([
      [B, "TWO"],
      [C, undefined],
    ]);
  });
});

test("two bindings behind one URL are two servers to those who watch their health", async () => {
  const health = new Health();
  const platform = nodePlatform({ fetch: async () => new Response(null, { status: 503 }) });
  const { variant } = decisionOf({ origin: through(A, "ONE") });
  for (let i = 0; i < FAILURES_TO_EJECT; i += 1)
    await askOrigin(upstreamContext({ health, platform, visitor: crowd() }), variant, 1000);
  const down = (name: string) => health.isDown(`${ROUTE} ${name}`, "asker", Date.now(), true);
  expect(down(`${A} via ONE`)).toBe(true);
  expect(down(`${A} via TWO`)).toBe(false);
  expect(down(A)).toBe(false);
});

test("what is listed and no binding of an origin's kind is never asked", async () => {
  const inherited = Object.create({ PARENT: { fetch: async () => new Response() } }) as object;
  const env = Object.assign(inherited, { TEXT: "https://a.example", KV: { get: () => null } });
  const { fetch } = platformWith(env, ["TEXT", "KV", "PARENT", "valueOf", "NONE"], new Map());
  for (const via of ["TEXT", "KV", "PARENT", "valueOf", "NONE", "UNLISTED"])
    await expect(fetch("http://127.0.0.1:1/", {}, via)).rejects.toThrow("no such binding");
});
