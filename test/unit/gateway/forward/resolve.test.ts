import { describe, expect, test } from "vitest";

import { ask as askOrigin } from "../../../../src/gateway/forward/ask.ts";
import { FAILURES_TO_EJECT, Health } from "../../../../src/gateway/forward/health.ts";
import { gatewayWith } from "../../import/asked.ts";
import { crowd, decisionOf, nodePlatform, ROUTE, upstreamContext } from "./upstream.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";
const C = "https://c.example.com";
const [HOST_A, HOST_B, HOST_C] = ["host-a.example.com", "host-b.example.com", "host-c.example.com"];

const through = (url: string, resolve: string) => ({ url, resolve });

/** One request of a shop with this policy; origins with a failing status answer nothing else. */
const ask = async (policy: unknown, failing: Readonly<Record<string, number>> = {}) =>
  gatewayWith(
    { "shop.example.com": policy },
    (origin) => new Response(null, { status: failing[origin] ?? 200 }),
  )({ host: "shop.example.com", path: "/app.3f9c2b1a.js" });

interface Sent {
  readonly origin: string;
  readonly init: RequestInit;
}

/** Where a request went, and what `fetch` was told in `cf`; "no cf" where it is not there at all. */
const wayOf = ({ origin, init }: Sent): readonly unknown[] => [
  origin,
  "cf" in init ? init.cf : "no cf",
];

const over = (resolveOverride: string) => ({ resolveOverride });

describe("the host to connect to is told to fetch", () => {
  test("beside the URL, and nothing is where a policy names none", async () => {
    const one = await ask({ origin: through(`${A}/base`, "Host-A.example.com") });
    expect(one.tries.map(wayOf)).toEqual([[A, over(HOST_A)]]);
    expect(one.forwarded?.path).toBe("/base/app.3f9c2b1a.js");
    expect((await ask({ origin: { url: A } })).tries.map(wayOf)).toEqual([[A, "no cf"]]);
    expect((await ask(A)).tries.map(wayOf)).toEqual([[A, "no cf"]]);
  });

  test("for the rescuer and the fallback, each its own", async () => {
    const policy = {
      strategy: "canary",
      stable: through(B, HOST_B),
      canary: A,
      percent: 100,
      fallback: through(C, HOST_C),
    };
    const { status, tries } = await ask(policy, { [A]: 503, [B]: 503 });
    expect(status).toBe(200);
    expect(tries.map(wayOf)).toEqual([
      [A, "no cf"],
      [B, over(HOST_B)],
      [C, over(HOST_C)],
    ]);
    const other = { ...policy, canary: through(A, HOST_A), fallback: C };
    expect((await ask(other, { [A]: 503, [B]: 503 })).tries.map(wayOf)).toEqual([
      [A, over(HOST_A)],
      [B, over(HOST_B)],
      [C, "no cf"],
    ]);
  });

  test("for each retry", async () => {
    const policy = { origin: through(A, HOST_A), retry: { attempts: 2, backoffMs: 0 } };
    const { tries } = await ask(policy, { [A]: 503 });
    expect(tries.map(wayOf)).toEqual(Array.from({ length: 3 }, () => [A, over(HOST_A)]));
  });

  test("for the variant that may have another build's asset", async () => {
    const policy = {
      strategy: "blue-green",
      blue: A,
      green: through(B, HOST_B),
      active: "blue",
      assetRescue: true,
    };
    expect((await ask(policy, { [A]: 404 })).tries.map(wayOf)).toEqual([
      [A, "no cf"],
      [B, over(HOST_B)],
    ]);
  });

  test("for a copy, and not for the request that is copied", async () => {
    const mirror = [
      { origin: through(B, HOST_B), percent: 100 },
      { origin: C, percent: 100 },
    ];
    const { tries, copies } = await ask({ origin: A, mirror });
    expect(tries.map(wayOf)).toEqual([[A, "no cf"]]);
    expect(copies.map(wayOf)).toEqual([
      [B, over(HOST_B)],
      [C, "no cf"],
    ]);
  });
});

test("two hosts behind one URL are two servers to those who watch their health", async () => {
  const health = new Health();
  const fetch = async () => new Response(null, { status: 503 });
  const platform = nodePlatform({ fetch });
  const { variant } = decisionOf({ origin: through(`${A}/base`, HOST_A) });
  for (let i = 0; i < FAILURES_TO_EJECT; i += 1)
    await askOrigin(upstreamContext({ health, platform, visitor: crowd() }), variant, 1000);
  const down = (name: string) => health.isDown(`${ROUTE} ${name}`, "asker", Date.now(), true);
  expect(down(`${A}/base at ${HOST_A}`)).toBe(true);
  expect(down(`${A}/base at ${HOST_B}`)).toBe(false);
  expect(down(`${A}/base`)).toBe(false);
  expect(platform.lines.map(({ details }) => details["origin"])).toEqual([
    `${A}/base at ${HOST_A}`,
  ]);
});
