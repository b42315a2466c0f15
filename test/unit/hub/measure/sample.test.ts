import { describe, expect, test } from "vitest";

import { belowOf } from "../../../../src/hub/measure/visitors.ts";
import { sampleUnit } from "../../../../src/lib/visitor-digest.ts";
import { canary, digestOf, MeasuredWorld } from "../../../support/measured.ts";

/** Tells of visitors from one number to another, a hundred a report, half of them on each variant. */
async function meetMany(world: MeasuredWorld, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += 100) {
    const last = Math.min(to, first + 100);
    const some = Array.from({ length: last - first }, (_, n) => first + n);
    world.meet(
      ...some.map((n) => ({ digest: digestOf(n), variant: n % 2 === 0 ? "stable" : "canary" })),
    );
  }
  await world.store();
}

const within = (halvings: number, from: number, to: number, step = 1) => {
  let count = 0;
  for (let n = from; n < to; n += step) if (sampleUnit(digestOf(n)) < 2 ** -halvings) count += 1;
  return count;
};

const exposed = (world: MeasuredWorld) => {
  const dropped = world.sql.exec<{ dropped: string }>("SELECT dropped FROM allocations").toArray();
  let together = world.results().variants.reduce((sum, { visitors }) => sum + visitors, 0);
  for (const row of dropped)
    for (const count of Object.values(JSON.parse(row.dropped) as Record<string, number>))
      together += count;
  return together;
};

describe("a sample", () => {
  test("has everybody up to its size, and above it half of them, the same as sampleUnit says", async () => {
    const world = new MeasuredWorld(canary(50), { sampled: 1000, slice: 100 });
    await meetMany(world, 0, 1000);
    expect(world.results().sampleRate).toBe(1);
    expect(world.rows("visitors")).toBe(1000);
    const news = world.meet({ digest: digestOf(1000), variant: "stable" });
    expect(news.samples ?? []).toEqual([]);
    await world.store();
    const left = within(1, 0, 1001);
    expect(left).toBeLessThan(1000);
    expect(world.results().sampleRate).toBe(0.5);
    expect(world.of("stable").visitors).toBe(within(1, 0, 1001, 2));
    expect(exposed(world)).toBe(1001);
    await world.pass(5000);
    expect(world.rows("visitors")).toBe(left);
    expect(world.sql.exec("SELECT halvings, swept FROM experiments").toArray()).toEqual([
      { halvings: 1, swept: 1 },
    ]);
  });

  test("is told to isolates, and who is above it is not taken", async () => {
    const world = new MeasuredWorld(canary(50), { sampled: 10 });
    await meetMany(world, 0, 100);
    const { halvings } =
      world.sql.exec<{ halvings: number }>("SELECT halvings FROM experiments").toArray()[0] ?? {};
    expect(halvings).toBeGreaterThan(2);
    expect(world.meet().samples).toEqual([
      { key: world.key, experiment: world.experiment, halvings },
    ]);
    const before = exposed(world);
    expect(before).toBe(100);
    await meetMany(world, 100, 200);
    expect(exposed(world)).toBe(before + within(halvings ?? 0, 100, 200));
  });

  test("comes to the same, whether its rows are deleted yet or not, and after a crash", async () => {
    const world = new MeasuredWorld(canary(50), { sampled: 1000, slice: 7 });
    await meetMany(world, 0, 900);
    for (let n = 0; n < 900; n += 1) {
      if (n % 3 === 0) world.reach({ digest: digestOf(n) });
      if (n % 90 === 0) await world.store();
    }
    await meetMany(world, 900, 1100);
    const results = () => {
      const { variants, goals, srm, strata } = world.results();
      return { variants, goals, srm, strata };
    };
    const before = results();
    expect(world.rows("visitors")).toBeGreaterThan(900);
    world.crash();
    expect(results()).toEqual(before);
    await world.pass(60_000);
    expect(world.rows("visitors")).toBe(within(1, 0, 1100));
    expect(world.rows("reached")).toBe(
      Array.from({ length: 300 }, (_, n) => n * 3).filter((n) => digestOf(n) < belowOf(1)).length,
    );
    expect(results()).toEqual(before);
    world.crash();
    expect(results()).toEqual(before);
  });

  test("is halved where a shard has more visitors than it should, the largest first", async () => {
    const split = (name: string) => ({
      ...(JSON.parse(canary(50)) as object),
      goals: undefined,
      experiment: name,
    });
    const world = new MeasuredWorld(
      JSON.stringify({ strategy: "path-map", paths: { "/a": split("a"), "/b": split("b") } }),
      { visitors: 150 },
    );
    const meet = (experiment: string, from: number, to: number) =>
      world.tell({
        splits: [
          {
            ...world.splitOf(experiment),
            visitors: Array.from({ length: to - from }, (_, n) =>
              world.visitor({ digest: digestOf(from + n) }),
            ),
          },
        ],
      });
    meet("a", 0, 100);
    meet("b", 0, 50);
    await world.store();
    const rates = () =>
      world.core
        .asked(0)
        .results(world.key)
        ?.experiments.map(({ experiment, sampleRate }) => [experiment, sampleRate])
        .toSorted();
    expect(rates()).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    meet("b", 50, 51);
    await world.store();
    expect(rates()).toEqual([
      ["a", 0.5],
      ["b", 1],
    ]);
  });

  test("is halved where a shard is behind with storing, and not where it has time", async () => {
    const world = new MeasuredWorld(canary(50), { queue: 200 });
    await world.store();
    await meetMany(world, 0, 199);
    expect(world.results().sampleRate).toBe(1);
    await world.pass(60_000);
    await meetMany(world, 1000, 1100);
    expect(world.results().sampleRate).toBe(1);
    // The first is stored at once; two hundred more come before ten seconds are over.
    world.meet({ digest: digestOf(5000) });
    await meetMany(world, 2000, 2200);
    expect(world.results().sampleRate).toBe(0.5);
  });
});
