import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { act } from "../../../src/policy/actions/act.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { check } from "../../support/property.ts";
import { askAll, type Machine } from "./fleet.ts";
import { EPOCH_MS, canaryOn, rampArbitrary, schedule, type Ramp } from "./ramps.ts";
import { compiled, factsOf, visitorId } from "./scene.ts";

/** Until an edit is known everywhere (ms), as the ledger reckons. */
const PROPAGATION_MS = 130_000;

/** A pause pressed at a time, and the fleet that hears of it one by one. */
function pauseAt(ramp: Ramp, now: number) {
  const written = canaryOn(ramp);
  const parsed = parseValue(written, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error("the ramps of these tests are valid");
  const result = act(parsed.policy, { name: "pause" }, { now, propagationMs: PROPAGATION_MS });
  if (!result.ok) throw new Error(result.error.message);
  return {
    publishedMs: now,
    before: compiled(written),
    after: compiled(result.value.policy),
  };
}

/** Presses of the button: anywhere, and most of all around a step, where it is most harmful. */
const pressed = rampArbitrary.chain((ramp) =>
  fc
    .tuple(
      fc.constantFrom(...schedule(ramp).map(({ fromMs }) => fromMs)),
      fc.oneof(
        fc.integer({ min: -2 * PROPAGATION_MS, max: 2 * PROPAGATION_MS }),
        fc.integer({ min: -2000, max: 2000 }),
      ),
    )
    .map(([step, offset]) => ({ ramp, now: Math.max(step + offset, EPOCH_MS - 3_600_000) })),
);

const fleets = (skewMs: number) =>
  fc.array(
    fc.record({
      arrivalMs: fc.oneof(fc.constantFrom(0, PROPAGATION_MS), fc.nat({ max: PROPAGATION_MS })),
      skewMs: fc.integer({ min: -skewMs, max: 0 }),
    }),
    { minLength: 1, maxLength: 4 },
  );

const offsets = fc.array(fc.integer({ min: -PROPAGATION_MS, max: 3 * PROPAGATION_MS }), {
  minLength: 2,
  maxLength: 20,
});

const crowd = Array.from({ length: 40 }, (_, number) => visitorId(number));

const servedBy = (
  machines: readonly Machine[],
  edit: ReturnType<typeof pauseAt>,
  at: number,
  id: string,
) =>
  askAll(machines, edit, at, (clock) => factsOf({ now: clock, cookies: {}, draw: id })).map(
    (decision) => decision?.variant.name === "canary",
  );

describe("a pause", () => {
  it("takes the canary from nobody who has had it, on whichever machine, before it or while it arrives", () => {
    let near = 0;
    check(
      fc.property(pressed, fleets(0), offsets, ({ ramp, now }, machines, all) => {
        const edit = pauseAt(ramp, now);
        const instants = all.map((offset) => now + offset).toSorted((a, b) => a - b);
        const lost: { id: string; at: number }[] = [];
        for (const id of crowd) {
          let had = false;
          for (const at of instants) {
            const served = servedBy(machines, edit, at, id);
            if (had && !served.every(Boolean)) lost.push({ id, at });
            had ||= served.some(Boolean);
          }
        }
        expect(lost).toEqual([]);
        if (schedule(ramp).some(({ fromMs }) => Math.abs(fromMs - now) < PROPAGATION_MS)) near += 1;
      }),
      { runs: 300 },
    );
    expect(near).toBeGreaterThan(100);
  });

  it("leaves those in the canary in it who got it from a machine whose clock is behind", () => {
    check(
      fc.property(pressed, fleets(5000), offsets, ({ ramp, now }, machines, all) => {
        const edit = pauseAt(ramp, now);
        const end = now + 10 * PROPAGATION_MS;
        const lost = crowd.filter((id) => {
          const had = all.some((offset) =>
            servedBy(machines, edit, now + offset, id).some(Boolean),
          );
          return had && !servedBy(machines, edit, end, id).every(Boolean);
        });
        expect(lost).toEqual([]);
      }),
      { runs: 300 },
    );
  });

  it("stops the ramp for good, once it is known everywhere", () => {
    check(
      fc.property(pressed, fleets(0), ({ ramp, now }, machines) => {
        const edit = pauseAt(ramp, now);
        for (const id of crowd) {
          const then = servedBy(machines, edit, now + 2 * PROPAGATION_MS, id);
          expect(servedBy(machines, edit, now + 100 * PROPAGATION_MS, id)).toEqual(then);
        }
      }),
      { runs: 100 },
    );
  });
});
