import { describe, expect, test } from "vitest";

import { MAX_BEHIND_MS, LOST_TIMER_MS } from "../../../../src/gateway/load/hub.ts";
import { HUB_TIMEOUT_MS } from "../../../../src/gateway/load/shard.ts";
import { RELEASE } from "../../../../src/lib/release.ts";
import { shardOf } from "../../../../src/report/shard.ts";
import { MAX_INTERVAL_MS, MAX_REPORTED_ROUTES, OTHER_ROUTES } from "../../../../src/report/wire.ts";
import { countOf, inKv, isolate, keysOf, textOf } from "./isolate.ts";

const INTERVAL_MS = 5000;

/** An isolate that serves `shop`, so many requests a second apart, for so many seconds. */
async function busy(seconds: number, world = isolate()) {
  world.kv.values.set("shop", inKv(1));
  for (let second = 0; second < seconds; second += 1) {
    await world.ask("shop");
    await world.clock.pass(1000);
  }
  return world;
}

describe("reports", () => {
  test("go out every interval under traffic, and count each request once", async () => {
    const world = await busy(61);
    const times = world.reports().map(({ at }) => at);
    expect(times.length).toBe(12);
    for (let index = 1; index < times.length; index += 1)
      expect((times[index] ?? 0) - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(INTERVAL_MS);
    await world.clock.pass(INTERVAL_MS);
    expect(countOf(world)).toBe(61);
  });

  test("follow REPORT_INTERVAL_SECONDS, and the hub where it says longer", async () => {
    const slow = await busy(61, isolate({ vars: { REPORT_INTERVAL_SECONDS: "20" } }));
    expect(slow.reports()).toHaveLength(3);
    const quick = await busy(11, isolate({ vars: { REPORT_INTERVAL_SECONDS: "1" } }));
    expect(quick.reports().length).toBeGreaterThanOrEqual(10);
    const told = isolate();
    told.said.answer = () => ({ nextMs: 12_000 });
    await busy(61, told);
    expect(told.reports()).toHaveLength(5);
  });

  test("tell version and digest of what is held, a number for each, and nobody's absent keys", async () => {
    const world = isolate();
    world.kv.values.set("shop", inKv(3));
    await world.askFor(INTERVAL_MS, "shop.example.com", "shop");
    await world.askFor(INTERVAL_MS, "shop.example.com", "shop");
    const told = world.reports().map(({ report }) => report);
    expect(told.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(told.map(({ release }) => release)).toEqual([RELEASE, RELEASE]);
    expect(told.map(({ worker }) => worker)).toEqual([undefined, undefined]);
    for (const { routes } of told)
      expect(routes).toEqual([
        { key: "shop", version: 3, digest: expect.any(String) as string, requests: 1 },
      ]);
  });

  test("tell which version of the Worker serves, where it is bound to that", async () => {
    const id = "8f0c7d52-5f0e-4a31-9c2a-5d1b6a4f2f11";
    const world = isolate({ vars: { CF_VERSION_METADATA: { id, tag: "", timestamp: "" } } });
    world.kv.values.set("shop", inKv(3));
    await world.askFor(INTERVAL_MS, "shop");
    expect(world.reports().map(({ report }) => report.worker)).toEqual([id]);
  });

  test("of a quiet isolate end with its last counts, behind its last response", async () => {
    const world = await busy(7);
    const before = world.reports().length;
    await world.clock.pass(600_000);
    expect(countOf(world)).toBe(7);
    expect(world.reports().length).toBe(before + 1);
    await Promise.all(world.behind);
    expect(world.clock.timers()).toBe(0);
  });

  test("at long intervals go early rather than be lost, and are no more of them", async () => {
    const world = isolate();
    world.said.answer = () => ({ nextMs: MAX_INTERVAL_MS });
    await busy(10, world);
    await world.clock.pass(MAX_BEHIND_MS + 1000);
    expect(countOf(world)).toBe(10);
    await busy(3600, world);
    expect(world.reports().length).toBeLessThanOrEqual(62);
    expect(world.reports().length).toBeGreaterThan(50);
    const times = world.reports().map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries())
      expect(at - (times[index] ?? 0)).toBeLessThanOrEqual(MAX_INTERVAL_MS);
  });

  test("that fail are sent again as they were, and the counts since with the next one", async () => {
    const world = await busy(6);
    world.said.fails = true;
    await busy(120, world);
    const tried = world.reports().slice(1);
    expect(tried.length).toBeLessThan(10);
    const [first, ...again] = tried.map(({ report }) => report);
    expect(again.length).toBeGreaterThan(3);
    for (const report of again) expect(report).toEqual({ ...first, again: true });
    world.said.fails = false;
    await busy(90, world);
    await world.clock.pass(INTERVAL_MS);
    const counted = new Map(
      world.reports().map(({ report }) => [report.sequence, report.routes[0]?.requests ?? 0]),
    );
    expect([...counted.values()].reduce((sum, requests) => sum + requests, 0)).toBe(216);
    expect(world.clock.logged).toEqual([
      "the hub does not answer; KV alone says what is newest",
      "the hub answers again",
    ]);
  });

  test("that hang are given up after 2 s, and pauses grow to a minute", async () => {
    const world = await busy(6);
    world.said.afterMs = 1e9;
    const from = world.clock.now();
    await busy(600, world);
    const times = world
      .reports()
      .filter(({ at }) => at >= from)
      .map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(HUB_TIMEOUT_MS + INTERVAL_MS / 2);
      expect(gap).toBeLessThanOrEqual(MAX_INTERVAL_MS + HUB_TIMEOUT_MS + 1000);
    }
    expect(gaps.at(-1)).toBeGreaterThan(MAX_INTERVAL_MS / 2);
    expect(times.length).toBeLessThan(20);
  });

  test("are refused where their answer is another one's, or no news", async () => {
    const world = await busy(6);
    world.said.answer = () => ({
      routes: [{ key: "shop", version: 2, text: textOf(2) }],
      sequence: 99,
    });
    await busy(6, world);
    expect((await world.askFor(0, "shop")).version).toBe(1);
    expect(world.clock.logged).toHaveLength(1);
  });

  test("are set anew where a timer was lost with its request, and where the clock goes back", async () => {
    const world = isolate();
    world.kv.values.set("shop", inKv(1));
    await world.ask("shop");
    world.clock.set(world.clock.now() + LOST_TIMER_MS - 1);
    const later = world.behind.length;
    await world.ask("shop");
    const lost = world.behind.length;
    world.clock.set(world.clock.now() + 1);
    await world.ask("shop");
    expect([lost - later > 0, world.behind.length - lost]).toEqual([true, 1]);
    const back = await busy(6);
    back.clock.set(back.clock.now() - 3_600_000);
    const before = back.reports().length;
    await busy(12, back);
    expect(back.reports().length).toBeGreaterThan(before);
  });

  test("ask again at once where there is more to tell", async () => {
    const world = isolate();
    let told = 0;
    world.said.answer = () => ({ more: (told += 1) < 4 });
    await busy(7, world);
    expect(world.reports().length).toBeGreaterThanOrEqual(3);
    expect(world.reports().length).toBeLessThanOrEqual(5);
  });
});

describe("the routes of a report", () => {
  test.each([
    [255, 0],
    [256, 1],
    [300, 45],
  ])(
    "%i served ones are named up to a limit, and the others counted together",
    async (count, others) => {
      const world = isolate();
      const keys = keysOf(3, count);
      for (const key of keys) world.kv.values.set(key, inKv(1));
      await Promise.all([...keys.map(async (key) => world.ask(key)), world.clock.pass(100)]);
      await world.clock.pass(INTERVAL_MS);
      const [{ report } = { report: undefined }] = world.reports();
      const named = report?.routes.filter(({ key }) => key !== OTHER_ROUTES) ?? [];
      const other = report?.routes.find(({ key }) => key === OTHER_ROUTES);
      expect([named.length, other?.requests ?? 0]).toEqual([count - others, others]);
      await Promise.all([...keys.map(async (key) => world.ask(key)), world.clock.pass(100)]);
      await world.clock.pass(INTERVAL_MS);
      expect(countOf(world)).toBe(2 * count);
    },
  );

  test.each([
    ["hangs", { afterMs: 1e9 }],
    ["fails", { fails: true }],
  ])(
    "are no more of them while the hub %s, however many are served, and none is lost",
    async (_, how) => {
      const world = isolate();
      Object.assign(world.said, how);
      const keys = keysOf(3, 1000);
      for (const key of keys) world.kv.values.set(key, inKv(1));
      for (let turn = 0; turn < 3; turn += 1) {
        await Promise.all([...keys.map(async (key) => world.ask(key)), world.clock.pass(1000)]);
        await world.clock.pass(30_000);
      }
      Object.assign(world.said, { afterMs: 0, fails: false });
      for (let n = 0; n < 40; n += 1) {
        await world.ask(keys[0] ?? "");
        await world.clock.pass(INTERVAL_MS);
      }
      for (const { report } of world.reports())
        expect(report.routes.length).toBeLessThanOrEqual(MAX_REPORTED_ROUTES);
      const counted = new Map(
        world
          .reports()
          .map(({ report }) => [
            report.sequence,
            report.routes.reduce((sum, { requests = 0 }) => sum + requests, 0),
          ]),
      );
      await world.clock.pass(INTERVAL_MS);
      expect([...counted.values()].reduce((sum, one) => sum + one, 0)).toBe(3 * keys.length + 40);
    },
  );

  test("with the longest of names fit into 64 KiB, and all have their turn", async () => {
    const world = isolate();
    const keys: string[] = [];
    for (let n = 0; keys.length < 250; n += 1) {
      const key = `${n}.${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}`;
      if (shardOf(key) === 3) keys.push(key);
    }
    for (const key of keys) world.kv.values.set(key, inKv(1));
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all([...keys.map(async (key) => world.ask(key)), world.clock.pass(100)]);
      await world.clock.pass(INTERVAL_MS);
    }
    // What did not fit goes with the next ones.
    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.all([world.ask(keys[0] ?? ""), world.clock.pass(100)]);
      await world.clock.pass(INTERVAL_MS);
    }
    for (const { chars } of world.reports()) expect(chars).toBeLessThanOrEqual(65_536);
    expect(countOf(world)).toBeGreaterThanOrEqual(750);
    expect(countOf(world)).toBeLessThanOrEqual(755);
    const told = new Set(
      world.reports().flatMap(({ report }) => report.routes.map(({ key }) => key)),
    );
    expect(told.size).toBe(250);
    expect(world.clock.logged).toEqual([]);
  });
});
