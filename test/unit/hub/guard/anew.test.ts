import { expect, test } from "vitest";

import { canary } from "../../../support/measured.ts";
import { GUARDED, GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

const sound = (world: GuardedWorld) =>
  world.tell({
    visitors: (["canary", "stable"] as const).flatMap((variant) => [
      ...world.visitors(20, variant),
      // From enough addresses for a verdict, had there been one.
      ...world.failing(6, variant),
    ]),
  });

test("a canary that a person took back is judged by its new visitors alone once it is sent some again", async () => {
  const world = await GuardedWorld.with(canary(50, guardOf([INCREASE], { action: "alert" })));
  world.breaks(60);
  await world.pass(5000);
  await world.edit({ kind: "act", action: { name: "abort" } });
  await world.pass(60_000);
  // Mended, and tried again.
  await world.write(GUARDED);
  sound(world);
  await world.pass(60_000);
  expect(world.byGuard).toEqual([]);
  world.breaks(60);
  await world.pass(60_000);
  expect(world.byGuard).toHaveLength(1);
});

test.each([
  ["the route was deleted", { kind: "delete" }],
  ["its split was taken away", { kind: "put", policy: "https://a.example.com", apply: false }],
  [
    "everybody was forced to the control",
    { kind: "act", action: { name: "force", variant: "stable" } },
  ],
] as const)("so is one that comes again after %s, through a restart", async (_what, change) => {
  const world = await GuardedWorld.with(canary(50, guardOf([INCREASE], { action: "alert" })));
  world.breaks(60);
  await world.pass(5000);
  await world.edit(change);
  await world.pass(60_000);
  world.crash();
  await world.pass(60_000);
  await world.write(GUARDED);
  sound(world);
  await world.pass(60_000);
  expect(world.byGuard).toEqual([]);
  world.breaks(60);
  await world.pass(60_000);
  expect(world.byGuard).toHaveLength(1);
});

test("other shares, and a pause, begin nothing anew", async () => {
  const world = await GuardedWorld.with(canary(50, guardOf([INCREASE], { action: "alert" })));
  world.breaks();
  await world.pass(5000);
  await world.write(canary(40, guardOf([INCREASE])));
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ version: 3 }]);
});

test("a pause that a guard made keeps it from nothing once the ramp goes on with another action", async () => {
  const steps = [{ percent: 50, holdSeconds: 86_400 }, { percent: 100 }];
  const ramp = { startAt: "2027-01-15T07:00:00Z", steps };
  const text = (action: string) =>
    canary(50, { percent: undefined, ramp, ...guardOf([INCREASE], { action }) });
  const world = await GuardedWorld.with(text("pause"));
  world.breaks();
  await world.pass(5000);
  expect(world.byGuard).toMatchObject([{ action: "pause" }]);
  await world.write(text("alert"));
  world.breaks();
  await world.pass(60_000);
  expect(world.notices("guard-alerted")).toMatchObject([{ version: 3 }]);
});
