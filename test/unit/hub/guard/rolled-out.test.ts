import { describe, expect, test } from "vitest";

import { canary } from "../../../support/measured.ts";
import { GUARDED, GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

const HOUR_MS = 3_600_000;

/** A world whose canary was taken back. */
async function takenBack(text = GUARDED): Promise<GuardedWorld> {
  const world = await GuardedWorld.with(text);
  world.breaks();
  await world.pass(20_000);
  expect(world.byGuard).toHaveLength(1);
  return world;
}

describe("a roll-out that begins anew", () => {
  test("is judged by what comes after it alone", async () => {
    const world = await takenBack();
    await world.write(GUARDED);
    await world.pass(60_000);
    world.crash();
    await world.pass(60_000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.status()).toMatchObject({ verdict: "watching", checks: [{ value: null }] });
    expect(world.status()).not.toHaveProperty("acted");
    world.tell({ visitors: [...world.visitors(200, "stable"), ...world.visitors(200, "canary")] });
    await world.pass(60_000);
    expect(world.status()).toMatchObject({ checks: [{ value: 0, visitors: 200 }] });
    // Whom the one before had: they are of that one, whatever comes of them.
    const [late] = world.failing(1, "canary");
    expect(late).toBeDefined();
    expect(world.byGuard).toHaveLength(1);
    world.breaks(60);
    await world.pass(20_000);
    expect(world.byGuard).toHaveLength(2);
    expect(world.byGuard[0]?.note).toMatch(/60 of 320 visitors/);
  });

  test("does not count what reports tell late of the one before", async () => {
    const world = await takenBack();
    const at = world.now;
    await world.pass(1000);
    await world.write(GUARDED);
    world.tell({ visitors: world.failing(50, "canary", { at }) });
    world.tell({ visitors: world.visitors(50, "stable", { at }) });
    await world.pass(60_000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.status().checks).toMatchObject([{ value: null }]);
  });

  test("is not begun by edits that give nothing back", async () => {
    const world = await takenBack();
    await world.write(canary(0, guardOf([INCREASE], { windowSeconds: 60 })));
    await world.pass(60_000);
    expect(world.status()).toMatchObject({ verdict: "acted", acted: { action: "abort" } });
    await world.write(canary(20, guardOf([INCREASE])));
    await world.pass(60_000);
    expect(world.status()).toMatchObject({ verdict: "watching" });
  });

  test("forgets the windows and addresses of the one before", async () => {
    const text = canary(50, guardOf([{ metric: "failures", max: 2 }]));
    const world = await GuardedWorld.with(text);
    world.tell({ watched: world.watched(40, "canary", { failed: true }) });
    await world.pass(5000);
    expect(world.byGuard).toHaveLength(1);
    await world.write(text);
    await world.pass(1000);
    world.tell({ watched: world.watched(1, "canary", { failed: true }) });
    await world.pass(5000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.status().checks).toMatchObject([{ visitors: 1 }]);
  });
});

test("a weight changed meanwhile, and a grant, are of the same roll-out", async () => {
  const world = await GuardedWorld.with();
  world.tell({ visitors: [...world.failing(4, "canary"), ...world.visitors(40, "stable")] });
  await world.pass(20_000);
  await world.write(canary(40, guardOf([INCREASE])));
  await world.pass(5000);
  expect(world.byGuard).toEqual([]);
  world.tell({ visitors: [...world.failing(30, "canary"), ...world.visitors(40, "stable")] });
  await world.pass(20_000);
  expect(world.byGuard[0]?.note).toMatch(/34 of 34 visitors of canary/);
});

test("a guard that a person overruled is silent about that version, and watches again from the next on", async () => {
  const world = await takenBack();
  await world.write(GUARDED, { action: "promote", silences: true });
  world.breaks();
  await world.pass(HOUR_MS);
  expect([world.byGuard.length, world.noticed.length]).toEqual([1, 1]);
  expect(world.status()).toMatchObject({ verdict: "watching" });
  expect(world.status().words).toMatch(/A person gave back/);
  world.crash();
  world.breaks();
  await world.pass(HOUR_MS);
  expect(world.byGuard).toHaveLength(1);
  await world.write(canary(51, guardOf([INCREASE])));
  await world.pass(1000);
  expect(world.byGuard).toHaveLength(1);
  world.breaks();
  await world.pass(20_000);
  expect(world.byGuard).toHaveLength(2);
});

test.each([
  ["has no share", canary(0, guardOf([INCREASE])), /nobody is drawn for another variant/],
  ["is forced away", canary(50, { ...guardOf([INCREASE]), force: "stable" }), /forces everybody/],
  [
    "had a lease that has lapsed",
    canary(50, { ...guardOf([INCREASE]), lease: { until: "2027-01-15T08:00:00Z" } }),
    /nobody is drawn for another variant/,
  ],
])("there is nothing to guard where the canary %s", async (_what, text, words) => {
  const world = await GuardedWorld.with(text);
  world.breaks();
  await world.pass(60_000);
  expect(world.sent).toEqual([]);
  expect(world.noticed.filter(({ event }) => event !== "srm-alert")).toEqual([]);
  expect(world.status().verdict).toBe("watching");
  expect(world.status().words).toMatch(words);
});

describe("a pause", () => {
  const RAMP = JSON.stringify({
    strategy: "canary",
    stable: "https://a.example.com",
    canary: "https://b.example.com",
    ramp: {
      startAt: "2027-01-01T00:00:00Z",
      steps: [{ percent: 50, holdSeconds: 30_000_000 }, { percent: 100 }],
    },
    ...guardOf([INCREASE, { metric: "srm" }], { action: "pause" }),
  });

  test("is done once, and stands until a person resumes the ramp", async () => {
    const world = await takenBack(RAMP);
    expect(world.byGuard).toMatchObject([{ action: "pause" }]);
    world.breaks();
    await world.pass(60_000);
    expect(world.status()).toMatchObject({ verdict: "acted", acted: { action: "pause" } });
    expect([world.sent.length, world.notices("guard-alerted").length]).toEqual([1, 0]);
    await world.write(RAMP);
    world.breaks();
    await world.pass(60_000);
    expect(world.byGuard).toHaveLength(2);
  });

  test("for an uneven split is done once, as that evidence stays", async () => {
    const world = await GuardedWorld.with(RAMP);
    world.tell({ visitors: world.visitors(100, "stable") });
    await world.pass(20_000);
    expect(world.byGuard).toMatchObject([{ action: "pause" }]);
    expect(world.notices("srm-alert")).toMatchObject([{ route: world.key, receivers: ["ops"] }]);
    await world.write(RAMP);
    world.tell({ visitors: world.visitors(10, "stable") });
    await world.pass(60_000);
    expect(world.byGuard).toHaveLength(1);
    expect(world.notices("guard-alerted")).toHaveLength(1);
    expect(world.notices("srm-alert")).toHaveLength(1);
  });
});

test("an uneven split takes nothing back where the guard does not pause", async () => {
  const world = await GuardedWorld.with(canary(50, guardOf([{ metric: "srm" }])));
  world.tell({ visitors: world.visitors(100, "stable") });
  await world.pass(60_000);
  expect(world.sent).toEqual([]);
  expect(world.notices("guard-alerted")).toHaveLength(1);
  expect(world.status()).toMatchObject({ verdict: "alerted", checks: [{ limits: "p" }] });
});

describe("blue and green", () => {
  const of = (more: object) =>
    JSON.stringify({
      strategy: "blue-green",
      blue: "https://a.example.com",
      green: "https://b.example.com",
      active: "blue",
      ...guardOf([{ metric: "failures", max: 2 }]),
      ...more,
    });
  /** The world's clock begins at 2027-01-15T08:00:00Z. */
  const next = { active: "green", at: "2027-01-15T08:00:10Z", drainSeconds: 600 };

  test("go back to the colour before while it may still be there", async () => {
    const world = await GuardedWorld.with(of({ next }));
    await world.pass(20_000);
    world.tell({ watched: world.watched(30, "green", { failed: true }) });
    await world.pass(5000);
    expect(world.byGuard).toMatchObject([{ action: "switch-back" }]);
    expect(world.policy()).toMatchObject({ active: "blue" });
    expect(world.status()).toMatchObject({ verdict: "acted", acted: { action: "switch-back" } });
  });

  test("only tell where there is no colour to go back to", async () => {
    const world = await GuardedWorld.with(of({ next }));
    await world.pass(620_000);
    world.tell({ watched: world.watched(30, "green", { failed: true }) });
    await world.pass(5000);
    expect([world.sent.length, world.notices("guard-alerted").length]).toEqual([0, 1]);
    expect(world.status()).toMatchObject({ verdict: "alerted" });
  });
});
