import { describe, expect, test } from "vitest";

import { canary, digestOf, MeasuredWorld, MINUTE_MS } from "../../../support/measured.ts";

describe("a visitor", () => {
  test("belongs to the variant of their first exposure, once, however often they are told of", async () => {
    const world = new MeasuredWorld();
    world.meet({ digest: digestOf(1), variant: "canary" });
    world.meet({ digest: digestOf(1), variant: "canary" }, { digest: digestOf(2) });
    await world.store();
    expect(world.of("canary").visitors).toBe(1);
    expect(world.of("stable").visitors).toBe(1);
    expect(world.results().apart).toEqual({ byRule: 0, olderPins: 0, unchecked: 0 });
  });

  test("who meets another variant under the same allocation stays, and is a crossover", async () => {
    const world = new MeasuredWorld();
    world.meet({ variant: "canary" }, { digest: digestOf(1), variant: "canary" });
    world.meet({ variant: "stable" });
    world.meet({ digest: digestOf(1), variant: "stable", exposure: "rule" });
    await world.store();
    expect(world.of("canary")).toMatchObject({ visitors: 2, crossoverShare: 0.5 });
    expect(world.of("stable").visitors).toBe(0);
  });

  test("stays with their first allocation, and what they do under another one is not counted", async () => {
    const world = new MeasuredWorld();
    world.meet({ variant: "canary" });
    await world.store();
    world.edit(canary(20));
    world.meet({ variant: "stable", failed: [Math.floor(world.now / MINUTE_MS)] });
    world.meet({ digest: digestOf(5), variant: "canary" });
    await world.store();
    expect(world.of("canary")).toMatchObject({ visitors: 2, failed: 0, crossoverShare: 0 });
    expect(world.results().strata.map(({ allocation }) => allocation)).toEqual(["50/50", "80/20"]);
  });

  test("with a pin counts where no draw behind it can be older than the hub's record", async () => {
    const world = new MeasuredWorld();
    world.meet({ digest: digestOf(1) });
    const since = world.now;
    await world.store();
    const pinned = { exposure: "pinned" } as const;
    world.meet(
      { digest: digestOf(2), ...pinned, seenAt: since },
      { digest: digestOf(3), ...pinned, seenAt: since - 1 },
      { digest: digestOf(4), ...pinned },
      { digest: digestOf(5), exposure: "older", seenAt: since },
      { digest: digestOf(6), exposure: "rule" },
    );
    await world.store();
    expect(world.of("stable").visitors).toBe(2);
    expect(world.results().apart).toMatchObject({ byRule: 1, olderPins: 3 });
  });

  test("of an old pin or a rule is exposed when they are drawn", async () => {
    const world = new MeasuredWorld();
    world.meet({ exposure: "older" }, { digest: digestOf(1), exposure: "rule" });
    await world.store();
    world.meet({ variant: "canary" }, { digest: digestOf(1), variant: "canary" });
    await world.store();
    expect(world.of("canary").visitors).toBe(2);
    expect(world.results().apart).toMatchObject({ byRule: 0, olderPins: 0 });
  });

  test("has a failure once, in whatever minutes", async () => {
    const world = new MeasuredWorld();
    const minute = Math.floor(world.now / MINUTE_MS);
    world.meet({ failed: [minute, minute - 1] });
    await world.store();
    world.meet({ failed: [minute, minute + 1] });
    await world.store();
    expect(world.of("stable").failed).toBe(1);
    const rows = world.sql.exec("SELECT failed, first_failed, last_failed FROM visitors").toArray();
    // The minute to come is not one yet when it is told.
    expect(rows).toEqual([{ failed: 2, first_failed: minute - 1, last_failed: minute }]);
  });

  test("is the hub's word alone: names that no policy has make nothing", async () => {
    const world = new MeasuredWorld();
    const { allocation } = world;
    world.tell({
      splits: [
        world.split({ experiment: "invented", visitors: [world.visitor({})] }),
        world.split({ visitors: [world.visitor({ variant: "invented" })] }),
        world.split({
          allocation: { ...allocation, id: "x", shares: { stable: 0.5, invented: 0.5 } },
          visitors: [world.visitor({ digest: digestOf(1) })],
        }),
      ],
    });
    await world.store();
    expect(world.rows("visitors")).toBe(0);
    expect(world.rows("experiments")).toBe(0);
  });

  test("of a variant that the newest policy has no more is still known under its allocation", async () => {
    const names = (...variants: string[]) =>
      JSON.stringify({
        strategy: "weighted",
        variants: variants.map((name) => ({
          name,
          weight: 1,
          origin: `https://${name}.example.com`,
        })),
      });
    const world = new MeasuredWorld(names("a", "b"));
    const before = world.allocation;
    world.meet({ variant: "a" });
    await world.store();
    world.edit(names("a", "c"));
    world.tell({
      splits: [
        world.split({
          allocation: before,
          visitors: [world.visitor({ digest: digestOf(1), variant: "b" })],
        }),
        world.split({ visitors: [world.visitor({ digest: digestOf(2), variant: "c" })] }),
        world.split({ visitors: [world.visitor({ digest: digestOf(3), variant: "d" })] }),
      ],
    });
    await world.store();
    expect(world.results().variants.map(({ variant, visitors }) => [variant, visitors])).toEqual([
      ["a", 1],
      ["c", 1],
      ["b", 1],
    ]);
  });

  test("is kept under so many allocations and no more", async () => {
    const world = new MeasuredWorld(canary(50), { allocations: 2 });
    for (const [n, percent] of [10, 20, 30].entries()) {
      world.edit(canary(percent));
      world.meet({ digest: digestOf(n) });
      await world.store();
    }
    expect(world.rows("allocations")).toBe(2);
    expect(world.rows("visitors")).toBe(2);
  });

  test("takes one row, and none where nothing is new of them", async () => {
    const world = new MeasuredWorld();
    world.meet({ digest: digestOf(1) });
    await world.store();
    let writes = 0;
    world.sql.before = (query) => {
      if (/^\s*(?:INSERT|UPDATE|DELETE)/.test(query) && /visitors|reached/.test(query)) writes += 1;
    };
    world.meet({ digest: digestOf(1) }, { digest: digestOf(2) });
    await world.store();
    expect(writes).toBe(1);
  });

  test("can be forgotten, everywhere on the route, and stays counted for the ratio", async () => {
    const world = new MeasuredWorld();
    world.meet({}, { digest: digestOf(1) });
    world.reach({});
    await world.store();
    world.reach({ digest: digestOf(9) });
    await world.store();
    const answers = world.core.asked(0);
    expect(answers.forget(world.key, digestOf(0))).toBe(true);
    expect(answers.forget(world.key, digestOf(9))).toBe(true);
    expect(answers.forget(world.key, digestOf(0))).toBe(false);
    expect([world.rows("visitors"), world.rows("reached"), world.rows("waiting_goals")]).toEqual([
      1, 0, 0,
    ]);
    expect(world.of("stable")).toMatchObject({ visitors: 1, conversions: 0 });
    expect(world.sql.exec("SELECT dropped FROM allocations").toArray()).toEqual([
      { dropped: '{"stable":1}' },
    ]);
    // Nor does what waits in memory bring them back.
    world.now += 1;
    world.meet({ digest: digestOf(2) });
    world.meet({ digest: digestOf(3) });
    expect(answers.forget(world.key, digestOf(3))).toBe(true);
    await world.store();
    expect(world.of("stable").visitors).toBe(2);
  });
});
