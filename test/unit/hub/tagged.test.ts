import { beforeEach, describe, expect, it } from "vitest";
import { JUDGED_MS } from "../../../src/hub/guard/schedule.ts";
import type { Tagged } from "../../../src/report/answers.ts";
import { holding, keysOf } from "../../support/hub.ts";
import { GUARDED, GuardedWorld } from "../../support/guarded.ts";
import { canary, counted, DAY_MS, digestOf, MeasuredWorld } from "../../support/measured.ts";

const METRICS = { window: 600, step: 60 };
const MINUTE_MS = 60_000;
const [, OTHER = "", NOBODY = ""] = keysOf(0, 3);

let world: MeasuredWorld;

/** Each question about the route or the shard, as one that may know the answer asks it. */
const questions = {
  metrics: (known?: string) => world.core.tagged.metrics(world.key, METRICS, known),
  results: (known?: string) => world.core.tagged.results(world.key, known),
  status: (known?: string) =>
    world.core.tagged.status(0, { prefix: "", after: "", limit: 10 }, known),
};

const NAMES = ["metrics", "results", "status"] as const;

function tagOf(told: Tagged<object> | undefined): string {
  if (told === undefined || "unchanged" in told || told.tag === undefined)
    throw new Error("no tag");
  return told.tag;
}

const tags = () => NAMES.map((name) => tagOf(questions[name]()));

/** The questions of which an answer with a tag is not good any more. */
const changed = (known: readonly string[]) =>
  NAMES.filter((name, n) => {
    const told = questions[name](known[n]);
    return told === undefined || !("unchanged" in told);
  });

const report = () =>
  world.tell(
    {
      splits: [
        world.split({
          minutes: [
            { minute: Math.floor(world.now / MINUTE_MS), variants: [counted("stable", 5)] },
          ],
        }),
      ],
    },
    5,
  );

beforeEach(() => {
  world = new MeasuredWorld(canary(50, { goals: [{ name: "buy", from: "origin" }] }));
  // Far from where the clock changes anything.
  world.now = Math.floor(world.now / MINUTE_MS) * MINUTE_MS + 1000;
  report();
  world.core.publish({ key: OTHER, version: 1, text: canary(50), at: world.now });
});

describe("an answer with a tag", () => {
  it("is good while nothing changes, and no row is read to say so", () => {
    const known = tags();
    const read: string[] = [];
    world.sql.before = (query) => void read.push(query);
    expect(changed(known)).toEqual([]);
    expect(read).toEqual([]);
    expect(changed([])).toEqual(NAMES);
    expect(read).not.toEqual([]);
  });

  it("is not the answer to another question", () => {
    const { key } = world;
    const { tagged } = world.core;
    const [metrics, results, status] = tags();
    const page = { prefix: "", after: "", limit: 10 };
    for (const told of [
      tagged.metrics(key, { ...METRICS, window: 660 }, metrics),
      tagged.metrics(key, { ...METRICS, step: 120 }, metrics),
      tagged.metrics(OTHER, METRICS, metrics),
      tagged.results(OTHER, results),
      tagged.results(key, metrics),
      tagged.status(0, { ...page, prefix: "t" }, status),
      tagged.status(0, { ...page, after: "a" }, status),
      tagged.status(0, { ...page, limit: 9 }, status),
    ])
      expect(told).not.toHaveProperty("unchanged");
  });

  it.each<[string, () => unknown]>([
    ["a report", report],
    ["an edit", () => world.edit(canary(60))],
    ["a visitor who is forgotten", () => world.core.asked(0).forget(world.key, "0".repeat(16))],
    [
      "a posted goal",
      () =>
        world.core
          .asked(0)
          .takeGoals(world.key, [{ digest: "0".repeat(16), name: "buy", at: world.now }]),
    ],
    ["an object that began anew", () => world.crash()],
  ])("is not good after %s", (_, change) => {
    const known = tags();
    change();
    expect(changed(known)).toEqual(NAMES);
  });

  it("is never good for another object, though as much has changed there", () => {
    world.crash();
    const known = tags();
    world.crash();
    expect(changed(known)).toEqual(NAMES);
  });

  it("is not good once visitors are stored who waited", async () => {
    world.now += 10_000;
    report();
    world.meet({});
    const known = tags();
    await world.store();
    expect(changed(known)).toEqual(NAMES);
    expect(world.of("stable").visitors).toBe(1);
  });

  it("of one route does not depend on another's traffic", () => {
    const known = tags();
    const { key, version, text } = world;
    const of = { key: OTHER, version: 1, text: canary(50) };
    Object.assign(world, of);
    report();
    Object.assign(world, { key, version, text });
    expect(changed(known)).toEqual(["status"]);
  });

  it("of a route that is only asked for by its isolates stands, but for when it was reported", () => {
    const known = tags();
    world.now += 10;
    world.tell({});
    expect(changed(known)).toEqual(["status"]);
  });

  it("is good until the minute turns", () => {
    const known = tags();
    world.now += MINUTE_MS - 1001;
    expect(changed(known)).toEqual([]);
    world.now += 1;
    expect(changed(known)).toEqual(NAMES);
  });

  it("of metrics is good until its window moves, within a minute too", () => {
    const ask = (known?: string) =>
      world.core.tagged.metrics(world.key, { window: 90, step: 60 }, known);
    const known = tagOf(ask());
    world.now += 28_999;
    expect(ask(known)).toEqual({ unchanged: true });
    world.now += 1;
    expect(ask(known)).not.toHaveProperty("unchanged");
  });

  it("is good until the policy's own clock changes it", () => {
    const lease = { until: new Date(world.now + 5000).toISOString() };
    world.edit(canary(50, { lease }));
    const known = tags();
    world.now += 4999;
    expect(changed(known)).toEqual([]);
    world.now += 1;
    expect(changed(known)).toEqual(["results", "status"]);
  });

  it("is given of a route without figures only where its ledger has it, as far as the hub knows", () => {
    const ask = () => world.core.tagged.results(OTHER, undefined);
    expect(tagOf(ask())).not.toBe("");
    world.core.publish({ key: OTHER, version: 2, text: "https://a.example.com", at: world.now });
    const quiet = () => world.core.tagged.metrics(OTHER, METRICS, undefined);
    expect(tagOf(quiet())).not.toBe("");
    world.core.publish({ key: OTHER, version: 3, text: null, at: world.now });
    expect(quiet()).not.toHaveProperty("tag");
    expect(world.core.tagged.metrics(NOBODY, METRICS, undefined)).toBeUndefined();
  });
});

/** Whether results with a tag that was given now are told anew after something happened in no time. */
async function tellsAnew(
  of: Pick<MeasuredWorld, "core" | "key">,
  happens: () => unknown,
): Promise<boolean> {
  const known = tagOf(of.core.tagged.results(of.key, undefined));
  expect(of.core.tagged.results(of.key, known)).toEqual({ unchanged: true });
  await happens();
  const told = of.core.tagged.results(of.key, known);
  return told !== undefined && !("unchanged" in told);
}

describe("results are told anew", () => {
  it("when a guard judges, sends an order, and hears what became of it", async () => {
    const guarded = await GuardedWorld.with(GUARDED);
    await guarded.pass(5000);
    guarded.trouble = "unreachable";
    guarded.breaks();
    guarded.now += 2000;
    // Stored and judged in memory's order: the order is made, and sent to nobody who answers.
    expect(await tellsAnew(guarded, async () => guarded.core.alarm())).toBe(true);
    expect(guarded.status().checks[0]?.missing).toMatch(/has not answered|about to act|ledger/);
    guarded.now += 2000;
    expect(await tellsAnew(guarded, async () => guarded.core.alarm())).toBe(true);
  });

  it("when a guard judges by what it remembers", async () => {
    const guard = { checks: [{ metric: "failures", max: 2 }], windowSeconds: 3600 };
    const guarded = await GuardedWorld.with(canary(50, { guard }));
    await guarded.pass(5000);
    guarded.tell({ watched: guarded.watched(1, "canary") });
    guarded.tell({ watched: guarded.watched(30, "canary", { failed: true }) });
    guarded.now += JUDGED_MS;
    // A report of nothing: the shard judges whenever it hears of anybody.
    expect(await tellsAnew(guarded, () => guarded.report({ isolate: "another" }))).toBe(true);
    expect(guarded.rows("guard_orders")).toBe(1);
  });

  it("when its place is another route's", async () => {
    const small = new MeasuredWorld(canary(50), { routes: 1 });
    const plain = "https://a.example.com";
    small.core.publish({ key: OTHER, version: 1, text: JSON.stringify(plain), at: small.now });
    small.report({ isolate: "plain", routes: [holding(OTHER, 1, JSON.stringify(plain), 3)] });
    const ask = (known?: string) => small.core.tagged.metrics(OTHER, METRICS, known);
    const known = tagOf(ask());
    expect(ask(known)).toEqual({ unchanged: true });
    small.tell({}, 1);
    expect(ask(known)).not.toHaveProperty("unchanged");
  });

  it("when a sample of another route is halved", async () => {
    const small = new MeasuredWorld(canary(50), { visitors: 20 });
    for (let n = 0; n < 20; n += 1) small.meet({ digest: digestOf(n) });
    await small.store();
    small.core.publish({ key: OTHER, version: 1, text: canary(50), at: small.now });
    await small.pass(10_000);
    const { core, key } = small;
    expect(small.results().sampleRate).toBe(1);
    const another = () => {
      Object.assign(small, { key: OTHER, version: 1, text: canary(50) });
      const visitors = [small.visitor({ digest: digestOf(21) })];
      small.tell({ splits: [{ ...small.splitOf(OTHER), visitors }] });
    };
    expect(await tellsAnew({ core, key }, another)).toBe(true);
    Object.assign(small, { key });
    expect(small.results().sampleRate).toBeLessThan(1);
  });

  it("when something was deleted as it was too old", async () => {
    world.meet({});
    await world.store();
    world.now += DAY_MS;
    expect(await tellsAnew(world, async () => world.core.alarm())).toBe(true);
  });
});
