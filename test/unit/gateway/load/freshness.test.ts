import { describe, expect, test } from "vitest";

import { KV_TIMEOUT_MS } from "../../../../src/gateway/load/kv.ts";
import { HUB_STALE_MS, KV_WAIT_MS } from "../../../../src/gateway/load/policy-cache.ts";
import { STALE_MS } from "../../../../src/lib/propagation.ts";
import { shardOf } from "../../../../src/report/shard.ts";
import { ABSENT, byHand, inKv, isolate, newer, textOf, TTL_MS, warm } from "./isolate.ts";

const FRESH_WAIT_MS = 150;
const NEVER_MS = 1e9;

describe("without a hub, as ever", () => {
  test("fresh for a TTL, stale for 30 s more, then KV is asked first", async () => {
    const { clock, kv, ask, askFor } = await warm({ hub: false });
    clock.set(clock.now() + TTL_MS - 1);
    expect(await ask("shop")).toEqual({ version: 1, source: "memory", waitedMs: 0 });
    expect(kv.reads).toHaveLength(1);
    kv.values.set("shop", inKv(2));
    kv.afterMs = 50;
    clock.set(clock.now() + STALE_MS);
    expect(await ask("shop")).toMatchObject({ version: 1, waitedMs: 0 });
    expect(kv.reads).toHaveLength(2);
    await clock.pass(50);
    expect(await ask("shop")).toMatchObject({ version: 2, source: "memory" });
    kv.values.set("shop", inKv(3));
    clock.set(clock.now() + TTL_MS + STALE_MS);
    expect(await askFor(50, "shop")).toEqual({ version: 3, source: "kv", waitedMs: 50 });
  });

  test("a cold request waits for KV as long as for ever before", async () => {
    const { kv, askFor } = isolate({ hub: false });
    kv.afterMs = NEVER_MS;
    expect(await askFor(KV_TIMEOUT_MS, "shop")).toMatchObject({
      version: "unavailable",
      waitedMs: KV_TIMEOUT_MS,
    });
  });

  test("what was deleted, and what was put by hand, is served as KV says", async () => {
    const { clock, kv, askFor } = await warm({ hub: false });
    for (const [value, version] of [
      [byHand("hand"), "hand"],
      [ABSENT, "nothing"],
      [inKv(2), 2],
    ] as const) {
      kv.values.set("shop", value);
      clock.set(clock.now() + TTL_MS + STALE_MS);
      expect(await askFor(0, "shop")).toMatchObject({ version });
    }
  });

  test("an older text of KV's caches never replaces a newer one", async () => {
    const { clock, kv, askFor } = await warm({ hub: false });
    for (const [version, served] of [
      [3, 3],
      [2, 3],
      [4, 4],
    ] as const) {
      kv.values.set("shop", inKv(version));
      clock.set(clock.now() + TTL_MS + STALE_MS);
      expect(await askFor(0, "shop")).toMatchObject({ version: served });
    }
  });
});

describe("a stale entry", () => {
  test.each([
    ["is served at once", TTL_MS + HUB_STALE_MS - 1, { version: 1, source: "memory", waitedMs: 0 }],
    ["waits for the hub", TTL_MS + HUB_STALE_MS, { version: 2, source: "hub", waitedMs: 20 }],
  ])("%s after a sleep of so long: %i ms", async (_, sleptMs, answer) => {
    const { clock, said, kv, askFor } = await warm();
    said.answer = () => newer(2);
    said.afterMs = 20;
    kv.afterMs = 40;
    clock.set(clock.now() + sleptMs);
    expect(await askFor(40, "shop")).toEqual(answer);
  });

  test("is refreshed once at a time, however many ask", async () => {
    const { clock, kv, ask, behind } = await warm();
    kv.afterMs = 100;
    clock.set(clock.now() + TTL_MS);
    const before = behind.length;
    await Promise.all(Array.from({ length: 20 }, async () => ask("shop")));
    expect(kv.reads).toHaveLength(2);
    expect(behind.length - before).toBe(1);
  });

  test("too old to be served at once is asked for by one, and the others see what came", async () => {
    const { clock, kv, said, ask } = await warm();
    clock.set(clock.now() + TTL_MS + HUB_STALE_MS);
    kv.afterMs = 60;
    said.afterMs = 500;
    kv.values.set("shop", inKv(2));
    const before = said.reports.length;
    const all = Promise.all(Array.from({ length: 20 }, async () => ask("shop")));
    await clock.pass(1000);
    for (const { version, waitedMs } of await all) {
      expect(version).toBe(2);
      expect(waitedMs).toBeLessThanOrEqual(60 + FRESH_WAIT_MS + 10);
    }
    expect(kv.reads).toHaveLength(2);
    expect(said.reports.length - before).toBe(1);
  });
});

describe("while the hub is being asked", () => {
  /** A request that wakes an idle isolate, and another one so much later (ms); the hub has version 2 after `hubMs`. */
  async function wakeTwice(hubMs: number, laterMs: number, kvOf: object) {
    const world = await warm();
    await world.clock.pass(0);
    Object.assign(world.kv, kvOf);
    world.said.answer = () => newer(2);
    world.said.afterMs = hubMs;
    world.clock.set(world.clock.now() + 300_000);
    const before = world.said.reports.length;
    const first = world.ask("shop");
    await world.clock.pass(laterMs);
    const second = world.ask("shop");
    await world.clock.pass(hubMs);
    const asked = world.said.reports.length - before;
    await world.clock.pass(5000);
    return { first: await first, second: await second, asked, world };
  }

  test.each([
    ["up", { afterMs: 5 }],
    ["hanging", { afterMs: NEVER_MS }],
    ["down", { fails: true }],
  ])("nobody takes an idle isolate's old text for new: KV is %s", async (_, kvOf) => {
    const { first, second } = await wakeTwice(100, 50, kvOf);
    expect([first.version, second.version]).toEqual([2, 2]);
    expect(first.waitedMs).toBe(100);
    expect(second.waitedMs).toBeLessThanOrEqual(60);
  });

  test.each([
    [FRESH_WAIT_MS - 1, 2],
    [FRESH_WAIT_MS, 1],
  ])("KV's word counts, %i ms after it, for nobody yet, or for all", async (laterMs, version) => {
    const { second } = await wakeTwice(FRESH_WAIT_MS + 1, laterMs, {});
    expect([second.version, second.waitedMs <= 10]).toEqual([version, true]);
  });

  test("one question is enough for all, and its late answer is taken up", async () => {
    const { first, second, asked, world } = await wakeTwice(1000, 200, { afterMs: 5 });
    expect([first.version, first.waitedMs]).toEqual([1, 5 + FRESH_WAIT_MS]);
    expect([second.version, second.waitedMs, asked]).toEqual([1, 0, 1]);
    expect(await world.ask("shop")).toMatchObject({ version: 2, waitedMs: 0 });
  });

  test("about another route of the shard too, its answer is waited for as well", async () => {
    const world = await warm();
    const sibling = `shop-${Array.from({ length: 1000 }, (_, n) => n).find((n) => shardOf(`shop-${n}`) === shardOf("shop"))}`;
    world.kv.values.set(sibling, inKv(1));
    await world.askFor(6000, sibling);
    world.said.answer = ({ routes }) => ({
      routes: routes.map(({ key }) => ({ key, version: 2, text: textOf(2) })),
    });
    world.said.afterMs = 100;
    world.clock.set(world.clock.now() + 300_000);
    const first = world.ask("shop");
    await world.clock.pass(50);
    const second = world.ask(sibling);
    await world.clock.pass(1000);
    expect([(await first).version, (await second).version]).toEqual([2, 2]);
  });

  test("a busy route does not wait, nor for what its absent host might be, however late the hub is", async () => {
    const world = isolate();
    world.kv.values.set("shop", inKv(1));
    world.said.answer = ({ lookups }) => ({ unknown: lookups });
    await world.askFor(1000, "host.example.com", "shop");
    world.said.afterMs = 1900;
    for (let n = 0; n < 300; n += 1)
      expect(await world.askFor(200, "host.example.com", "shop")).toMatchObject({
        version: 1,
        waitedMs: 0,
      });
  });
});

describe("the wait for the hub", () => {
  test.each([
    ["in time", FRESH_WAIT_MS - 1, 2, "hub", FRESH_WAIT_MS - 1],
    ["too late", FRESH_WAIT_MS + 1, 1, "kv", FRESH_WAIT_MS],
  ])("beyond KV, for a cold request: %s", async (_, hubMs, version, source, waitedMs) => {
    const { kv, said, askFor } = isolate();
    kv.values.set("shop", inKv(1));
    said.answer = () => newer(2);
    said.afterMs = hubMs;
    expect(await askFor(1000, "shop")).toEqual({ version, source, waitedMs });
    // What came late serves the next one.
    expect(await askFor(0, "shop")).toMatchObject({ version: 2, source: "memory" });
  });

  test("follows FRESH_WAIT_MS", async () => {
    const { kv, said, askFor } = isolate({ vars: { FRESH_WAIT_MS: "0" } });
    kv.values.set("shop", inKv(1));
    said.answer = () => newer(2);
    said.afterMs = 1;
    expect(await askFor(10, "shop")).toMatchObject({ version: 1, waitedMs: 0 });
  });

  test("ends with its answer where that is enough: KV is not waited for", async () => {
    const { kv, said, askFor } = isolate();
    kv.afterMs = NEVER_MS;
    said.answer = () => newer(2);
    said.afterMs = 250;
    expect(await askFor(1000, "shop")).toEqual({ version: 2, source: "hub", waitedMs: 250 });
  });

  test("is in vain where a hub that has not heard of all routes does not know a key", async () => {
    const { kv, said, askFor } = isolate();
    kv.fails = true;
    said.answer = ({ lookups }) => ({
      filled: false,
      ...(lookups.includes("shop") ? newer(2) : { unknown: [...lookups] }),
    });
    expect(await askFor(1000, "host.example.com", "shop")).toMatchObject({
      version: "unavailable",
    });
  });

  test("is none where it has failed before: it is tried behind the response", async () => {
    const { clock, kv, said, askFor } = await warm();
    said.afterMs = 1e9;
    clock.set(clock.now() + 60_000);
    expect((await askFor(5000, "shop")).waitedMs).toBe(FRESH_WAIT_MS);
    clock.set(clock.now() + 60_000);
    kv.values.set("shop", inKv(2));
    const before = said.reports.length;
    expect(await askFor(0, "shop")).toEqual({ version: 2, source: "kv", waitedMs: 0 });
    expect(said.reports.length - before).toBe(1);
  });

  test("of 250 ms serves a cold isolate through an outage of KV", async () => {
    const { kv, said, askFor } = isolate();
    kv.fails = true;
    said.answer = ({ lookups }) =>
      lookups.includes("shop") ? newer(2) : { unknown: [...lookups] };
    said.afterMs = 250;
    expect(await askFor(1000, "host.example.com", "shop", "*")).toEqual({
      version: 2,
      source: "hub",
      waitedMs: 250,
    });
  });
});

describe("a warm route", () => {
  test.each([
    ["rejects", { fails: true, afterMs: 0 }],
    ["hangs", { fails: false, afterMs: NEVER_MS }],
  ])("never waits for a KV that %s while the hub answers", async (_, how) => {
    const { clock, kv, said, ask, askFor } = await warm();
    Object.assign(kv, how);
    said.afterMs = 20;
    for (let second = 0; second < 60; second += 1) {
      expect(await ask("shop")).toMatchObject({ version: 1, waitedMs: 0 });
      await clock.pass(1000);
    }
    // After a sleep it waits for the hub, not for KV.
    clock.set(clock.now() + 300_000);
    const { version, waitedMs } = await askFor(1000, "shop");
    expect([version, waitedMs <= 20]).toEqual([1, true]);
  });

  test("with neither waits KV's 700 ms once, and then not at all", async () => {
    const { clock, kv, said, askFor, ask } = await warm();
    kv.afterMs = NEVER_MS;
    said.afterMs = NEVER_MS;
    clock.set(clock.now() + 300_000);
    const { version, waitedMs } = await askFor(5000, "shop");
    expect([version, waitedMs <= KV_WAIT_MS + FRESH_WAIT_MS]).toEqual([1, true]);
    for (let second = 0; second < 50; second += 1) {
      expect(await ask("shop")).toMatchObject({ version: 1, waitedMs: 0 });
      await clock.pass(1000);
    }
  });

  test("keeps its text where KV lies: older, or gone", async () => {
    const { clock, kv, said, askFor } = await warm();
    said.answer = () => newer(5);
    await clock.pass(5000);
    said.answer = () => ({});
    for (const lie of [inKv(4), ABSENT, byHand("hand")]) {
      kv.values.set("shop", lie);
      clock.set(clock.now() + 60_000);
      expect(await askFor(1000, "shop")).toMatchObject({ version: 5 });
    }
  });
});
