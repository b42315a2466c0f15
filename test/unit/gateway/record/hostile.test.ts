import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { describe, expect, test } from "vitest";

import { MAX_MET, MAX_TOLD, SETTLE_EVERY } from "../../../../src/gateway/record/visitors.ts";
import { MAX_WAITING_GOALS, MAX_WAITING_VISITORS } from "../../../../src/gateway/record/bounds.ts";
import { sampleUnit } from "../../../../src/lib/visitor-digest.ts";
import { cookieOf, evenly, traffic } from "./traffic.ts";
import { goalsIn, HOST, splitsIn, visitorsIn } from "./world.ts";

/** Invented ids of one attack: several times as many as anything here remembers. */
const INVENTED = 4 * MAX_TOLD;

/** Visitors of an hour. */
const MANY = 100_000;

const MIB = 2 ** 20;

const uncheckedIn = (world: ReturnType<typeof traffic>) =>
  splitsIn(world.told()).reduce((sum, { unchecked = 0 }) => sum + unchecked, 0);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the heap holds after all that can go has gone. */
function heapBytes(): number {
  for (let turn = 0; turn < 4; turn += 1) collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

describe("more invented cookies than are remembered", () => {
  test.each<[string, (index: number) => string]>([
    ["without a check", (index) => cookieOf(index).replace(/^(1\..{22}).{5}/, "$1")],
    ["with a made-up check", (index) => cookieOf(index, "AAAAA")],
    ["with the check of another", (index) => cookieOf(index, cookieOf(0).slice(24, 29))],
    ["cut off", (index) => cookieOf(index).slice(0, 30)],
  ])("%s make no visitor, and push none out", async (_what, make) => {
    const world = traffic({ [HOST]: evenly(["a", "b"]) });
    world.go({ cookie: cookieOf(-1) });
    await world.reports();
    for (let index = 1; index <= INVENTED; index += 1) {
      world.go({ cookie: make(index) });
      // As between two requests of a busy isolate.
      if (index % SETTLE_EVERY === 0) await Promise.resolve();
      if (index % MAX_MET === 0) await world.clock.pass(0);
    }
    world.go({ cookie: cookieOf(-1) });
    await world.reports();
    expect(visitorsIn(world.told())).toHaveLength(1);
    expect(uncheckedIn(world)).toBeLessThanOrEqual(INVENTED);
  });

  test("of one client that sends the same again are one", async () => {
    const world = traffic({ [HOST]: evenly(["a", "b"]) });
    for (let index = 0; index < 2000; index += 1) world.go({ cookie: cookieOf(1, "AAAAA") });
    await world.reports();
    expect(uncheckedIn(world)).toBe(1);
  });
});

test("of one client that also meets failures are one", async () => {
  const world = traffic({ [HOST]: evenly(["a", "b"]) });
  const cookie = cookieOf(1, "AAAAA");
  world.go({ cookie });
  world.go({ cookie, failure: "network" });
  await world.reports();
  expect(uncheckedIn(world)).toBe(1);
});

test("so many visitors wait for their digests at most, while nothing runs behind responses", async () => {
  const world = traffic({ [HOST]: evenly(["a", "b"]) });
  for (let index = 0; index < 3 * MAX_MET; index += 1)
    world.go({ cookie: cookieOf(index, "AAAAA") });
  await world.reports();
  expect(uncheckedIn(world)).toBe(MAX_MET);
});

describe("clients that keep no cookie", () => {
  test("are no visitors, unless each opens a page", async () => {
    const world = traffic({ [HOST]: evenly(["a", "b"]) });
    for (let index = 0; index < 100; index += 1)
      world.go({ headers: { "sec-fetch-dest": "empty" } });
    await world.reports();
    expect(visitorsIn(world.told())).toEqual([]);
  });
});

describe("what waits for a hub that is away", () => {
  test("are so many visitors, goals and minutes at most", async () => {
    const goals = [{ name: "any", match: { path: "/*" } }];
    const world = traffic({ [HOST]: evenly(["a", "b"], { goals }) });
    world.hub.fails = true;
    for (let visitor = 0; visitor < 3 * MAX_WAITING_VISITORS; visitor += 1) {
      world.go({ cookie: cookieOf(visitor) });
      if (visitor % SETTLE_EVERY === 0) await world.clock.pass(100);
    }
    world.hub.fails = false;
    for (let turn = 0; turn < 60; turn += 1) {
      world.go({ method: "HEAD" });
      await world.clock.pass(6000);
    }
    const told = visitorsIn(world.told()).length;
    expect(told).toBeGreaterThanOrEqual(MAX_WAITING_VISITORS);
    expect(told).toBeLessThanOrEqual(MAX_WAITING_VISITORS + 100);
    const reached = goalsIn(world.told()).length;
    expect(reached).toBeGreaterThanOrEqual(MAX_WAITING_GOALS);
    expect(reached).toBeLessThanOrEqual(MAX_WAITING_GOALS + 100);
  });

  test("is chosen by when they came: who comes back, or fails, is no more likely to be told of", async () => {
    const world = traffic({ [HOST]: evenly(["a", "b"]) });
    world.hub.fails = true;
    const visitors = MAX_TOLD / 2;
    for (let round = 0; round < 3; round += 1)
      for (let visitor = 0; visitor < visitors; visitor += 1) {
        world.go({
          cookie: cookieOf(visitor),
          ...(round > 0 && visitor % 2 === 0 ? { failure: "network" as const } : {}),
        });
        if (visitor % SETTLE_EVERY === 0) await world.clock.pass(10);
      }
    world.hub.fails = false;
    for (let turn = 0; turn < 60; turn += 1) {
      world.go({ method: "HEAD" });
      await world.clock.pass(6000);
    }
    const lines = visitorsIn(world.told());
    const byVariant = (name: string) =>
      new Set(lines.filter(({ variant }) => variant === name).map(({ digest }) => digest)).size;
    const all = byVariant("a") + byVariant("b");
    expect(all).toBeLessThanOrEqual(MAX_WAITING_VISITORS + 100);
    // 1 100 at an even split: further off than five standard deviations has a chance below 1e-6.
    expect(Math.abs(byVariant("a") - all / 2)).toBeLessThan(5 * Math.sqrt(all / 4));
    expect(lines.every(({ digest }) => sampleUnit(digest) < 1)).toBe(true);
  });
});

describe("memory", () => {
  test("of 256 routes with a split each, a hub away for an hour and 100 000 visitors is 2 MB at most", async () => {
    const keys = Array.from({ length: 256 }, (_, index) => `s${index}.example.com`);
    const world = traffic(Object.fromEntries(keys.map((key) => [key, evenly(["a", "b"])])));
    for (const key of keys) world.go({ key });
    await world.reports();
    world.sent.splice(0);
    const before = heapBytes();
    world.hub.fails = true;
    let visitor = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      for (let request = 0; request < MANY / 60; request += 1) {
        const long = `${"x".repeat(500)}=${visitor}`;
        world.go({
          key: keys[visitor % 256] ?? "",
          cookie: cookieOf(visitor),
          headers: { "x-long": long },
        });
        visitor += 1;
        if (visitor % SETTLE_EVERY === 0) await world.clock.pass(100);
      }
      await world.clock.pass(50_000);
      world.sent.splice(0);
      world.behind.length = 0;
    }
    const grown = heapBytes() - before;
    console.log(`counting takes ${(grown / MIB).toFixed(2)} MB`);
    expect(grown).toBeLessThan(2 * MIB);
    expect(world.told()).toEqual([]);
  });
});
