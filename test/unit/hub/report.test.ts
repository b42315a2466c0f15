import { describe, expect, test } from "vitest";

import {
  ACTIVE_MS,
  FORGOTTEN_MS,
  ISOLATE_BURST,
  ISOLATE_REPORTS_PER_SECOND,
  LOOKUPS_PER_SECOND,
  MAX_ISOLATES,
} from "../../../src/hub/isolates.ts";
import { MAX_OPEN_CHARS } from "../../../src/hub/measure/packed.ts";
import { KEPT_MINUTES } from "../../../src/hub/measure/ring.ts";
import { STORED_MS } from "../../../src/hub/measure/storing.ts";
import {
  MAX_CREATED,
  MAX_INTERVAL_MS,
  MAX_NEWS_CHARS,
  MIN_INTERVAL_MS,
  REPORTS_PER_SECOND,
} from "../../../src/report/wire.ts";
import { holding, HubWorld, keysOf } from "../../support/hub.ts";

const [KEY = "", OTHER_KEY = "", UNKNOWN = ""] = keysOf(0, 3);
const A = '"https://a.example.com"';
const B = '"https://b.example.com"';
const SPLIT = JSON.stringify({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent: 5,
});

function published(text: string | null, version = 1, key = KEY): HubWorld {
  const world = new HubWorld();
  world.core.publish({ key, version, text, at: world.now });
  return world;
}

describe("news", () => {
  test("bring what is newer than an isolate holds, and nothing else", () => {
    const world = published(B, 2);
    const routes = [holding(KEY, 1, A), holding(UNKNOWN, 0, A)];
    expect(world.report({ routes })).toMatchObject({
      sequence: 1,
      routes: [{ key: KEY, version: 2, text: B }],
      unknown: [UNKNOWN],
      more: false,
      filled: false,
    });
    expect(world.report({ sequence: 2, routes: [holding(KEY, 2, B)] }).routes).toEqual([]);
    expect(world.report({ sequence: 3, routes: [holding(KEY, 3, A)] }).routes).toEqual([]);
  });

  test("tell a deletion by its number, and what look-ups find", () => {
    const world = published(null, 4);
    expect(world.report({ lookups: [KEY, UNKNOWN] })).toMatchObject({
      routes: [{ key: KEY, version: 4, text: null }],
      unknown: [UNKNOWN],
    });
  });

  test("are as long as they may be, and say that there is more; one text of any length aside", () => {
    const world = new HubWorld();
    const text = JSON.stringify("x".repeat(MAX_NEWS_CHARS / 2));
    for (const key of [KEY, OTHER_KEY])
      world.core.publish({ key, version: 1, text, at: world.now });
    const routes = [holding(KEY, 0, null), holding(OTHER_KEY, 0, null)];
    const first = world.report({ routes });
    expect(first.routes.map(({ key }) => key)).toEqual([KEY]);
    expect(first.more).toBe(true);
    const next = world.report({ sequence: 2, routes: [holding(KEY, 1, text), ...routes.slice(1)] });
    expect(next.routes.map(({ key }) => key)).toEqual([OTHER_KEY]);
    expect(next.more).toBe(false);
  });

  test("name the keys created since, up to the limit, and a shard that began anew does not pretend to know", () => {
    const world = published(A);
    const { cursor, created } = world.report({});
    expect(created).toBeUndefined();
    const keys = keysOf(0, MAX_CREATED + 2).slice(1);
    for (const key of keys.slice(0, MAX_CREATED))
      world.core.publish({ key, version: 1, text: A, at: world.now });
    expect(world.report({ sequence: 2, since: cursor }).created).toEqual(
      keys.slice(0, MAX_CREATED),
    );
    world.core.publish({ key: keys[MAX_CREATED] ?? "", version: 1, text: A, at: world.now });
    const last = world.report({ sequence: 3, since: cursor });
    expect(last.created).toBeUndefined();
    expect(world.report({ sequence: 4, since: last.cursor }).created).toEqual([]);
    world.core.publish({ key: KEY, version: 2, text: B, at: world.now });
    expect(world.report({ sequence: 5, since: last.cursor }).created).toEqual([]);
    world.core.publish({ key: KEY, version: 3, text: null, at: world.now });
    world.core.publish({ key: KEY, version: 4, text: B, at: world.now });
    expect(world.report({ sequence: 6, since: last.cursor }).created).toEqual([KEY]);
    const later = new HubWorld();
    later.now += 1;
    expect(later.report({ since: last.cursor }).created).toBeUndefined();
  });

  test("of a deletion that an old message undoes are not undone", () => {
    const world = published(null, 3);
    expect(world.core.publish({ key: KEY, version: 2, text: A, at: world.now + 5 })).toEqual({
      version: 3,
      digest: "absent",
    });
    expect(world.report({ lookups: [KEY] }).routes).toEqual([
      { key: KEY, version: 3, text: null, over: 0 },
    ]);
  });
});

describe("a report", () => {
  test("counts once, also after a crash on either side of the storing", async () => {
    const world = published(SPLIT);
    const routes = [holding(KEY, 1, SPLIT, 7)];
    world.report({ sequence: 1, routes });
    expect(world.stored(KEY)).toBe(7);
    world.report({ sequence: 1, routes, again: true });
    world.crash();
    world.report({ sequence: 1, routes, again: true });
    await world.pass(STORED_MS);
    expect(world.stored(KEY)).toBe(7);
    world.report({ sequence: 2, routes });
    world.report({ sequence: 3, routes });
    // The third waits in memory: with a crash it is lost, and so is its number.
    expect(world.stored(KEY)).toBe(14);
    world.crash();
    world.report({ sequence: 3, routes, again: true });
    await world.pass(STORED_MS);
    expect(world.stored(KEY)).toBe(21);
  });

  test("that was sent before does not count where the isolate is forgotten, and a new one does", async () => {
    const world = published(SPLIT);
    const routes = [holding(KEY, 1, SPLIT, 7)];
    world.report({ sequence: 1, routes });
    await world.pass(FORGOTTEN_MS - 1);
    world.report({ sequence: 1, routes, again: true });
    await world.pass(FORGOTTEN_MS);
    world.report({ sequence: 1, routes, again: true });
    await world.pass(STORED_MS);
    expect(world.stored(KEY)).toBe(7);
    await world.pass(FORGOTTEN_MS);
    world.report({ sequence: 9, routes });
    await world.pass(STORED_MS);
    expect(world.stored(KEY)).toBe(14);
  });

  test("of a route without a split gets a row a minute, and is not lost until then", async () => {
    const world = published(A);
    world.report({ sequence: 1, routes: [holding(KEY, 1, A, 3)] });
    expect(world.stored(KEY)).toBe(0);
    world.crash();
    await world.pass(60_000);
    world.report({ sequence: 2, routes: [holding(KEY, 1, A, 4)] });
    expect(world.stored(KEY)).toBe(7);
  });

  test("of keys that nobody knows makes one row for all of them", async () => {
    const world = published(A);
    const routes = keysOf(0, 200).map((key) => holding(`${key}-made-up`, 0, null, 1));
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      const { unknown } = world.report({ sequence, routes });
      expect(unknown).toHaveLength(200);
      await world.pass(60_000);
    }
    const rows = world.sql.exec("SELECT count(*) AS n FROM minutes").toArray();
    expect(rows).toEqual([{ n: 4 }]);
    expect(world.stored("")).toBe(1000);
  });

  test("of a day ago has its place in the tables taken by what comes now", async () => {
    const world = published(SPLIT);
    world.report({ sequence: 1, routes: [holding(KEY, 1, SPLIT, 1)] });
    await world.pass((KEPT_MINUTES - 1) * 60_000);
    world.report({ sequence: 2, routes: [holding(KEY, 1, SPLIT, 1)] });
    expect(world.stored(KEY)).toBe(2);
    await world.pass(60_000);
    world.report({ sequence: 3, routes: [holding(KEY, 1, SPLIT, 1)] });
    expect(world.stored(KEY)).toBe(2);
  });

  test("is told apart for so many routes, those with a split first, and the rest adds up", async () => {
    const world = new HubWorld(0, { routes: 2 });
    const [one = "", two = "", three = "", split = ""] = keysOf(0, 4);
    for (const key of [one, two, three])
      world.core.publish({ key, version: 1, text: A, at: world.now });
    world.core.publish({ key: split, version: 1, text: SPLIT, at: world.now });
    const plain = [one, two, three].map((key) => holding(key, 1, A, 1));
    world.report({ sequence: 1, routes: plain });
    await world.pass(60_000);
    world.report({ sequence: 2, routes: plain });
    expect([one, two, three, ""].map((key) => world.stored(key))).toEqual([2, 2, 0, 2]);
    await world.pass(60_000);
    world.report({ sequence: 3, routes: [...plain, holding(split, 1, SPLIT, 1)] });
    await world.pass(60_000);
    // The first one gives its place, with what it had counted until then.
    expect([one, two, three, "", split].map((key) => world.stored(key))).toEqual([3, 3, 0, 3, 1]);
    world.report({ sequence: 4, routes: plain });
    await world.pass(120_000);
    expect([one, two, three, "", split].map((key) => world.stored(key))).toEqual([3, 4, 0, 5, 1]);
  });

  test("is written at once below one in ten seconds, and together with others above", async () => {
    const world = published(SPLIT);
    let writes = 0;
    world.sql.before = (query) => {
      if (/^(?:INSERT|UPDATE|DELETE)/.test(query.trim())) writes += 1;
    };
    for (let sequence = 1; sequence <= 200; sequence += 1) {
      world.report({ isolate: `i-${sequence}`, routes: [holding(KEY, 1, SPLIT, 1)] });
    }
    expect(writes).toBe(2);
    await world.pass(STORED_MS);
    expect(world.stored(KEY)).toBe(200);
    expect(writes).toBeLessThan(8);
  });

  test("is refused for another shard, and unread past its limits", () => {
    const world = published(A);
    expect(() => world.core.report(1, "{}")).toThrow("shard 0");
    expect(() => world.core.report(0, "{}")).toThrow("not a report");
  });
});

describe("limits", () => {
  test("one isolate reports so often and no more, and looks up so often and no more", () => {
    const world = published(A);
    for (let sequence = 1; sequence <= ISOLATE_BURST; sequence += 1) world.report({ sequence });
    expect(() => world.report({ sequence: ISOLATE_BURST + 1 })).toThrow("too many");
    world.report({ isolate: "j" });
    world.now += 1000;
    const lookups = keysOf(0, 9).slice(4);
    const found = world.report({ sequence: ISOLATE_BURST + 1, lookups });
    expect(found.unknown).toEqual(lookups.slice(0, LOOKUPS_PER_SECOND));
    for (let more = 2; more <= ISOLATE_REPORTS_PER_SECOND; more += 1)
      expect(world.report({ sequence: ISOLATE_BURST + more, lookups }).unknown).toEqual([]);
    expect(() => world.report({ sequence: 99 })).toThrow("too many");
  });

  test("look-ups are shed before reports, and reports at twice what a shard takes", () => {
    const world = published(A);
    const tell = (n: number) => world.report({ isolate: `i-${n}`, lookups: [UNKNOWN] }).unknown;
    for (let n = 1; n <= REPORTS_PER_SECOND; n += 1) expect(tell(n)).toEqual([UNKNOWN]);
    for (let n = 1; n <= REPORTS_PER_SECOND; n += 1)
      expect(tell(n + REPORTS_PER_SECOND)).toEqual([]);
    expect(() => tell(0)).toThrow("too many");
    world.now += 1000;
    expect(tell(0)).toEqual([UNKNOWN]);
  });

  test.each([
    [500, MIN_INTERVAL_MS],
    [501, 1002],
    [2500, 5000],
    [10_000, 20_000],
    [MAX_ISOLATES, 32_000],
  ])("%i isolates report so that a shard takes what it can", (isolates, intervalMs) => {
    const world = published(A);
    for (let n = 1; n < isolates; n += 1) {
      if (n % 900 === 0) world.now += 1000;
      world.report({ isolate: `i-${n}` });
    }
    world.now += 1000;
    expect(world.report({ isolate: "last" }).nextMs).toBe(intervalMs);
    world.now += ACTIVE_MS;
    expect(world.report({ isolate: "last", sequence: 2 }).nextMs).toBe(MIN_INTERVAL_MS);
    expect(MAX_INTERVAL_MS).toBeGreaterThan(intervalMs);
  });

  test("isolates that were made up push out nobody who reports, and fit into a row", () => {
    const world = published(SPLIT);
    for (let n = 0; n < MAX_ISOLATES; n += 1) {
      if (n % 900 === 0) world.now += 1000;
      world.report({ isolate: `${n}`.padStart(48, "x") });
    }
    world.now += 1000;
    expect(() => world.report({ isolate: "one more" })).toThrow("too many");
    world.report({ isolate: "0".padStart(48, "x"), sequence: 2 });
    world.now += STORED_MS;
    void world.core.alarm();
    const { packed = "" } =
      world.sql.exec<{ packed: string }>("SELECT packed FROM state").toArray()[0] ?? {};
    expect(packed.length).toBeGreaterThan(1_000_000);
    expect(packed.length).toBeLessThan(2_000_000 - MAX_OPEN_CHARS);
    world.now += ACTIVE_MS;
    expect(world.report({ isolate: "one more" }).sequence).toBe(1);
  });
});
