import { describe, expect, test } from "vitest";

import { latencyEdgeMs } from "../../../../src/lib/latency.ts";
import { MAX_POINTS_TOGETHER } from "../../../../src/report/answers.ts";
import {
  canary,
  counted,
  DAY_MS,
  HOUR_MS,
  MeasuredWorld,
  MINUTE_MS,
} from "../../../support/measured.ts";

const minuteOf = (world: MeasuredWorld, back = 0) => Math.floor(world.now / MINUTE_MS) - back;

const tell = (world: MeasuredWorld, ok: number, failed = 0, back = 0) =>
  world.tell(
    {
      splits: [
        world.split({
          minutes: [{ minute: minuteOf(world, back), variants: [counted("canary", ok, failed)] }],
        }),
      ],
    },
    ok + failed,
  );

const metrics = (world: MeasuredWorld, window: number, step: number) => {
  const found = world.core.asked(0).metrics(world.key, { window, step });
  if (found === undefined) throw new Error("no route");
  return found;
};

const requestsOf = (world: MeasuredWorld, window: number, step: number) =>
  metrics(world, window, step).series.flatMap(({ points }) =>
    points.map(({ requests }) => requests),
  );

const totals = (world: MeasuredWorld, scope = ["*"]) => world.core.asked(0).totals(scope);

describe("counts", () => {
  test("are told by variant and minute, those that count apart from the others", async () => {
    const world = new MeasuredWorld();
    tell(world, 3, 1);
    const others = { requests: 2, status: [0, 1, 1, 0], latency: [0, 2] } as const;
    const minute = minuteOf(world);
    world.tell({
      splits: [
        world.split({
          minutes: [
            { minute, variants: [{ variant: "canary", others, rescued: 1, reasons: { bot: 2 } }] },
          ],
        }),
      ],
    });
    await world.store();
    const point = {
      at: new Date(minute * MINUTE_MS).toISOString(),
      requests: 6,
      counted: 4,
      rescued: 1,
      status: { "2xx": 3, "3xx": 1, "4xx": 1, "5xx": 1 },
      failures: 1,
      latency: { p50: latencyEdgeMs(17), p95: latencyEdgeMs(17), p99: latencyEdgeMs(17) },
      countedOnly: {
        status: { "2xx": 3, "3xx": 0, "4xx": 0, "5xx": 1 },
        failures: 1,
        latency: { p50: latencyEdgeMs(17), p95: latencyEdgeMs(17), p99: latencyEdgeMs(17) },
      },
    };
    expect(metrics(world, 300, 60)).toMatchObject({
      route: world.key,
      step: 60,
      series: [{ experiment: world.experiment, variant: "canary", points: [point] }],
    });
    expect(world.core.asked(0).metrics("no-such-route", { window: 60, step: 60 })).toBeUndefined();
  });

  test("are told before they are stored, and the same after a crash that comes after it", async () => {
    const world = new MeasuredWorld();
    tell(world, 3);
    tell(world, 4);
    const before = metrics(world, 300, 60);
    expect(requestsOf(world, 300, 60)).toEqual([7]);
    await world.store();
    world.crash();
    const after = metrics(world, 300, 60);
    expect(after.series).toEqual(before.series);
  });

  test("of minutes long ago are those of the fifth before, and none is of a minute to come", async () => {
    const world = new MeasuredWorld();
    for (const back of [-3, 0, 5, 6, 900]) tell(world, 1, 0, back);
    await world.store();
    expect(requestsOf(world, 600, 60)).toEqual([3, 2]);
  });

  test("are merged into steps that begin where the clock's do", async () => {
    const world = new MeasuredWorld();
    world.now = 300_000 * 6_000_000 + 4 * MINUTE_MS;
    tell(world, 1);
    await world.pass(MINUTE_MS);
    tell(world, 2);
    await world.pass(MINUTE_MS);
    tell(world, 4);
    await world.store();
    expect(requestsOf(world, 600, 60)).toEqual([1, 2, 4]);
    expect(requestsOf(world, 600, 300)).toEqual([1, 6]);
    // As long as was asked for, in whole minutes.
    expect(metrics(world, 600, 61).step).toBe(120);
  });

  test("are told by the hour beyond a day, until 90 days are over", async () => {
    const world = new MeasuredWorld();
    tell(world, 1);
    await world.pass(HOUR_MS);
    tell(world, 2);
    await world.pass(2 * DAY_MS);
    tell(world, 4);
    await world.store();
    expect(requestsOf(world, 86_400, 60)).toEqual([4]);
    expect(requestsOf(world, 86_401, 60)).toEqual([4]);
    expect(metrics(world, 86_401, 60).step).toBe(3600);
    expect(requestsOf(world, 3 * 86_400, 3600)).toEqual([1, 2, 4]);
    await world.pass(90 * DAY_MS - 2 * DAY_MS - 2 * HOUR_MS);
    // Of so long a time steps have two hours.
    expect(requestsOf(world, 90 * 86_400, 3600)).toEqual([3, 4]);
    await world.pass(3 * HOUR_MS);
    expect(requestsOf(world, 90 * 86_400, 3600)).toEqual([4]);
  });

  test("have longer steps where there would be too many points", async () => {
    const variants = Array.from({ length: 64 }, (_, n) => `v${n}`);
    const text = JSON.stringify({
      strategy: "weighted",
      variants: variants.map((name) => ({ name, weight: 1, origin: "https://a.example.com" })),
    });
    const world = new MeasuredWorld(text);
    world.tell({
      splits: [
        world.split({
          minutes: [
            { minute: minuteOf(world), variants: variants.map((name) => counted(name, 1)) },
          ],
        }),
      ],
    });
    const { step, series } = metrics(world, 86_400, 60);
    expect(series).toHaveLength(64);
    expect((64 * 86_400) / step).toBeLessThanOrEqual(MAX_POINTS_TOGETHER);
    expect((64 * 86_400) / (step - 60)).toBeGreaterThan(MAX_POINTS_TOGETHER);
  });

  test("never lose what they come to, and never grow by what comes again", async () => {
    const world = new MeasuredWorld();
    let sum = 0;
    for (let hour = 0; hour < 60; hour += 1) {
      tell(world, hour + 1, 1);
      sum += hour + 2;
      await world.pass(HOUR_MS - 7 * MINUTE_MS);
      if (hour % 7 === 3) world.crash();
      const [series] = totals(world).series;
      expect(series).toMatchObject({ counted: sum, others: 0, status: { "5xx": hour + 1 } });
      expect(series?.failures).toEqual({ network: 0, timeout: 0, status: hour + 1, down: 0 });
      expect(series?.latency[17]).toBe(sum - hour - 1);
    }
    expect(world.rows("minutes")).toBeLessThanOrEqual(60);
    expect(totals(world).series[0]?.latencySumMs).toBeCloseTo((sum - 60) * latencyEdgeMs(17), 3);
  });

  test("come to totals of the routes that a scope covers, with shares, visitors and goals", async () => {
    const world = new MeasuredWorld(canary(20));
    tell(world, 5);
    world.meet({ variant: "canary" });
    world.reach({});
    await world.store();
    const [series] = totals(world, ["tenant-*"]).series;
    expect(series).toMatchObject({ route: world.key, share: 0.2, visitors: 1, goals: { buy: 1 } });
    // One of canary where four of five were to get stable.
    expect(series?.srmP).toBeGreaterThan(0.1);
    expect(totals(world, ["tenant-*"]).reportedAt).toHaveProperty(world.key);
    expect(totals(world, ["shop-*"])).toEqual({ series: [], other: 0, reportedAt: {}, guards: [] });
    expect(totals(world, [])).toEqual({ series: [], other: 0, reportedAt: {}, guards: [] });
  });

  test("of names that no policy has are those of the route alone", async () => {
    const world = new MeasuredWorld();
    const minute = minuteOf(world);
    world.tell(
      {
        splits: [
          world.split({ minutes: [{ minute, variants: [counted("invented", 2)] }] }),
          world.split({
            experiment: "invented",
            minutes: [{ minute, variants: [counted("canary", 2)] }],
          }),
        ],
      },
      4,
    );
    await world.store();
    expect(totals(world).series).toEqual([]);
    expect(world.stored(world.key)).toBe(4);
  });

  test("are told apart for so many variants of a route, and room is made where splits are gone", async () => {
    const split = (name: string) => ({
      ...(JSON.parse(canary(50)) as object),
      goals: undefined,
      experiment: name,
    });
    const text = (...names: string[]) =>
      JSON.stringify({
        strategy: "path-map",
        paths: Object.fromEntries(names.map((name) => [`/${name}`, split(name)])),
      });
    const world = new MeasuredWorld(text("one", "two"), { series: 3 });
    const all = (...names: string[]) =>
      world.tell({
        splits: names.map((name) => ({
          ...world.splitOf(name),
          minutes: [
            { minute: minuteOf(world), variants: [counted("stable", 1), counted("canary", 1)] },
          ],
        })),
      });
    all("one", "two");
    await world.pass(2 * HOUR_MS);
    const names = () => totals(world).series.map((one) => `${one.experiment} ${one.variant}`);
    expect(names()).toEqual(["one stable", "one canary", "two stable"]);
    world.edit(text("two", "three"));
    all("two", "three");
    await world.store();
    expect(names()).toEqual(["two stable", "two canary", "three stable"]);
  });
});
