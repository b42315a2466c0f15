import { describe, expect, test } from "vitest";
import {
  BACKOFF_MS,
  MAX_BACKOFF_FACTOR,
  type UpstreamContext,
} from "../../../../src/gateway/forward/ask.ts";
import {
  MIN_RETRIES_PER_SECOND,
  RETRY_SHARE,
} from "../../../../src/gateway/forward/retry-budget.ts";
import { nodePlatform, upstreamContext } from "./upstream.ts";
import { outcomeIn, TIMEOUT_MS, worldOfEachTest } from "./world.ts";

const world = worldOfEachTest();
const outcome = (context: UpstreamContext, more: object = {}) => outcomeIn(world, context, more);

describe("what is charged and what is retried", () => {
  test("a 500 is charged, and passed on", async () => {
    await world.canary.set("500");
    expect(await outcome(upstreamContext())).toBe(
      "canary: 500 500; for undefined; primaryFailure 500",
    );
  });

  test("a status that the policy names is retried, and then rescued", async () => {
    world.canary.next("500");
    const more = { retry: { attempts: 1, on: [500] } };
    expect(await outcome(upstreamContext(), more)).toMatch(/^canary: 200/);
    await world.canary.set("500");
    expect(await outcome(upstreamContext(), more)).toBe(
      "stable: 200 stable; for canary; primaryFailure 500",
    );
  });

  test("what it does not name is not", async () => {
    await world.canary.set("503");
    const more = { rescue: false, retry: { attempts: 3, on: [500, "timeout"] } };
    await outcome(upstreamContext(), more);
    expect(world.canary.connections).toBe(1);
  });

  test("a budget holds retries back: many requests at once get a few between them", async () => {
    await world.canary.set("503");
    const now = Date.now();
    const context = upstreamContext({ platform: nodePlatform({ now: () => now }) });
    const more = { rescue: false, retry: { attempts: 1, backoffMs: 0 } };
    await Promise.all(Array.from({ length: 20 }, async () => outcome(context, more)));
    const retries = world.canary.requests.length - 20;
    expect(retries).toBeGreaterThanOrEqual(MIN_RETRIES_PER_SECOND);
    expect(retries).toBeLessThanOrEqual(20 * RETRY_SHARE);
  });
});

describe("time", () => {
  /** Runs on a clock that only sleeping and asking move; each try takes `tryMs` and fails. */
  function clocked(tryMs: number) {
    let now = 0;
    const sleeps: number[] = [];
    const platform = nodePlatform({
      now: () => now,
      random: () => 1,
      sleep: async (ms) => {
        sleeps.push(ms);
        now += ms;
      },
      fetch: async () => {
        now += tryMs;
        throw new TypeError("connection refused");
      },
    });
    return { context: upstreamContext({ platform }), sleeps, now: () => now };
  }
  const more = { rescue: false, retry: { attempts: 3 } };

  test("waits double, from BACKOFF_MS at most, up to a bound", async () => {
    const { context, sleeps } = clocked(1000);
    await outcome(context, { ...more, retry: { attempts: 6 }, timeoutMs: 10_000 });
    const factors = [1, 2, 4, 8, MAX_BACKOFF_FACTOR, MAX_BACKOFF_FACTOR];
    expect(sleeps).toEqual(factors.map((factor) => factor * BACKOFF_MS));
  });

  test("waits are at least what the policy names", async () => {
    const { context, sleeps } = clocked(1000);
    const retry = { attempts: 2, backoffMs: 100 };
    await outcome(context, { ...more, retry, timeoutMs: 10_000 });
    expect(sleeps).toEqual([150, 300]);
  });

  test("each try has its own time-out", async () => {
    await world.canary.set("hang");
    const begin = performance.now();
    await outcome(upstreamContext(), { ...more, retry: { attempts: 2, backoffMs: 0 } });
    const took = performance.now() - begin;
    expect(world.canary.requests).toHaveLength(3);
    expect(took).toBeGreaterThan(2.8 * TIMEOUT_MS);
  });

  test("a wait that no policy names leaves the total one room for a last try, which is cut off", async () => {
    let now = 0;
    const deadline = 400;
    const platform = nodePlatform({
      now: () => now,
      random: () => 0.99,
      sleep: async (ms) => void (now += ms),
      fetch: async (_url, { signal }) => {
        if (now + 100 <= deadline) {
          now += 100;
          return Object.assign(new Response("", { status: 500 }), { webSocket: null });
        }
        now = deadline;
        return new Promise((_, fail) => {
          signal?.addEventListener("abort", () => fail(signal.reason as Error));
        });
      },
    });
    const retry = { attempts: 5, on: ["network", "timeout", 500] };
    const context = { ...upstreamContext({ platform }), deadline };
    expect(await outcome(context, { rescue: false, retry, timeoutMs: 200 })).toMatch(
      /^canary: none, timeout/,
    );
  });

  test("all together have the total one: nothing begins after it, and it is a time-out", async () => {
    const { context, now } = clocked(400);
    const deadline = 1000;
    const result = await outcome({ ...context, deadline }, { ...more, timeoutMs: 400 });
    expect(result).toMatch(/^canary: none, (network|timeout)/);
    expect(now()).toBeLessThanOrEqual(deadline + 400);
    await Promise.all([
      world.canary.set("hang"),
      world.stable.set("hang"),
      world.fallback.set("hang"),
    ]);
    const begin = performance.now();
    const all = { retry: { attempts: 3 }, fallback: world.fallback.url, timeoutMs: 5000 };
    const hung = await outcome(upstreamContext({ deadline: Date.now() + TIMEOUT_MS }), all);
    expect(hung).toMatch(/none, timeout/);
    const took = performance.now() - begin;
    expect(took).toBeGreaterThan(0.9 * TIMEOUT_MS);
    expect(took).toBeLessThan(3 * TIMEOUT_MS);
    expect([world.stable.connections, world.fallback.connections]).toEqual([0, 0]);
  });
});
