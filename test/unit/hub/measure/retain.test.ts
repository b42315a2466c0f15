import { describe, expect, test } from "vitest";

import { KEPT_GONE_MS } from "../../../../src/hub/measure/chores.ts";
import { canary, DAY_MS, digestOf, MeasuredWorld } from "../../../support/measured.ts";

const GONE = '"https://a.example.com"';

async function withVisitors(): Promise<MeasuredWorld> {
  const world = new MeasuredWorld(canary(50), { slice: 10 });
  for (let n = 0; n < 35; n += 1) world.meet({ digest: digestOf(n) });
  await world.store();
  world.reach({});
  await world.store();
  return world;
}

describe("an experiment", () => {
  test("is kept until 90 days after its node went, and then deleted with all that belongs to it", async () => {
    const world = await withVisitors();
    await world.pass(100 * DAY_MS);
    expect(world.rows("visitors")).toBe(35);
    world.core.publish({ key: world.key, version: 2, text: GONE, at: world.now });
    await world.pass(KEPT_GONE_MS - DAY_MS);
    expect(world.rows("visitors")).toBe(35);
    expect(world.results().variants).toMatchObject([{ variant: "stable", visitors: 35 }]);
    await world.pass(3 * DAY_MS);
    for (const table of ["visitors", "reached", "allocations", "experiments"])
      expect([table, world.rows(table)]).toEqual([table, 0]);
  });

  test("whose node comes back in time goes on", async () => {
    const world = await withVisitors();
    world.core.publish({ key: world.key, version: 2, text: GONE, at: world.now });
    await world.pass(KEPT_GONE_MS - DAY_MS);
    world.version = 2;
    world.edit(canary(50));
    await world.pass(60 * DAY_MS);
    expect(world.of("stable").visitors).toBe(35);
    world.core.publish({ key: world.key, version: 4, text: GONE, at: world.now });
    await world.pass(KEPT_GONE_MS - DAY_MS);
    expect(world.rows("visitors")).toBe(35);
  });

  test("is looked for once a day, through a crash", async () => {
    const world = await withVisitors();
    world.core.publish({ key: world.key, version: 2, text: GONE, at: world.now });
    for (let day = 0; day < 93; day += 1) {
      await world.pass(DAY_MS - 3_600_000);
      world.report({ sequence: day + 1 });
      await world.store();
      world.crash();
      await world.pass(3_600_000);
    }
    expect(world.rows("visitors")).toBe(0);
  });
});

test("minutes and hours of a route that is silent are deleted once a day", async () => {
  const world = new MeasuredWorld();
  world.tell({}, 5);
  await world.store();
  expect([world.rows("minutes"), world.rows("hours")]).toEqual([1, 0]);
  await world.pass(DAY_MS - 60_000);
  expect([world.rows("minutes"), world.rows("hours")]).toEqual([1, 1]);
  // A day and no more old, when it is looked for: next time.
  await world.pass(DAY_MS + 120_000);
  expect([world.rows("minutes"), world.rows("hours")]).toEqual([0, 1]);
  await world.pass(88 * DAY_MS);
  expect(world.rows("hours")).toBe(1);
  await world.pass(2 * DAY_MS);
  expect(world.rows("hours")).toBe(0);
});
