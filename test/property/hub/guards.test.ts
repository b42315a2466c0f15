import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GUARDED, GuardedWorld } from "../../support/guarded.ts";
import { check } from "../../support/property.ts";

/** Each run is a shard, a ledger and an hour or so of theirs. */
const RUNS = 40;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "breaks" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "again" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "late" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "crash" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "give-back" } as const) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("trouble" as const),
      trouble: fc.constantFrom("none", "unreachable", "answer-lost"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(0, 500, 3000, 70_000),
    }),
  },
);

const late = (world: GuardedWorld, at: number) =>
  world.tell({
    visitors: [...world.failing(10, "canary", { at }), ...world.visitors(10, "stable", { at })],
  });

test("whatever is lost, late, repeated or restarted, a roll-out is taken back once", async () => {
  let most = 0;
  await check(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = await GuardedWorld.with();
      /** Times in which a canary failed, one for each that it was given back. */
      let bad = 0;
      let badAt = 0;
      let isSound = true;
      let sequence = 0;
      let last: ReturnType<GuardedWorld["failing"]> = [];
      const tell = (again: boolean) => {
        if (!again) {
          sequence += 1;
          if (isSound) bad += 1;
          if (isSound) badAt = world.now;
          isSound = false;
          last = [...world.failing(20, "canary"), ...world.visitors(20, "stable")];
        }
        world.tell({ visitors: last }, { isolate: "i", sequence, again });
      };
      for (const one of steps) {
        if (one.kind === "breaks") tell(false);
        if (one.kind === "again" && sequence > 0) tell(true);
        // From an isolate of whom nothing was heard meanwhile: of those who met what was taken back since.
        if (one.kind === "late" && bad > 0 && !isSound) late(world, badAt);
        if (one.kind === "crash") world.crash();
        if (one.kind === "trouble") world.trouble = one.trouble;
        if (one.kind === "pass") await world.pass(one.ms);
        if (one.kind === "give-back") {
          isSound = true;
          await world.write(GUARDED);
        }
        // Reports of an isolate come one after another.
        await world.pass(200);
        expect(world.byGuard.length).toBeLessThanOrEqual(bad);
      }
      world.trouble = "none";
      await world.pass(120_000);
      const before = world.byGuard.length;
      const stands = world.policy()["percent"] === 0;
      tell(false);
      await world.pass(120_000);
      // What stands is left alone; what does not is found, once.
      expect(world.byGuard.length).toBe(stands ? before : before + 1);
      expect(world.policy()).toMatchObject({ percent: 0 });
      expect(world.notices("guard-acted").length).toBeLessThanOrEqual(world.byGuard.length);
      expect(world.rows("guard_orders")).toBe(0);
      most = Math.max(most, world.byGuard.length);
    }),
    { runs: RUNS },
  );
  // Else nothing was shown.
  expect(most).toBeGreaterThan(1);
});
