import { describe, expect, test } from "vitest";
import type { UpstreamContext } from "../../../../src/gateway/forward/ask.ts";
import { attempt } from "../../../../src/gateway/forward/attempt.ts";
import { EJECTION_MS, FAILURES_TO_EJECT } from "../../../../src/gateway/forward/health.ts";
import { crowd, downed, getOf, nodePlatform, ROUTE, upstreamContext } from "./upstream.ts";
import { outcomeIn, TIMEOUT_MS, worldOfEachTest } from "./world.ts";

const KIB = 1024;

const world = worldOfEachTest();
const outcome = (context: UpstreamContext, more: object = {}) => outcomeIn(world, context, more);

/** Whether the canary is left out after a crowd has met what it does. */
async function isDownAfterCrowd(context: UpstreamContext, more: object = {}): Promise<boolean> {
  for (let i = 0; i < 2 * FAILURES_TO_EJECT; i += 1)
    await outcome({ ...context, visitor: crowd() }, { rescue: false, ...more });
  return context.health.isDown(`${ROUTE} ${world.canary.url}`, "asker", Date.now(), true);
}

/** An upload of so many bytes, or one that breaks off behind them. */
function bytes(size: number, breaksOff = false): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(size));
      if (breaksOff) controller.error(new Error("gone"));
      else controller.close();
    },
  });
}

describe("what the platform says instead of an origin", () => {
  const answering = (status: number) =>
    nodePlatform({
      fetch: async () => ({ status, headers: new Headers(), webSocket: null }) as Response,
    });

  test.each([
    [520, false],
    [524, false],
    [521, true],
    [522, true],
    [523, true],
    [525, true],
    [526, true],
    [530, true],
  ])("%i behind a large upload says something of the origin: %s", async (status, says) => {
    const tried = async (body?: { stream: ReadableStream<Uint8Array>; length: number }) =>
      attempt(
        answering(status),
        { url: world.canary.url, init: {}, ...(body && { body }) },
        TIMEOUT_MS,
      );
    const large = await tried({ stream: bytes(65 * KIB), length: 65 * KIB });
    expect([large.response, large.isEvidence]).toEqual([undefined, says]);
    expect((await tried({ stream: bytes(64 * KIB), length: 64 * KIB })).isEvidence).toBe(true);
    expect((await tried()).isEvidence).toBe(true);
  });
});

describe("an upload that its visitor breaks off", () => {
  const broken = () =>
    upstreamContext({
      replayable: false,
      send: (variant) => ({
        ...getOf()(variant),
        init: { method: "POST" },
        body: { stream: bytes(10, true), length: 1000 },
      }),
    });

  test("is charged to nobody", async () => {
    expect(await outcome(broken())).toBe(
      "canary: none, network; for undefined; primaryFailure undefined",
    );
  });

  test("says nothing of the origin, however many visitors do it", async () => {
    expect(await isDownAfterCrowd(broken())).toBe(false);
  });
});

describe("a handshake for another protocol", () => {
  test("that fails says nothing of the origin's pages", async () => {
    await world.canary.set("reset-before-head");
    expect(await isDownAfterCrowd(upstreamContext({ isHandshake: true }))).toBe(false);
    expect(await isDownAfterCrowd(upstreamContext())).toBe(true);
  });

  test("is not a probe; one that was answered ends the matter all the same", async () => {
    const health = downed(world.canary);
    const platform = nodePlatform({ now: () => Date.now() + EJECTION_MS });
    const context = upstreamContext({ health, platform, isHandshake: true });
    expect(await outcome(context)).toMatch(/^stable: 200/);
    expect(await outcome(context, { rescue: false })).toMatch(/^canary: 200/);
    expect(await outcome(context)).toMatch(/^canary: 200/);
  });
});

test("two applications under one host are two origins", async () => {
  const app = (name: string) => ({
    stable: `${world.canary.url}/old`,
    canary: `${world.canary.url}/${name}`,
  });
  await world.canary.set("503");
  const context = upstreamContext();
  await isDownAfterCrowd(context, app("new"));
  await world.canary.set("good");
  expect(await outcome(context, app("new"))).toMatch(/^stable: 200/);
  expect(await outcome(context, app("other"))).toMatch(/^canary: 200/);
});

describe("a time-out of a try that others left no time", () => {
  /** A canary that hangs until what is left of the total is over. */
  async function hung(usedMs: number): Promise<boolean> {
    await world.canary.set("hang");
    // Stands still, so that a busy machine takes nothing of what is left.
    const now = Date.now();
    const context = upstreamContext({ platform: nodePlatform({ now: () => now }) });
    for (let i = 0; i < FAILURES_TO_EJECT; i += 1) {
      const startedAt = now - usedMs;
      const deadline = startedAt + 200;
      await outcome({ ...context, visitor: crowd(), startedAt, deadline }, { rescue: false });
    }
    return context.health.isDown(`${ROUTE} ${world.canary.url}`, "asker", now, true);
  }

  test("says nothing of its origin", async () => expect(await hung(150)).toBe(false));
  test("but one that had most of it does", async () => expect(await hung(50)).toBe(true));
});

test("all requests of a route earn its retries, orders too", async () => {
  await world.canary.set("503");
  const now = Date.now();
  const context = upstreamContext({ platform: nodePlatform({ now: () => now }) });
  const more = { rescue: false, retry: { attempts: 1, backoffMs: 0 } };
  for (let i = 0; i < 25; i += 1) await outcome({ ...context, replayable: false }, more);
  const before = world.canary.requests.length;
  for (let i = 0; i < 10; i += 1) await outcome(context, more);
  expect(world.canary.requests.length - before - 10).toBeGreaterThanOrEqual(6);
});
