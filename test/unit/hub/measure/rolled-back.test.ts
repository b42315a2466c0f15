import { expect, test } from "vitest";

import { counted, digestOf, HOUR_MS, MeasuredWorld, MINUTE_MS } from "../../../support/measured.ts";

/** A visitor whose goal is told before they are. */
const WAITING = "0000000100000001";

/** What is reported, and once more where that fails. */
function sent(report: (again: boolean) => unknown): void {
  try {
    report(false);
  } catch {
    report(true);
  }
}

/** Time passes; an alarm that fails goes off again. */
async function passed(world: MeasuredWorld, ms: number): Promise<void> {
  try {
    await world.pass(ms);
  } catch {
    world.alarmAt = world.now;
    await world.pass(ms);
  }
}

/** Two batches of everything, the end of an hour between; from the second on, the database fails once, after `fails` statements. */
async function run(fails: number | undefined) {
  const world = new MeasuredWorld(undefined, { sampled: 6, idsInGeneration: 2 });
  world.now += HOUR_MS - 3 * MINUTE_MS;
  const totals = () => world.core.asked(0).totals(["*"]).series;
  const batch = (from: number, again = false) => {
    const minute = Math.floor(world.now / MINUTE_MS);
    const visitors = Array.from({ length: 4 }, (_, n) =>
      world.visitor({ digest: digestOf(from + n) }),
    );
    world.tell(
      {
        splits: [
          world.split({
            visitors,
            unchecked: 1,
            minutes: [{ minute, variants: [counted("stable", from + 1)] }],
          }),
        ],
        goals: [
          { goal: "buy", digest: digestOf(from + 1), at: world.now },
          { goal: "revenue", digest: WAITING, at: world.now, value: 50 },
          ...[1, 2, 3].map((n) => ({
            goal: "revenue",
            digest: digestOf(from + 1),
            at: world.now,
            value: n,
            id: `${from + n}`,
          })),
        ],
      },
      1,
      { isolate: "i", sequence: from + 1, again },
    );
  };
  batch(0);
  await world.pass(30_000);
  // What memory holds of an experiment is brought up to date from now on.
  const before = world.results();
  await world.pass(5 * MINUTE_MS);
  let ran = -1;
  world.sql.before = () => {
    ran += 1;
    if (ran === fails) throw new Error("the database fails");
  };
  sent((again) => batch(3, again));
  const at = world.now;
  await passed(world, 30_000);
  // The goal waits for this exposure.
  const exposure = [world.split({ visitors: [world.visitor({ digest: WAITING, at })] })];
  sent((again) => world.tell({ splits: exposure }, 0, { isolate: "i", sequence: 5, again }));
  await passed(world, 30_000);
  world.sql.before = () => {};
  await world.store();
  const memory = [world.results(), totals()] as const;
  world.crash();
  const anew = [world.results(), totals()] as const;
  return { before, memory, anew, ran };
}

test("what a database that fails did not store waits, and memory is as it was", async () => {
  const sound = await run(undefined);
  expect([sound.before.sampleRate, sound.memory[0].sampleRate]).toEqual([1, 0.5]);
  let failures = 0;
  for (let fails = 0; ; fails += 1) {
    const { memory, anew, ran } = await run(fails);
    if (ran < fails) break;
    failures += 1;
    expect(anew).toEqual(memory);
    expect(memory).toEqual(sound.memory);
  }
  expect(failures).toBeGreaterThan(30);
});
