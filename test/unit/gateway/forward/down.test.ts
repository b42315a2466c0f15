import { describe, expect, test } from "vitest";
import type { UpstreamContext } from "../../../../src/gateway/forward/ask.ts";
import { EJECTION_MS, FAILURES_TO_EJECT, Health } from "../../../../src/gateway/forward/health.ts";
import { crowd, downed, nodePlatform, ROUTE, upstreamContext } from "./upstream.ts";
import { outcomeIn, worldOfEachTest } from "./world.ts";

const world = worldOfEachTest();
const outcome = (context: UpstreamContext, more: object = {}) => outcomeIn(world, context, more);

describe("origins known to be down", () => {
  test("are left out where another way answers", async () => {
    expect(await outcome(upstreamContext({ health: downed(world.canary) }))).toBe(
      "stable: 200 stable; for canary; primaryFailure down",
    );
    expect(world.canary.connections).toBe(0);
  });

  test("and so a request that cannot be repeated is saved too", async () => {
    const context = upstreamContext({ health: downed(world.canary), replayable: false });
    expect(await outcome(context)).toBe("stable: 200 stable; for canary; primaryFailure down");
  });

  test("are asked after all where the others fail", async () => {
    await world.stable.set("refuse");
    expect(await outcome(upstreamContext({ health: downed(world.canary) }))).toBe(
      "canary: 200 canary; for undefined; primaryFailure undefined",
    );
  });

  test("are asked where they are the only way, with their retries", async () => {
    world.canary.next("503");
    const health = downed(world.canary);
    const more = { rescue: false, retry: { attempts: 1 } };
    expect(await outcome(upstreamContext({ health }), more)).toMatch(/^canary: 200/);
    expect(health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(false);
  });

  test("no probe is spent on a stage that is not reached", async () => {
    const health = downed(world.stable);
    const platform = nodePlatform({ now: () => Date.now() + EJECTION_MS });
    await outcome(upstreamContext({ health, platform }));
    expect(health.isDown(`${ROUTE} ${world.stable.url}`, "asker", platform.now(), true)).toBe(
      false,
    );
  });

  test("going down and coming back are logged once each", async () => {
    const platform = nodePlatform();
    const context = upstreamContext({ platform });
    const next = async () => outcome({ ...context, visitor: crowd() }, { rescue: false });
    await world.canary.set("refuse");
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++) await next();
    await world.canary.set("good");
    await next();
    await next();
    expect(platform.lines.map(({ level, details }) => ({ level, ...details }))).toEqual([
      {
        level: "warn",
        route: ROUTE,
        origin: world.canary.url,
        failure: "network",
        leftOutMs: EJECTION_MS,
      },
      { level: "warn", route: ROUTE, origin: world.canary.url },
    ]);
  });

  test("an answer of 503 is a failure, one of 500 is an answer", async () => {
    const asked = async (fault: "503" | "500") => {
      const context = upstreamContext();
      await world.canary.set(fault);
      const before = world.canary.connections;
      for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++)
        await outcome({ ...context, visitor: crowd() });
      return world.canary.connections - before;
    };
    expect(await asked("500")).toBe(2 * FAILURES_TO_EJECT);
    expect(await asked("503")).toBe(FAILURES_TO_EJECT);
  });

  test("one visitor's requests, with all their retries, never bring an origin down", async () => {
    const context = upstreamContext();
    await world.canary.set("503");
    for (let i = 0; i < 3 * FAILURES_TO_EJECT; i++)
      await outcome(context, { retry: { attempts: 2 } });
    expect(context.health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(
      false,
    );
  });

  test("a request counts once, however often it was tried", async () => {
    const context = upstreamContext();
    await world.canary.set("503");
    const more = { retry: { attempts: 2, backoffMs: 0 } };
    for (let i = 1; i < FAILURES_TO_EJECT; i++)
      await outcome({ ...context, visitor: crowd() }, more);
    expect(context.health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(
      false,
    );
    await outcome({ ...context, visitor: crowd() }, more);
    expect(context.health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(
      true,
    );
  });

  test.each([
    ["HIT", false],
    ["STALE", false],
    ["UPDATING", false],
    ["MISS", true],
    ["DYNAMIC", true],
  ])(
    "an answer with cf-cache-status %s: says something of the origin: %s",
    async (status, says) => {
      const fetch = async () => new Response("cached", { headers: { "cf-cache-status": status } });
      const health = downed(world.canary);
      const context = upstreamContext({ health, platform: nodePlatform({ fetch }) });
      await outcome(context, { rescue: false });
      expect(health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(!says);
    },
  );

  test("a challenge of the origin's zone is a failure, and no visitor gets to see it", async () => {
    const headers = { "cf-mitigated": "challenge" };
    const fetch = async () => new Response("prove it", { status: 403, headers });
    const context = upstreamContext({ platform: nodePlatform({ fetch }) });
    expect(await outcome(context, { rescue: false })).toBe(
      "canary: none, network; for undefined; primaryFailure network",
    );
  });

  test.each<[string, ResponseInit, string, string]>([
    [
      "a challenge",
      { status: 403, headers: { "cf-mitigated": "challenge" } },
      "prove it",
      "challenge",
    ],
    ["522", { status: 522 }, "error code: 1016", "522"],
    ["530 with a code as text", { status: 530 }, "error code: 1016", "1016"],
    ["530 with a page", { status: 530 }, '<span class="cf-error-code">1033</span>', "1033"],
    ["530 without a code", { status: 530 }, "since 1999", "530"],
    ["530 without a body", { status: 530 }, "", "530"],
  ])("%s counts against the origin, and the log says why", async (_, init, body, cause) => {
    const platform = nodePlatform({ fetch: async () => new Response(body, init) });
    const health = new Health();
    for (let i = 0; i < FAILURES_TO_EJECT; i += 1)
      await outcome(upstreamContext({ health, platform, visitor: crowd() }), { rescue: false });
    expect(health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true)).toBe(true);
    expect(platform.lines).toMatchObject([
      { message: "an origin is down; other ways go first", details: { cause } },
    ]);
  });

  test("a 530 that never ends is read no further than its first piece", async () => {
    let pulled = 0;
    let isLetGo = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(pulled));
        },
        cancel() {
          isLetGo = true;
        },
      },
      { highWaterMark: 0 },
    );
    const platform = nodePlatform({ fetch: async () => new Response(body, { status: 530 }) });
    await outcome(upstreamContext({ platform }), { rescue: false });
    expect([pulled, isLetGo]).toEqual([1, true]);
  });
});
