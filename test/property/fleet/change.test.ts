import { describe, expect, test } from "vitest";

import { simulateChange, type ChangeInput } from "../../bench/fleet/change.ts";
import { secondsUntil } from "../../bench/fleet/changes.ts";
import { propagationMs } from "../../../src/lib/propagation.ts";

/** Few isolates: what is bounded here is bounded for each of them. */
const FLEET: ChangeInput = {
  isolates: 30,
  rate: 1,
  kv: "up",
  kvLateSeconds: 60,
  hub: "up",
  hubRoundTripMs: 100,
  warmUpSeconds: 40,
  seconds: 60,
};

/** The hub's interval (s) for so few isolates. */
const INTERVAL_SECONDS = 5;

/** An isolate that reports at the interval hears of a change within it, and seldom later than this (s). */
const BUSY_SECONDS = INTERVAL_SECONDS + 5;

/** Fresh in memory, then stale while it is refreshed (s): older than both nothing is served. A second more, for the buckets and the way to the hub. */
const IDLE_SECONDS = 20 + 1;

const STATES = ["up", "lying", "hanging", "down"] as const;

describe.each(STATES)("a change while KV is %s, with the hub,", (kv) => {
  test("is in 99 % of the answers of a busy route within its interval and five seconds", async () => {
    const result = await simulateChange({ ...FLEET, kv, kvLateSeconds: 120 });
    expect(secondsUntil(result, 0.01)).toBeLessThanOrEqual(BUSY_SECONDS);
    expect(result).toMatchObject({ wentBack: 0, unavailable: 0 });
  });

  test.each([0.1, 0.03])(
    "is in every answer after twenty seconds at %d requests a second",
    async (rate) => {
      const result = await simulateChange({ ...FLEET, kv, rate, kvLateSeconds: 120 });
      expect(secondsUntil(result, 0)).toBeLessThanOrEqual(IDLE_SECONDS);
      expect(result).toMatchObject({ wentBack: 0, unavailable: 0 });
    },
  );
});

/** Many isolates that are asked now and then: what holds of the last one of them. */
const IDLE: ChangeInput = { ...FLEET, isolates: 300, rate: 0.1, seconds: 100 };

test.each([
  ["a hub within FRESH_WAIT_MS", {}, IDLE_SECONDS],
  ["one further away, and waited for", { hubRoundTripMs: 250, freshWaitMs: 250 }, IDLE_SECONDS],
  ["reports every minute", { reportIntervalMs: 60_000, warmUpSeconds: 130 }, 60 + 5 + 1],
  ["and more requests", { reportIntervalMs: 60_000, warmUpSeconds: 130, rate: 1 }, 60 + 5 + 1],
])("no answer is older than the bound: %s", async (_, input, seconds) => {
  const result = await simulateChange({ ...IDLE, ...input, kv: "lying" });
  expect(secondsUntil(result, 0)).toBeLessThanOrEqual(seconds);
  expect(result).toMatchObject({ wentBack: 0, unavailable: 0 });
});

test("with a hub further away than it is waited for, few answers are old", async () => {
  const result = await simulateChange({ ...IDLE, hubRoundTripMs: 250 });
  const late = result.bySecond.slice(IDLE_SECONDS + 6);
  const old = late.reduce((sum, second) => sum + second.old, 0);
  const requests = late.reduce((sum, second) => sum + second.requests, 0);
  expect(old / requests).toBeLessThan(0.02);
  expect(result).toMatchObject({ wentBack: 0, unavailable: 0 });
});

test("without a hub a change is everywhere when KV's way, its caches and memory have passed", async () => {
  const most = propagationMs({ memoryTtlMs: 10_000, kvCacheTtlSeconds: 30 }) / 1000;
  const result = await simulateChange({ ...FLEET, rate: 0.1, hub: "absent", seconds: most + 20 });
  expect(secondsUntil(result, 0.5)).toBeGreaterThan(60);
  expect(secondsUntil(result, 0)).toBeLessThanOrEqual(most);
  expect(result).toMatchObject({ wentBack: 0, unavailable: 0 });
});

test("a hub that hangs makes nothing worse than having none", async () => {
  const most = propagationMs({ memoryTtlMs: 10_000, kvCacheTtlSeconds: 30 }) / 1000;
  const input = { ...FLEET, rate: 0.1, seconds: most + 20 };
  const hangs = await simulateChange({ ...input, hub: "hanging" });
  expect(secondsUntil(hangs, 0)).toBeLessThanOrEqual(most);
  expect(hangs).toMatchObject({ wentBack: 0, unavailable: 0 });
  // A new isolate waits for the hub as long as a fresh answer is worth (150 ms), a warm one never.
  expect(Math.max(...hangs.waitedMs)).toBeLessThanOrEqual(40 + 150);
});
