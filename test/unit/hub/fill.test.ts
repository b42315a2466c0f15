import { describe, expect, test } from "vitest";

import { STALE_READ_MS } from "../../../src/lib/propagation.ts";
import { WALK_EVERY_MS, WALK_RETRY_MS } from "../../../src/hub/fill.ts";
import { SEARCHED_ROUTES } from "../../../src/hub/list.ts";
import { LOOKS_EVERY_MS } from "../../../src/hub/looks.ts";
import { holding, HubWorld, keysOf } from "../../support/hub.ts";

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';
const ALL = { prefix: "", search: "", after: "", limit: 10_000 };

describe("an empty shard", () => {
  test("fills itself from KV's list and the ledgers, and says when it has", async () => {
    const world = new HubWorld();
    const [published = "", pending = "", byHand = "", lost = ""] = keysOf(0, 4);
    world.put(published, 3, A);
    world.keep(published, 3, A, true);
    world.put(pending, 1, A);
    world.keep(pending, 2, B, false);
    world.kv.set(byHand, { text: B, metadata: null });
    world.put(lost, 7, A);
    world.kv.set("not a key", { text: A, metadata: null });
    expect(world.report({ lookups: [published] })).toMatchObject({
      unknown: [published],
      filled: false,
    });
    await world.pass(0);
    const lookups = [published, pending, byHand, lost];
    world.now += 1000;
    expect(world.report({ sequence: 2, lookups })).toMatchObject({
      filled: true,
      routes: [
        { key: published, version: 3, text: A },
        { key: pending, version: 2, text: B },
        { key: byHand, version: 0, text: B },
        { key: lost, version: 7, text: A },
      ],
    });
    expect(world.asked.filter((what) => what.startsWith("read"))).toEqual([
      `read ${byHand}`,
      `read ${lost}`,
    ]);
  });

  test("goes on where it was after a crash, and after KV was down", async () => {
    const world = new HubWorld();
    const keys = keysOf(0, 40);
    for (let i = 0; i < 1500; i += 1) world.put(`tenant-${i}`, 1, A);
    world.core.newest(keys[0] ?? "");
    world.alarmAt = undefined;
    await world.core.alarm();
    expect(world.core.list(0, ALL).filled).toBe(false);
    world.crash();
    world.isKvDown = true;
    world.asked.length = 0;
    world.core.newest(keys[0] ?? "");
    await world.pass(0);
    expect(world.logged).toHaveLength(1);
    world.isKvDown = false;
    await world.pass(WALK_RETRY_MS);
    expect(world.asked.filter((what) => what.startsWith("list"))).toEqual([
      "list 1000",
      "list 1000",
    ]);
    const { filled, routes } = world.core.list(0, ALL);
    expect(filled).toBe(true);
    expect(routes.length).toBeGreaterThan(60);
  });

  test("does not take back what a ledger tells it meanwhile", async () => {
    const world = new HubWorld();
    const [key = ""] = keysOf(0, 1);
    world.put(key, 1, A);
    world.keep(key, 1, A, true);
    world.core.publish({ key, version: 2, text: null, at: world.now });
    await world.pass(0);
    expect(world.report({ lookups: [key] }).routes).toMatchObject([{ version: 2, text: null }]);
  });
});

test("a walk a day finds what was put and deleted by hand", async () => {
  const world = new HubWorld();
  const [put = "", deleted = "", replaced = ""] = keysOf(0, 3);
  for (const key of [deleted, replaced]) world.put(key, 1, A);
  world.core.newest(put);
  await world.pass(0);
  world.kv.delete(deleted);
  world.kv.set(put, { text: B, metadata: null });
  world.kv.set(replaced, { text: B, metadata: null });
  await world.pass(WALK_EVERY_MS - 1);
  expect(world.report({ lookups: [put] }).unknown).toEqual([put]);
  await world.pass(LOOKS_EVERY_MS);
  expect(world.report({ sequence: 2, lookups: [put, deleted, replaced] }).routes).toEqual([
    { key: put, version: 0, text: B, over: 0 },
    { key: deleted, version: 0, text: null, over: 1 },
    { key: replaced, version: 0, text: B, over: 1 },
  ]);
});

test("a version that KV has had for long is not pending for ever", async () => {
  const world = new HubWorld();
  const [key = ""] = keysOf(0, 1);
  world.put(key, 1, A);
  world.core.publish({ key, version: 1, text: A, at: world.now });
  await world.pass(WALK_EVERY_MS + STALE_READ_MS);
  world.kv.set(key, { text: B, metadata: null });
  world.report({ routes: [holding(key, 0, B)] });
  await world.pass(LOOKS_EVERY_MS);
  expect(world.report({ sequence: 2, lookups: [key] }).routes).toMatchObject([
    { version: 0, text: B },
  ]);
});

describe("a list", () => {
  const world = new HubWorld();
  const keys = keysOf(0, SEARCHED_ROUTES + 1).toSorted();
  for (const key of keys) world.core.publish({ key, version: 1, text: A, at: world.now });
  world.core.publish({ key: keys[1] ?? "", version: 2, text: null, at: world.now });

  test("goes by the order of keys, from one on, without what is deleted", () => {
    const page = world.core.list(0, { ...ALL, limit: 3 });
    expect(page.routes.map(({ key }) => key)).toEqual([keys[0], keys[2]]);
    expect(page.upTo).toBe(keys[2]);
    const next = world.core.list(0, { ...ALL, limit: 2, after: keys[2] ?? "" });
    expect(next.routes).toEqual([
      { key: keys[3], version: 1 },
      { key: keys[4], version: 1 },
    ]);
  });

  test("by prefix ends with it", () => {
    const prefix = "tenant-12";
    const page = world.core.list(0, { ...ALL, prefix });
    expect(page.routes.map(({ key }) => key)).toEqual(keys.filter((key) => key.startsWith(prefix)));
    expect(page.upTo).toBeUndefined();
  });

  test("by a text passes over so many routes at a time, and no more", () => {
    const [last = ""] = keys.slice(-1);
    const page = world.core.list(0, { ...ALL, search: last });
    expect(page).toMatchObject({ routes: [], upTo: keys[SEARCHED_ROUTES - 1] });
    const next = world.core.list(0, { ...ALL, search: last, after: page.upTo ?? "" });
    expect(next).toMatchObject({ routes: [{ key: last }], upTo: undefined });
  });
});
