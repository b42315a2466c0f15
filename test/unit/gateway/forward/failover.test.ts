import { describe, expect, test } from "vitest";
import type { UpstreamContext } from "../../../../src/gateway/forward/ask.ts";
import { rescuer } from "../../../../src/gateway/forward/failover.ts";
import { decisionOf, nodePlatform, upstreamContext } from "./upstream.ts";
import { outcomeIn, worldOfEachTest } from "./world.ts";

const world = worldOfEachTest();
const outcome = (context: UpstreamContext, more: object = {}) => outcomeIn(world, context, more);

describe("the ways out, in order", () => {
  const GOOD = "canary: 200 canary; for undefined; primaryFailure undefined";

  test("a good variant is the only one asked", async () => {
    expect(await outcome(upstreamContext(), { fallback: world.fallback.url })).toBe(GOOD);
    expect(world.stable.connections + world.fallback.connections).toBe(0);
  });

  test("retries come before the rescuer", async () => {
    world.canary.next("reset-before-head", "503");
    expect(await outcome(upstreamContext(), { retry: { attempts: 2 } })).toBe(GOOD);
    expect([world.canary.connections, world.stable.connections]).toEqual([3, 0]);
  });

  test("a port that opens again between two tries is enough", async () => {
    await world.canary.set("refuse");
    const platform = nodePlatform({ sleep: async () => world.canary.set("good") });
    expect(await outcome(upstreamContext({ platform }), { retry: { attempts: 1 } })).toBe(GOOD);
  });

  test("the rescuer answers for a canary that does not", async () => {
    await world.canary.set("hang");
    expect(await outcome(upstreamContext())).toBe(
      "stable: 200 stable; for canary; primaryFailure timeout",
    );
  });

  test("then the fallback, for both", async () => {
    await Promise.all([world.canary.set("refuse"), world.stable.set("502")]);
    expect(await outcome(upstreamContext(), { fallback: world.fallback.url })).toBe(
      "fallback: 200 fallback; for canary; primaryFailure network",
    );
  });

  test("the last failing answer is passed on, under the name of its sender", async () => {
    await Promise.all([world.canary.set("503"), world.stable.set("refuse")]);
    expect(await outcome(upstreamContext())).toBe(
      "canary: 503 503; for undefined; primaryFailure 503",
    );
    await world.stable.set("502");
    expect(await outcome(upstreamContext())).toBe(
      "stable: 502 502; for canary; primaryFailure 503",
    );
  });

  test("where nobody answers at all, the last failure tells", async () => {
    await Promise.all([world.canary.set("hang"), world.stable.set("refuse")]);
    expect(await outcome(upstreamContext())).toBe(
      "stable: none, network; for canary; primaryFailure timeout",
    );
    expect(await outcome(upstreamContext(), { rescue: false })).toBe(
      "canary: none, timeout; for undefined; primaryFailure timeout",
    );
  });

  test("what cannot be repeated is sent once", async () => {
    await world.canary.set("503");
    const more = { retry: { attempts: 3 }, fallback: world.fallback.url };
    expect(await outcome(upstreamContext({ replayable: false }), more)).toMatch(/^canary: 503 503/);
    expect([
      world.canary.connections,
      world.stable.connections,
      world.fallback.connections,
    ]).toEqual([1, 0, 0]);
  });
});

describe("who rescues", () => {
  const weighted = (...weights: [name: string, weight: number][]) => ({
    strategy: "weighted",
    force: "a",
    rescue: true,
    variants: weights.map(([name, weight]) => ({ name, weight, origin: "http://127.0.0.1" })),
  });
  const named = (more: object) => rescuer(decisionOf(more))?.name;

  test.each([
    ["a canary: stable", { strategy: "canary", percent: 100 }, "stable"],
    ["stable: never the canary", { strategy: "canary", percent: 0 }, undefined],
    ["a canary, switched off", { strategy: "canary", percent: 100, rescue: false }, undefined],
    ["a colour: by itself nobody", { strategy: "blue-green", active: "blue" }, undefined],
    ["a colour: the other", { strategy: "blue-green", active: "blue", rescue: true }, "green"],
  ])("%s", (_, more, expected) => {
    const names =
      more.strategy === "canary"
        ? { stable: "http://127.0.0.1:1", canary: "http://127.0.0.1:2" }
        : { blue: "http://127.0.0.1:1", green: "http://127.0.0.1:2" };
    expect(named({ ...names, ...more })).toBe(expected);
  });

  test.each([
    ["the heaviest other", weighted(["a", 90], ["b", 1], ["c", 5]), "c"],
    ["of equals the lesser name", weighted(["a", 90], ["c", 5], ["b", 5]), "b"],
    ["never one of weight 0", weighted(["a", 90], ["b", 0]), undefined],
    ["nobody unasked", { ...weighted(["a", 1], ["b", 1]), rescue: false }, undefined],
    ["a single origin: nobody", { origin: "http://127.0.0.1", rescue: true }, undefined],
  ])("weighted: %s", (_, more, expected) => expect(named(more)).toBe(expected));
});
