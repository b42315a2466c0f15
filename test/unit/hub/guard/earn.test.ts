import { expect, test } from "vitest";

import { GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

const HOUR_MS = 3_600_000;
const HOLD_MS = 600_000;

/** The world's clock begins at 2027-01-15T08:00:00Z. */
const RAMP = JSON.stringify({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  ramp: {
    startAt: "2027-01-15T08:00:00Z",
    steps: [
      { percent: 20, holdSeconds: HOLD_MS / 1000 },
      { percent: 50, holdSeconds: HOLD_MS / 1000 },
      { percent: 100 },
    ],
  },
  ...guardOf([INCREASE], { earn: true }),
});

const earnedIn = (world: GuardedWorld): unknown =>
  (world.policy()["ramp"] as Record<string, unknown>)["earned"];

/** So many visitors that a step is earned. */
const ENOUGH = 2000;

const meets = (world: GuardedWorld, count: number) => {
  for (let left = count; left > 0; left -= 50) {
    world.now += 10;
    world.tell({ visitors: [...world.visitors(40, "stable"), ...world.visitors(10, "canary")] });
  }
};

test("a step is granted when its hold is over, by one edit, and has its whole hold from then on", async () => {
  const world = await GuardedWorld.with(RAMP);
  meets(world, 5 * ENOUGH);
  await world.pass(HOLD_MS - (world.now % HOLD_MS) - 20_000);
  expect(world.byGuard).toEqual([]);
  expect(world.status().ramp).toMatchObject({ step: 0, steps: 3 });
  expect(world.status().ramp?.missing).toMatch(/held for \d+ s more/);
  await world.pass(HOLD_MS);
  expect(world.byGuard).toMatchObject([{ action: "grant", version: 2 }]);
  expect(earnedIn(world)).toBe(1);
  expect(world.notices("guard-granted")).toMatchObject([{ version: 2, receivers: ["ops"] }]);
  // The visitors of the step before earn nothing more.
  await world.pass(24 * HOUR_MS);
  expect(world.byGuard).toHaveLength(1);
  expect(world.status().ramp?.missing).toMatch(/more visitors/);
  meets(world, 5 * ENOUGH);
  await world.pass(60_000);
  expect(earnedIn(world)).toBe(2);
  expect(world.status().ramp).toEqual({ step: 2, steps: 3, missing: null });
  expect(world.sent).toHaveLength(2);
});

test("with no traffic, and with a request a minute, a ramp stands", async () => {
  const world = await GuardedWorld.with(RAMP);
  await world.pass(24 * HOUR_MS);
  for (let minute = 0; minute < 120; minute += 1) {
    world.tell({ visitors: world.visitors(1, minute % 5 === 0 ? "canary" : "stable") });
    await world.pass(60_000);
  }
  expect([world.sent, earnedIn(world)]).toEqual([[], undefined]);
  expect(world.status().ramp?.missing).toMatch(/more visitors/);
});

test("a ledger that is gone for hours grants once it is back, and nothing twice", async () => {
  const world = await GuardedWorld.with(RAMP);
  meets(world, 5 * ENOUGH);
  world.trouble = "unreachable";
  await world.pass(5 * HOUR_MS);
  expect(world.byGuard).toEqual([]);
  expect(world.status().ramp?.missing).toMatch(/ledger has not answered/);
  world.crash();
  world.trouble = "answer-lost";
  await world.pass(60_000);
  world.trouble = "none";
  await world.pass(5 * HOUR_MS);
  expect(world.byGuard).toHaveLength(1);
  expect(earnedIn(world)).toBe(1);
  expect(new Set(world.sent.map(({ version }) => version))).toEqual(new Set([1]));
});

test("a breach takes back while a ramp waits, and grants nothing", async () => {
  const world = await GuardedWorld.with(RAMP);
  meets(world, 5 * ENOUGH);
  await world.pass(10_000);
  world.tell({ visitors: world.failing(60, "canary") });
  world.tell({ visitors: world.failing(60, "canary") });
  await world.pass(HOLD_MS);
  expect(world.byGuard).toMatchObject([{ action: "abort" }]);
  expect(world.status()).toMatchObject({ verdict: "acted" });
});

test("a breach takes the place of a grant that the ledger has not answered", async () => {
  const world = await GuardedWorld.with(RAMP);
  meets(world, 5 * ENOUGH);
  world.trouble = "unreachable";
  await world.pass(HOLD_MS + 10_000);
  expect(world.sent[0]?.action.kind).toBe("grant");
  for (let n = 0; n < 3; n += 1) world.tell({ visitors: world.failing(60, "canary") });
  await world.pass(10_000);
  expect(world.sent.at(-1)?.action.kind).toBe("abort");
  world.trouble = "none";
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ action: "abort", version: 2 }]);
});

test("a paused ramp, and a guard that is silent, grant nothing", async () => {
  const paused = JSON.parse(RAMP) as { ramp: object };
  const world = await GuardedWorld.with(
    JSON.stringify({ ...paused, ramp: { ...paused.ramp, pausedAt: "2027-01-15T09:00:00Z" } }),
  );
  meets(world, 5 * ENOUGH);
  await world.pass(HOUR_MS / 2);
  expect(world.status().ramp?.missing).toMatch(/paused/);
  await world.write(RAMP, { silences: true });
  await world.pass(HOUR_MS);
  expect(world.sent).toEqual([]);
  expect(world.status().ramp?.missing).toMatch(/silent/);
});
