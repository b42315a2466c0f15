import { describe, expect, test } from "vitest";

import { textDigest } from "../../../../src/report/digest.ts";
import { SILENT_HUB_MS } from "../../../../src/report/newer.ts";
import { byHand, inKv, isolate, newer, textOf, TTL_MS, warm } from "./isolate.ts";

const NEVER_MS = 1e9;

describe("a text put by hand over a ledger's", () => {
  test("rules when the hub says so, and until a newer version", async () => {
    const { clock, kv, said, askFor } = await warm();
    kv.values.set("shop", byHand("hand"));
    said.answer = () => ({
      routes: [{ key: "shop", version: 0, text: textOf("hand"), over: 1 }],
    });
    await clock.pass(5000);
    expect(await askFor(0, "shop")).toMatchObject({ version: "hand" });
    said.answer = () => newer(2);
    await askFor(6000, "shop");
    expect(await askFor(0, "shop")).toMatchObject({ version: 2 });
    clock.set(clock.now() + 60_000);
    said.answer = () => ({});
    expect(await askFor(1000, "shop")).toMatchObject({ version: 2 });
  });

  test("is told to the hub, which looks, and only where it was not served", async () => {
    const { kv, askFor, clock, reports } = await warm();
    clock.set(clock.now() + 60_000);
    await askFor(6000, "shop");
    kv.values.set("shop", byHand("hand"));
    clock.set(clock.now() + 60_000);
    await askFor(1000, "shop");
    await askFor(6000, "shop");
    const [first] = reports();
    const last = reports().at(-1);
    expect(first?.report.routes[0]).not.toHaveProperty("seen");
    expect(last?.report.routes[0]).toMatchObject({ version: 1, seen: textDigest(textOf("hand")) });
  });

  test("rules by itself once the hub has been silent for 180 s, and no sooner", async () => {
    const { clock, kv, said, ask } = await warm();
    kv.values.set("shop", byHand("hand"));
    said.fails = true;
    let ruled: number | undefined;
    const begin = clock.now();
    for (let second = 0; second < 240 && ruled === undefined; second += 1) {
      if ((await ask("shop")).version === "hand") ruled = clock.now() - begin;
      await clock.pass(1000);
    }
    expect(ruled).toBeGreaterThanOrEqual(SILENT_HUB_MS);
    expect(ruled).toBeLessThan(SILENT_HUB_MS + 5000 + TTL_MS + 2000);
  });

  test("without a ledger's version is read from KV again, whatever the hub hears of it", async () => {
    const world = isolate();
    world.kv.values.set("shop", byHand("one"));
    for (let second = 0; second < 12; second += 1) await world.askFor(1000, "shop");
    expect(world.reports().length).toBeGreaterThan(1);
    world.kv.values.set("shop", byHand("two"));
    for (let second = 0; second < 12; second += 1) await world.askFor(1000, "shop");
    expect((await world.askFor(0, "shop")).version).toBe("two");
  });

  test("rules at once where the hub has never heard of the key", async () => {
    const { kv, said, askFor } = await warm();
    said.answer = ({ routes }) => ({ unknown: routes.map(({ key }) => key) });
    await askFor(6000, "shop");
    kv.values.set("shop", byHand("hand"));
    await askFor(TTL_MS, "shop");
    await askFor(100, "shop");
    expect(await askFor(0, "shop")).toMatchObject({ version: "hand" });
  });
});

describe("an absent key", () => {
  test("is dropped when news names it, and found", async () => {
    const { clock, kv, said, ask, askFor } = isolate();
    kv.values.set("*.example.com", inKv(1));
    said.answer = ({ lookups }) => ({ unknown: lookups });
    expect(await askFor(0, "new.example.com", "*.example.com")).toMatchObject({ version: 1 });
    kv.afterMs = NEVER_MS;
    said.answer = ({ lookups }) => ({
      created: ["new.example.com"],
      routes: lookups
        .filter((key) => key === "new.example.com")
        .map((key) => ({ key, version: 7, text: textOf(7) })),
    });
    await clock.pass(6000);
    const [answer] = await Promise.all([ask("new.example.com", "*.example.com"), clock.pass(1000)]);
    expect(answer).toMatchObject({ version: 7 });
  });

  test.each([
    ["is forgotten with all others where the hub cannot name what was created", undefined, 2],
    ["is kept for its time where the hub names others", ["other.example.com"], 1],
  ])("%s", async (_, created, reads) => {
    const { kv, said, askFor } = isolate();
    kv.values.set("shop", inKv(1));
    await askFor(0, "a.example.com", "shop");
    said.answer = () => ({ created });
    await askFor(TTL_MS - 2000, "a.example.com", "shop");
    await askFor(0, "a.example.com", "shop");
    expect(kv.reads.filter(({ keys }) => keys.includes("a.example.com"))).toHaveLength(reads);
  });

  test("that a ledger deleted stays so, whatever KV's caches have", async () => {
    const { clock, kv, said, askFor } = await warm();
    said.answer = () => ({ routes: [{ key: "shop", version: 2, text: null }] });
    await askFor(6000, "shop");
    said.answer = () => ({});
    kv.values.set("shop", inKv(1));
    for (let turn = 0; turn < 5; turn += 1) {
      clock.set(clock.now() + 30_000);
      expect(await askFor(1000, "shop")).toMatchObject({ version: "nothing" });
    }
  });
});
