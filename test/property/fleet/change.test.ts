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
