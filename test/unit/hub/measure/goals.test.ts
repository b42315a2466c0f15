import { describe, expect, test } from "vitest";

import { LATE_MS, WAIT_MS } from "../../../../src/hub/measure/reach.ts";
import { canary, digestOf, MeasuredWorld } from "../../../support/measured.ts";

/** A shard that has met visitor 0 on the canary. */
async function exposed(text?: string, limits = {}): Promise<MeasuredWorld> {
  const world = new MeasuredWorld(text, limits);
  world.meet({ variant: "canary" });
  await world.store();
  return world;
}

describe("a goal", () => {
  test("counts once a visitor, however often it is reached", async () => {
    const world = await exposed();
    world.reach({}, {});
    await world.store();
    world.reach({});
    await world.store();
    expect(world.of("canary").conversions).toBe(1);
  });

  test("with values adds up, each visitor's up to the cap, which may change", async () => {
    const world = await exposed();
    world.meet({ digest: digestOf(1), variant: "canary" });
    const revenue = { goal: "revenue" };
    world.reach(
      { ...revenue, value: 70 },
      { ...revenue, value: 50 },
      { ...revenue, digest: digestOf(1) },
    );
    await world.store();
    expect(world.of("canary", "revenue")).toMatchObject({ conversions: 2, sum: 101, capped: 1 });
    world.edit(
      canary(50, { goals: [{ name: "revenue", from: "origin", count: "every", cap: 110 }] }),
    );
    expect(world.of("canary", "revenue")).toMatchObject({ conversions: 2, sum: 111, capped: 1 });
    world.edit(
      canary(50, { goals: [{ name: "revenue", from: "origin", count: "every", cap: 120 }] }),
    );
    expect(world.of("canary", "revenue")).toMatchObject({ conversions: 2, sum: 121, capped: 0 });
    world.crash();
    expect(world.of("canary", "revenue")).toMatchObject({ conversions: 2, sum: 121, capped: 0 });
  });

  test("with an id counts once, however often it comes and from wherever", async () => {
    const world = await exposed();
    const order = { goal: "revenue", value: 9, id: "order-17" };
    world.reach(order, order);
    await world.store();
    world.crash();
    world.reach(order);
    await world.store();
    const posted = {
      name: "revenue",
      digest: digestOf(0),
      at: world.now,
      value: 9,
      id: "order-17",
    };
    const answer = world.core
      .asked(0)
      .takeGoals(world.key, [posted, { ...posted, id: "order-18" }]);
    expect(answer).toEqual({ taken: 1, known: 1, unknown: 0 });
    expect(world.of("canary", "revenue").sum).toBe(18);
  });

  test("is known by its id for so many ids, and the oldest are deleted", async () => {
    const world = await exposed(undefined, { idsInGeneration: 2 });
    const order = (n: number) => ({ goal: "revenue", value: 1, id: `order-${n}` });
    for (let n = 0; n < 9; n += 1) world.reach(order(n));
    await world.store();
    expect(world.of("canary", "revenue").sum).toBe(9);
    // Four generations: 2–3, 4–5, 6–7, 8.
    world.reach(order(2));
    await world.store();
    expect(world.of("canary", "revenue").sum).toBe(9);
    expect(world.rows("goal_ids")).toBe(7);
    world.reach(order(1));
    await world.store();
    expect(world.of("canary", "revenue").sum).toBe(10);
  });

  test("that comes before its exposure waits for it, so long and no longer, and outlives a crash", async () => {
    const world = new MeasuredWorld();
    world.meet({ digest: digestOf(1) });
    await world.store();
    const at = world.now;
    world.reach({});
    await world.store();
    expect(world.rows("waiting_goals")).toBe(1);
    world.crash();
    world.now = at + WAIT_MS - 1000;
    world.meet({ variant: "canary", at });
    await world.store();
    expect(world.of("canary").conversions).toBe(1);
    expect(world.rows("waiting_goals")).toBe(0);
    world.reach({ digest: digestOf(2) });
    await world.store();
    expect(world.rows("waiting_goals")).toBe(1);
    const reached = world.now;
    await world.pass(WAIT_MS + 1000);
    expect(world.rows("waiting_goals")).toBe(0);
    world.meet({ digest: digestOf(2), variant: "canary", at: reached - 60_000 });
    await world.store();
    expect(world.of("canary").conversions).toBe(1);
  });

  test("was reached before the exposure, by event time, and does not count", async () => {
    const world = await exposed();
    world.meet({ digest: digestOf(1), variant: "canary", at: world.now });
    world.reach({ digest: digestOf(1), at: world.now - 1 }, { digest: digestOf(0), at: world.now });
    await world.store();
    expect(world.of("canary").conversions).toBe(1);
    await world.pass(WAIT_MS + 1000);
    expect(world.of("canary").conversions).toBe(1);
  });

  test("counts where another isolate tells later that the exposure was earlier", async () => {
    const world = await exposed();
    const at = world.now;
    world.meet({ digest: digestOf(1), variant: "canary", at });
    world.reach({ digest: digestOf(1), at: at - 100 });
    await world.store();
    expect(world.of("canary").conversions).toBe(0);
    world.meet({ digest: digestOf(1), variant: "canary", at: at - 200 });
    await world.store();
    expect(world.of("canary")).toMatchObject({ visitors: 2, conversions: 1 });
  });

  test("waits with so many others and no more", async () => {
    const world = new MeasuredWorld(canary(50), { waiting: 2 });
    world.meet({ digest: digestOf(9) });
    world.reach({}, { digest: digestOf(1) }, { digest: digestOf(2) });
    await world.store();
    expect(world.rows("waiting_goals")).toBe(2);
  });

  test("counts while the visitor's allocation is in force, at the time at which it was reached", async () => {
    const world = await exposed();
    const before = world.now;
    await world.pass(60_000);
    world.edit(canary(20));
    world.meet({ digest: digestOf(1), variant: "canary" });
    await world.pass(60_000);
    world.reach({ at: world.now });
    await world.store();
    expect(world.of("canary").conversions).toBe(0);
    const post = (at: number, n = 0) =>
      world.core.asked(0).takeGoals(world.key, [{ name: "buy", digest: digestOf(n), at }]);
    expect(post(before + 60_000)).toEqual({ taken: 0, known: 0, unknown: 1 });
    expect(post(before + 59_999)).toEqual({ taken: 1, known: 0, unknown: 0 });
    expect(post(before + 59_999)).toEqual({ taken: 0, known: 1, unknown: 0 });
    // Shares that come back are the same ones again.
    world.edit(canary(50));
    const again = world.now;
    world.meet({ digest: digestOf(2) });
    await world.store();
    expect(post(again - 1, 1)).toEqual({ taken: 1, known: 0, unknown: 0 });
    world.meet({ digest: digestOf(3), at: before });
    await world.store();
    expect(post(again, 3)).toEqual({ taken: 1, known: 0, unknown: 0 });
  });

  test("is posted for somebody whom no experiment has met", async () => {
    const world = await exposed();
    const post = (at: number) =>
      world.core.asked(0).takeGoals(world.key, [{ name: "buy", digest: digestOf(7), at }]);
    // Their exposure may still come.
    expect(post(world.now)).toEqual({ taken: 1, known: 0, unknown: 0 });
    expect(post(world.now - LATE_MS)).toEqual({ taken: 0, known: 0, unknown: 1 });
    expect(world.core.asked(0).takeGoals("no-such-route", [])).toBeUndefined();
  });

  test("that is posted right after its exposure was reported counts", () => {
    const world = new MeasuredWorld();
    world.meet({ digest: digestOf(1) });
    world.meet({ variant: "canary" });
    const answers = world.core.asked(0);
    const goal = { name: "buy", digest: digestOf(0), at: world.now };
    expect(answers.takeGoals(world.key, [goal])).toEqual({ taken: 1, known: 0, unknown: 0 });
    expect(world.of("canary").conversions).toBe(1);
  });

  test("that no policy has is nobody's, and one of nobody is told as that", async () => {
    const world = await exposed();
    world.reach({ goal: "invented" });
    const { experiment } = world;
    const unattributed = [
      { experiment, goal: "buy", count: 3 },
      { experiment, goal: "invented", count: 4 },
      { experiment: "invented", goal: "buy", count: 5 },
    ];
    world.tell({ unattributed, splits: [world.split({ unchecked: 2 })] });
    await world.store();
    world.tell({ unattributed });
    await world.store();
    expect(world.results().goals.map(({ goal, unattributed: n }) => [goal, n])).toEqual([
      ["buy", 6],
      ["revenue", 0],
    ]);
    expect(world.results().apart.unchecked).toBe(2);
    expect(world.rows("reached")).toBe(0);
  });

  test("counts for each experiment of the route to which its visitor was exposed", async () => {
    const split = (name: string) => ({
      ...(JSON.parse(canary(50)) as object),
      goals: undefined,
      experiment: name,
    });
    const text = JSON.stringify({
      strategy: "path-map",
      paths: { "/a": split("one"), "/b": split("two"), "/c": split("three") },
      goals: [{ name: "buy", match: { path: "/done" } }],
    });
    const world = new MeasuredWorld(text);
    const { allocation } = world;
    // Each split has its own salt, and so an allocation of its own.
    const parts = ["one", "two", "three"].map((experiment) => world.splitOf(experiment));
    expect(new Set(parts.map((one) => one.allocation.id)).size).toBe(3);
    expect(allocation).toBeDefined();
    const [one, two, three] = parts;
    if (one === undefined || two === undefined || three === undefined) throw new Error("no splits");
    world.tell({
      splits: [
        { ...one, visitors: [world.visitor({})] },
        { ...three, visitors: [world.visitor({ digest: digestOf(4) })] },
      ],
    });
    await world.store();
    world.reach({});
    await world.store();
    // The exposure to the second one comes late, and was before the goal.
    world.tell({ splits: [{ ...two, visitors: [world.visitor({ at: world.now - 15_000 })] }] });
    await world.store();
    const found = world.core.asked(0).results(world.key)?.experiments ?? [];
    const reached = found.map(({ experiment, goals }): [string, number | undefined] => [
      experiment,
      goals[0]?.variants.reduce((sum, { conversions }) => sum + conversions, 0),
    ]);
    expect(new Map(reached)).toEqual(
      new Map([
        ["one", 1],
        ["two", 1],
        ["three", 0],
      ]),
    );
  });
});
