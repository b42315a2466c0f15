import { describe, expect, test } from "vitest";

import { MAX_KEPT_BYTES } from "../../../src/hub/directory.ts";
import { STALE_READ_MS } from "../../../src/lib/propagation.ts";
import { BEATEN_MS } from "../../../src/hub/head.ts";
import {
  HELD_BACK_MS,
  LOOKS_AT_ONCE,
  LOOKS_EVERY_MS,
  LOOK_STANDS_MS,
  MAX_WAITING,
} from "../../../src/hub/looks.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { holding, HubWorld, keysOf } from "../../support/hub.ts";

const [KEY = ""] = keysOf(0, 1);
const A = '"https://a.example.com"';
const B = '"https://b.example.com"';
const HAND = '"https://hand.example.com"';

let sequence = 0;
const ask = (world: HubWorld, version: number, text: string | null, seen?: string | null) => {
  sequence += 1;
  const route = holding(KEY, version, text);
  const routes = [seen === undefined ? route : { ...route, seen: textDigest(seen) }];
  return world.report({ isolate: `i-${sequence}`, routes }).routes;
};

/** A route that was put long ago, and whose value in KV somebody has replaced. */
async function replacedByHand(text: string | null = HAND): Promise<HubWorld> {
  const world = new HubWorld();
  world.put(KEY, 1, A);
  const at = world.now;
  world.core.publish({ key: KEY, version: 1, text: A, at });
  world.core.settle({ key: KEY, version: 1, at, putAt: at });
  await world.pass(STALE_READ_MS);
  world.kv.set(KEY, { text, metadata: null });
  return world;
}

const RULES = [{ key: KEY, version: 0, text: HAND, over: 1 }];

describe("a text put by hand", () => {
  test("rules after the hub has seen it in KV; until then its holders keep it", async () => {
    const world = await replacedByHand();
    expect(ask(world, 0, HAND)).toEqual([]);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 1, A)).toEqual(RULES);
    expect(ask(world, 0, HAND)).toEqual([]);
    expect(world.report({ lookups: [KEY] }).routes).toEqual(RULES);
  });

  test("is looked for where an isolate that holds the version has seen it", async () => {
    const world = await replacedByHand();
    expect(ask(world, 1, A, HAND)).toEqual([]);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 1, A)).toEqual(RULES);
  });

  test("that is a deletion rules too, and takes the route out of the list", async () => {
    const world = await replacedByHand(null);
    ask(world, 1, A, null);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 1, A)).toEqual([{ key: KEY, version: 0, text: null, over: 1 }]);
    const query = { prefix: "", search: "", after: "", limit: 9 };
    expect(world.core.list(0, query).routes).toEqual([]);
  });

  test("is never looked for while a put is pending, nor while KV may be late with it", async () => {
    const world = await replacedByHand();
    const at = world.now;
    world.core.publish({ key: KEY, version: 2, text: B, at });
    expect(ask(world, 0, HAND)).toMatchObject([{ version: 2, text: B }]);
    await world.pass(STALE_READ_MS);
    expect(world.asked).not.toContain(`read ${KEY}`);
    world.core.settle({ key: KEY, version: 2, at, putAt: world.now });
    await world.pass(STALE_READ_MS - 1);
    expect(ask(world, 0, "another")).toMatchObject([{ version: 2, text: B }]);
    await world.pass(LOOKS_EVERY_MS);
    expect(world.asked).not.toContain(`read ${KEY}`);
    ask(world, 0, "another");
    await world.pass(LOOKS_EVERY_MS);
    expect(world.asked).toContain(`read ${KEY}`);
  });

  test("that an edit came before while KV was read does not rule", async () => {
    const world = await replacedByHand();
    ask(world, 0, HAND);
    const read = world.kv.get.bind(world.kv);
    world.kv.get = (key) => {
      world.core.publish({ key: KEY, version: 2, text: B, at: world.now });
      return read(key);
    };
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 1, A)).toMatchObject([{ version: 2, text: B }]);
  });

  test.each([
    ["a later version", 2, B],
    ["an adoption", 2, HAND],
    ["the same version ordered anew", 1, A],
  ])("is beaten by %s, however late KV shows it", async (_what, version, text) => {
    const world = await replacedByHand();
    ask(world, 0, HAND);
    await world.pass(LOOKS_EVERY_MS);
    const at = world.now;
    world.core.publish({ key: KEY, version, text, at });
    expect(ask(world, 0, HAND)).toMatchObject([{ version, text }]);
    world.core.settle({ key: KEY, version, at, putAt: at });
    await world.pass(STALE_READ_MS);
    // KV still shows what was put by hand.
    expect(ask(world, 0, HAND)).toMatchObject([{ version, text }]);
    ask(world, version, text, HAND);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 0, HAND)).toMatchObject([{ version, text }]);
    expect(ask(world, version, text)).toEqual([]);
  });

  test("that was beaten may be put again after long enough, and another at once", async () => {
    const world = await replacedByHand();
    const at = world.now;
    const replaces = textDigest(HAND);
    world.core.publish({ key: KEY, version: 2, text: B, at, replaces });
    world.core.settle({ key: KEY, version: 2, at, putAt: at });
    await world.pass(BEATEN_MS - 1);
    expect(ask(world, 0, HAND)).toMatchObject([{ version: 2 }]);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 0, HAND)).toEqual([]);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 2, B)).toEqual([{ key: KEY, version: 0, text: HAND, over: 2 }]);
  });

  test("that is the version's own text is no other, and ends what ruled before", async () => {
    const world = await replacedByHand();
    ask(world, 0, HAND);
    await world.pass(LOOKS_EVERY_MS);
    world.kv.set(KEY, { text: A, metadata: null });
    await world.pass(LOOK_STANDS_MS);
    ask(world, 0, HAND);
    await world.pass(LOOKS_EVERY_MS);
    expect(ask(world, 0, HAND)).toEqual([{ key: KEY, version: 1, text: A, over: 0 }]);
  });

  test("is kept up to the length of a policy", async () => {
    for (const [bytes, known] of [
      [MAX_KEPT_BYTES, 1],
      [MAX_KEPT_BYTES + 1, 0],
    ] as const) {
      const text = JSON.stringify("x".repeat(bytes - 2));
      const world = await replacedByHand(text);
      ask(world, 0, text);
      await world.pass(LOOKS_EVERY_MS);
      expect(
        world.report({ lookups: [KEY] }).routes.filter(({ version }) => version === 0),
      ).toHaveLength(known);
    }
  });

  test("is told of the version where KV cannot be read, after a while", async () => {
    const world = await replacedByHand();
    world.isKvDown = true;
    expect(ask(world, 0, HAND)).toEqual([]);
    await world.pass(HELD_BACK_MS - 1);
    expect(ask(world, 0, HAND)).toEqual([]);
    await world.pass(1);
    expect(ask(world, 0, HAND)).toMatchObject([{ version: 1, text: A }]);
  });

  test("is told of the version at once where too many others wait to be looked at", async () => {
    for (const [waiting, told] of [
      [MAX_WAITING - 1, 0],
      [MAX_WAITING, 1],
    ] as const) {
      const world = await replacedByHand();
      const others = keysOf(0, waiting + 1).slice(1);
      for (let from = 0; from < waiting; from += 250) {
        sequence += 1;
        const routes = others.slice(from, from + 250).map((key) => holding(key, 9, HAND));
        world.report({ isolate: `i-${sequence}`, routes });
      }
      expect(ask(world, 0, HAND)).toHaveLength(told);
    }
  });
});

test("a version that the hub was not told of is learnt from KV", async () => {
  const world = await replacedByHand();
  world.put(KEY, 5, B);
  expect(ask(world, 5, B)).toEqual([]);
  await world.pass(LOOKS_EVERY_MS);
  expect(ask(world, 1, A)).toMatchObject([{ version: 5, text: B }]);
});

test("routes that were made up cost a bounded number of reads, and no row", async () => {
  const world = new HubWorld();
  world.core.newest(KEY);
  await world.pass(0);
  world.asked.length = 0;
  const keys = keysOf(0, 2000);
  for (let second = 0; second < 60; second += 1) {
    for (let from = 0; from < keys.length; from += 250) {
      sequence += 1;
      const routes = keys.slice(from, from + 250).map((key) => holding(key, 9, HAND, 1));
      world.report({ isolate: `i-${sequence}`, routes });
    }
    await world.pass(1000);
  }
  // A look each, and a question to a ledger that turns out never to have been.
  for (const what of ["read", "ledger"]) {
    const asked = world.asked.filter((one) => one.startsWith(what)).length;
    expect(asked).toBeLessThanOrEqual((60_000 / LOOKS_EVERY_MS + 1) * LOOKS_AT_ONCE);
    expect(asked).toBeGreaterThan(0);
  }
  expect(world.sql.exec("SELECT key FROM routes").toArray()).toEqual([]);
});
