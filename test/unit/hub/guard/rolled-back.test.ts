import { expect, test } from "vitest";

import { canary } from "../../../support/measured.ts";
import { GuardedWorld, guardOf, INCREASE } from "../../../support/guarded.ts";

/** Time passes; an alarm that fails goes off again. */
async function passed(world: GuardedWorld, ms: number): Promise<void> {
  try {
    await world.pass(ms);
  } catch {
    world.alarmAt = world.now;
    await world.pass(ms);
  }
}

/** All memory is lost; an object that cannot begin is asked to once more. */
function crashed(world: GuardedWorld): void {
  try {
    world.crash();
  } catch {
    world.crash();
  }
}

const TEXT = canary(
  50,
  guardOf([INCREASE, { metric: "failures", max: 60 }, { metric: "srm" }], { notify: ["ops"] }),
);

/** A canary that is taken back, given back and taken back again; once on the way the database fails, after `fails` statements. */
async function run(fails: number | undefined, crashes: boolean) {
  const world = await GuardedWorld.with(TEXT);
  // An isolate that the hub knows: what it sends again counts if it was lost.
  let sequence = 1;
  world.tell({ visitors: world.visitors(12, "stable") }, { isolate: "sent", sequence });
  await world.pass(20_000);
  let ran = -1;
  // What counts are stored by fails in a test of its own.
  world.sql.before = (query) => {
    if (!/guard/.test(query)) return;
    ran += 1;
    if (ran === fails) throw new Error("the database fails");
  };
  const sent = (visitors = [...world.failing(12, "canary"), ...world.visitors(8, "stable")]) => {
    sequence += 1;
    const report = { isolate: "sent", sequence };
    try {
      world.tell({ visitors }, report);
    } catch {
      world.tell({ visitors }, { ...report, again: true });
    }
  };
  sent();
  await passed(world, 20_000);
  if (crashes) crashed(world);
  await passed(world, 60_000);
  world.sql.before = () => {};
  await world.write(TEXT);
  await world.pass(60_000);
  const between = { edits: world.byGuard.length, status: world.status() };
  sent();
  await world.pass(60_000);
  return {
    told: {
      between,
      orders: world.sent.map(({ version, action }) => [version, action.kind]),
      edits: world.byGuard.map(({ version, action }) => [version, action]),
      notices: world.noticed.map(({ event, version }) => [event, version]),
      verdict: world.status().verdict,
    },
    ran,
  };
}

test.each([false, true])(
  "what a database that fails did not store is decided again, and done once (restarted meanwhile: %s)",
  async (crashes) => {
    const sound = await run(undefined, crashes);
    expect(sound.told).toMatchObject({
      orders: [
        [1, "abort"],
        [3, "abort"],
      ],
      edits: [
        [4, "abort"],
        [2, "abort"],
      ],
      verdict: "acted",
    });
    let failures = 0;
    for (let fails = 0; ; fails += 1) {
      const { told, ran } = await run(fails, crashes);
      if (ran < fails) break;
      failures += 1;
      expect({ ...told, orders: [] }).toEqual({ ...sound.told, orders: [] });
      // A restart, or an answer that could not be stored, has an order sent again.
      expect(new Set(told.orders.map(String))).toEqual(new Set(sound.told.orders.map(String)));
    }
    expect(failures).toBeGreaterThan(10);
  },
);
