import { expect, test } from "vitest";

import { allocationsIn } from "../../../support/measured.ts";
import { GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

const canary = (salt: string) => ({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent: 50,
  salt,
  ...guardOf([INCREASE]),
});

const TWO = {
  strategy: "path-map",
  paths: { "/a": canary("first"), "/b": canary("second") },
  default: "https://c.example.com",
};

/** A route whose canaries all fail in the same second. */
async function bothFail(policy: object): Promise<GuardedWorld> {
  const world = await GuardedWorld.with(JSON.stringify(policy));
  for (const [experiment, allocation] of allocationsIn(world.key, world.text, world.now))
    world.tell({
      experiment,
      allocation,
      visitors: [...world.failing(20, "canary"), ...world.visitors(20, "stable")],
    });
  await world.pass(60_000);
  return world;
}

test("two splits of a route that fail in the same second are each taken back, one after the other", async () => {
  const world = await bothFail(TWO);
  expect(world.byGuard.map(({ version, action }) => [version, action])).toEqual([
    [3, "abort"],
    [2, "abort"],
  ]);
  expect(world.policy()).toMatchObject({
    paths: { "/a": { percent: 0 }, "/b": { percent: 0 } },
  });
  expect(world.notices("guard-acted")).toHaveLength(2);
  // The one that came second was judged anew by what the first had made.
  expect(world.sent.map(({ version }) => version)).toEqual([1, 2]);
});

test("a guard in a rule's policy takes back what stands there, and nothing else", async () => {
  const rule = { name: "team", match: { header: { "x-team": "a" } }, policy: canary("of-a-rule") };
  const world = await bothFail({ ...canary("root"), guard: undefined, rules: [rule] });
  expect(world.byGuard).toHaveLength(1);
  expect(world.policy()).toMatchObject({ percent: 50, rules: [{ policy: { percent: 0 } }] });
});

test("variants that there are not, windows far away and times to come move nothing", async () => {
  const world = await GuardedWorld.with(
    JSON.stringify({ ...canary("only"), ...guardOf([{ metric: "failures", max: 5 }]) }),
  );
  const far = [0, 1, 2 ** 52];
  world.tell({
    watched: [
      ...world.watched(50, "another", { failed: true }),
      ...far.slice(0, 2).flatMap((at) => world.watched(50, "canary", { failed: true, at })),
    ],
    unlisted: [
      { variant: "another", window: Math.floor(world.now / 300_000), count: 1e8 },
      ...far.map((window) => ({ variant: "canary", window, count: 1e8 })),
    ],
  });
  await world.pass(60_000);
  expect(world.sent).toEqual([]);
  expect(world.status().checks).toMatchObject([{ value: null, visitors: 0 }]);
  // A clock that is ahead says now, and no more than that.
  world.tell({ watched: world.watched(50, "canary", { failed: true, at: 2 ** 52 }) });
  await world.pass(60_000);
  expect(world.byGuard).toMatchObject([{ action: "abort" }]);
});
