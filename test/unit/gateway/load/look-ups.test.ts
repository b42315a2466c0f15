import { describe, expect, test } from "vitest";

import { LOOKUP_STRETCH_MS, LOOKUPS_PER_STRETCH } from "../../../../src/gateway/load/hub.ts";
import { MAX_INTERVAL_MS } from "../../../../src/report/wire.ts";
import { countOf, inKv, isolate, keysOf } from "./isolate.ts";

const INTERVAL_MS = 5000;

describe("look-ups of keys that nobody has", () => {
  /** Requests with invented hosts, ten a second, for so many seconds. */
  async function attack(world: ReturnType<typeof isolate>, seconds: number) {
    world.said.answer = ({ lookups }) => ({ unknown: lookups });
    for (let n = 0; n < seconds * 10; n += 1)
      await world.askFor(100, `h${n}.example.com`, "*.example.com", `p${n}`, "*");
  }

  test.each([
    ["up", {}],
    ["down", { fails: true }],
  ])("are five in any second at most, and as many as that, with KV %s", async (_, how) => {
    const world = isolate();
    Object.assign(world.kv, how);
    await attack(world, 20);
    const times = world.lookups().map(({ at }) => at);
    expect(times.length).toBeGreaterThan(20 * LOOKUPS_PER_STRETCH - 10);
    for (let index = LOOKUPS_PER_STRETCH; index < times.length; index += 1)
      expect(
        (times[index] ?? 0) - (times[index - LOOKUPS_PER_STRETCH] ?? 0),
      ).toBeGreaterThanOrEqual(LOOKUP_STRETCH_MS);
    expect(world.reports()).toEqual([]);
  });

  test("are fewer where the hub asks for fewer reports", async () => {
    const world = isolate();
    world.kv.values.set("*", inKv(1));
    world.said.answer = () => ({ nextMs: MAX_INTERVAL_MS });
    // Every shard has said so.
    for (let shard = 0; shard < 16; shard += 1) await world.askFor(1000, ...keysOf(shard, 1), "*");
    const before = world.lookups().length;
    for (let n = 0; n < 200; n += 1) await world.askFor(100, `x${n}`, "*");
    expect(world.lookups().length - before).toBeLessThan(20);
  });

  test("never hold up what is counted: reports go on beside them", async () => {
    const world = isolate();
    world.kv.values.set("shop", inKv(1));
    for (let n = 0; n < 600; n += 1) {
      await world.ask("shop");
      await world.askFor(100, `x${n}`, "*");
    }
    expect(world.reports().length).toBeGreaterThanOrEqual(11);
    await world.clock.pass(INTERVAL_MS);
    expect(countOf(world)).toBe(600);
  });
});
