import { describe, expect, test } from "vitest";

import {
  canary,
  counted,
  DAY_MS,
  digestOf,
  MeasuredWorld,
  MINUTE_MS,
} from "../../../support/measured.ts";
import { keysOf } from "../../../support/hub.ts";
import { MAX_FIGURES_PER_PAGE } from "../../../../src/hub/measure/answers.ts";

const status = (world: MeasuredWorld) => {
  const page = world.core.asked(0).status({ prefix: "", after: "", limit: 100 });
  const [route] = page.routes;
  if (route === undefined) throw new Error("no route");
  return route;
};

const tell = (world: MeasuredWorld, ok: number, failed: number) =>
  world.tell({
    splits: [
      world.split({
        minutes: [
          {
            minute: Math.floor(world.now / MINUTE_MS),
            variants: [counted("stable", ok), counted("canary", ok - failed, failed)],
          },
        ],
      }),
    ],
  });

describe("a route at a glance", () => {
  test("has its shares now, and requests and failures of the last five whole minutes", async () => {
    const world = new MeasuredWorld(canary(10));
    for (let minute = 0; minute < 8; minute += 1) {
      tell(world, minute < 2 ? 1000 : 10, minute < 2 ? 1000 : 1);
      await world.pass(MINUTE_MS);
    }
    // The minute that has just begun is not a whole one.
    tell(world, 700, 700);
    expect(status(world)).toEqual({
      route: world.key,
      version: 1,
      reportedAt: new Date(world.now).toISOString(),
      drift: false,
      experiments: [
        {
          experiment: world.experiment,
          strategy: "canary",
          shares: { stable: 0.9, canary: 0.1 },
          requestsPerMinute: 20,
          failureShare: { stable: 0, canary: 0.1 },
          srm: "ok",
          guard: null,
          verdict: world.results().verdict,
        },
      ],
    });
    world.edit(canary(20));
    expect(status(world).experiments[0]?.shares).toEqual({ stable: 0.8, canary: 0.2 });
  });

  test("says how its ramp is", () => {
    const world = new MeasuredWorld();
    const startAt = new Date(world.now - MINUTE_MS).toISOString();
    const steps = [{ percent: 5, holdSeconds: 600 }, { percent: 100 }];
    world.edit(canary(5, { percent: undefined, ramp: { startAt, steps } }));
    expect(status(world).experiments[0]).toMatchObject({
      shares: { stable: 0.95, canary: 0.05 },
      ramp: { state: "running", begun: 1, steps: 2 },
      next: {
        at: new Date(world.now + 9 * MINUTE_MS).toISOString(),
        shares: { stable: 0, canary: 1 },
      },
    });
  });

  test("says when it was reported, to the minute after a crash, and not once a day has gone by", async () => {
    const world = new MeasuredWorld();
    expect(status(world).reportedAt).toBeNull();
    world.now += 20_000;
    tell(world, 1, 0);
    await world.store();
    const at = world.now - 10_000;
    world.crash();
    const told = Date.parse(status(world).reportedAt ?? "");
    expect(told).toBe(Math.floor(at / MINUTE_MS) * MINUTE_MS);
    await world.pass(DAY_MS);
    expect(status(world).reportedAt).toBeNull();
  });

  test("is as new as its metrics say", () => {
    const world = new MeasuredWorld();
    const metrics = () => world.core.asked(0).metrics(world.key, { window: 3600, step: 60 });
    expect(metrics()).toMatchObject({ version: 1, reportedAt: null });
    world.now += 20_000;
    tell(world, 1, 0);
    world.edit(canary(20));
    world.now += 3000;
    const { version, reportedAt } = status(world);
    expect(metrics()).toMatchObject({ version, reportedAt });
    expect(version).toBe(2);
    expect(reportedAt).toBe(new Date(world.now - 3000).toISOString());
  });

  test("is told for all routes, a page at a time", () => {
    const world = new MeasuredWorld();
    const keys = keysOf(0, 5).toSorted();
    for (const key of keys.filter((one) => one !== world.key))
      world.core.publish({ key, version: 1, text: '"https://a.example.com"', at: world.now });
    const answers = world.core.asked(0);
    const first = answers.status({ prefix: "", after: "", limit: 3 });
    expect(first.routes.map(({ route }) => route)).toEqual(keys.slice(0, 3));
    const second = answers.status({ prefix: "", after: first.upTo ?? "", limit: 3 });
    expect(second.routes.map(({ route }) => route)).toEqual(keys.slice(3));
    expect(second.upTo).toBeNull();
    expect(second.routes.flatMap(({ experiments }) => experiments).length).toBeLessThan(2);
  });

  test("ends a page once its routes have taken as many figures as one may, and goes on from there", () => {
    const world = new MeasuredWorld();
    // Fifty variants, each with its failures and one goal: ten such routes fill a page.
    const variants = Array.from({ length: 50 }, (_, n) => ({
      name: `v${n}`,
      origin: "https://a.example.com",
      weight: 1,
    }));
    const goals = [{ name: "buy", match: { path: "/done" } }];
    const text = JSON.stringify({ strategy: "weighted", variants, goals });
    const page = (keys: readonly string[], after: string) => {
      for (const key of keys) world.core.publish({ key, version: 2, text, at: world.now });
      return world.core.asked(0).status({ prefix: "", after, limit: 100 });
    };
    const keys = keysOf(0, MAX_FIGURES_PER_PAGE / 100).toSorted();
    const whole = page(keys, "");
    expect(whole.routes.map(({ route }) => route)).toEqual(keys);
    expect(whole.upTo).toBeNull();
    const more = keysOf(0, keys.length + 1).toSorted();
    const first = page(more, "");
    expect(first.routes.map(({ route }) => route)).toEqual(more.slice(0, -1));
    expect(first.upTo).toBe(more.at(-2));
    const second = page(more, first.upTo ?? "");
    expect(second.routes.map(({ route }) => route)).toEqual(more.slice(-1));
    expect(second.upTo).toBeNull();
  });
});

describe("the ratio of a sample", () => {
  const uneven = async (text: string) => {
    const world = new MeasuredWorld(text);
    for (let from = 0; from < 200; from += 100)
      world.meet(...Array.from({ length: 100 }, (_, n) => ({ digest: digestOf(from + n) })));
    await world.store();
    return world;
  };

  test("stays an alert, whatever comes after it, through a crash", async () => {
    const world = await uneven(canary(50));
    expect(world.results().srm.verdict).toBe("alert");
    for (let from = 200; from < 400; from += 100)
      world.meet(
        ...Array.from({ length: 100 }, (_, n) => ({
          digest: digestOf(from + n),
          variant: "canary",
        })),
      );
    await world.store();
    world.crash();
    expect(world.of("canary").visitors).toBe(world.of("stable").visitors);
    expect(world.results().srm.verdict).toBe("alert");
    expect(status(world).experiments[0]?.srm).toBe("alert");
  });

  test("says nothing of a split without a draw", async () => {
    const world = await uneven(
      JSON.stringify({
        strategy: "blue-green",
        blue: "https://a.example.com",
        green: "https://b.example.com",
        active: "blue",
      }),
    );
    expect(world.results().srm.verdict).toBe("ok");
  });
});

test("a route with a split takes six rows a minute, and another one takes one, however many isolates report", async () => {
  for (const [text, most] of [
    [canary(50), 6],
    ['"https://a.example.com"', 1],
  ] as const) {
    const world = new MeasuredWorld();
    world.core.publish({ key: world.key, version: 2, text, at: world.now });
    world.now += 5 * MINUTE_MS;
    let rows = 0;
    world.sql.before = (query) => {
      if (/INTO (?:minutes|hours)/.test(query)) rows += 1;
    };
    const minutes = 10;
    for (let second = 0; second < 60 * minutes; second += 1) {
      world.tell({}, 1);
      await world.pass(1000);
    }
    // Hours come to one more in sixty minutes; here none ends.
    // The first is written at once, the last at the end of the last ten seconds.
    expect(rows).toBeLessThanOrEqual(most * minutes + 1);
    expect(rows / minutes).toBeGreaterThan(most * 0.7);
    await world.pass(MINUTE_MS);
    world.tell({}, 0);
    await world.pass(MINUTE_MS);
    expect(world.stored(world.key)).toBe(60 * minutes);
  }
});
