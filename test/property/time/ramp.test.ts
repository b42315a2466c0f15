import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { SEED, bucket } from "../../../src/lib/hash.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import { check } from "../../support/property.ts";
import {
  canaryOn,
  numberArbitrary,
  percentAt,
  rampArbitrary,
  schedule,
  timeArbitrary,
  type Ramp,
} from "./ramps.ts";
import { ROUTE, compiled, cookieOf, factsOf, iso, visitorId } from "./scene.ts";

/** The decision on a visitor at a time. */
function ask(policy: CompiledPolicy, visitor: number, now: number) {
  return decide(
    policy,
    factsOf({ now, cookies: cookieOf({ id: visitorId(visitor), sentAt: now }) }),
  );
}

const inCanary = (policy: CompiledPolicy, visitor: number, now: number): boolean =>
  ask(policy, visitor, now)?.variant.name === "canary";

/** A visitor's place in 0…100 under the default salt, recomputed as a warehouse would. */
const placeOf = (visitor: number): number => bucket(SEED.split, ROUTE, visitorId(visitor)) * 100;

/** Visitors enough that every step of some width takes in a few. */
const CROWD = Array.from({ length: 40 }, (_, index) => index);

/** Those of the crowd who get the canary at a time. */
const canaryAt = (policy: CompiledPolicy, now: number): number[] =>
  CROWD.filter((visitor) => inCanary(policy, visitor, now));

/** Those of the crowd whose place lies below a percent. */
const below = (percent: number): number[] => CROWD.filter((visitor) => placeOf(visitor) < percent);

describe("a ramp", () => {
  it("has each step's percent from its first instant to its last", () => {
    check(
      fc.property(rampArbitrary, (ramp) => {
        const policy = compiled(canaryOn(ramp));
        const steps = schedule(ramp);
        for (const [index, { fromMs, percent }] of steps.entries()) {
          const before = steps[index - 1]?.percent ?? 0;
          expect(canaryAt(policy, fromMs - 1)).toEqual(below(before));
          expect(canaryAt(policy, fromMs)).toEqual(below(percent));
        }
      }),
      { runs: 60 },
    );
  });

  it("gives everybody what the clock says at any time, and says so", () => {
    check(
      fc.property(rampArbitrary, timeArbitrary, numberArbitrary, (ramp, now, visitor) => {
        const decision = ask(compiled(canaryOn(ramp)), visitor, now);
        expect(decision?.variant.name).toBe(
          placeOf(visitor) < percentAt(ramp, now) ? "canary" : "stable",
        );
        expect(decision?.reason).toBe("ramp");
      }),
      { runs: 500 },
    );
  });

  it("stays on its last step for ever, its hold notwithstanding", () => {
    const ramp: Ramp = { startMs: 0, steps: [{ percent: 10, holdSeconds: 1 }] };
    const policy = compiled(canaryOn(ramp));
    const year = 31_536_000_000;
    expect(CROWD.some((visitor) => inCanary(policy, visitor, 0))).toBe(true);
    expect(canaryAt(policy, 50 * year)).toEqual(below(10));
  });

  it("never loses a visitor of the canary while it rises, nor while it pauses", () => {
    check(
      fc.property(
        rampArbitrary,
        fc.option(timeArbitrary, { nil: null }),
        fc.array(timeArbitrary, { minLength: 2, maxLength: 12 }),
        (ramp, pausedMs, times) => {
          const policy = compiled(canaryOn(ramp, pausedMs));
          let before: number[] = [];
          for (const now of times.toSorted((a, b) => a - b)) {
            const here = canaryAt(policy, now);
            expect(here).toEqual(expect.arrayContaining(before));
            before = here;
          }
        },
      ),
    );
  });
});

/** What happens to a ramp: it runs for a while, then rests for a while. */
interface Rest {
  readonly runMs: number;
  readonly pauseMs: number;
}

const restsArbitrary = fc.array(
  fc.record({
    runMs: fc.nat({ max: 10_000_000 }),
    pauseMs: fc.nat({ max: 10_000_000 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe("pause and resume", () => {
  it("neither skip nor repeat an instant of the ramp", () => {
    check(
      fc.property(
        rampArbitrary,
        restsArbitrary,
        fc.nat({ max: 20_000_000 }),
        (ramp, rests, rest) => {
          const whole = compiled(canaryOn(ramp));
          // The time on the ramp's own clock, and on the wall: they part with every pause.
          let own = ramp.startMs - 1000;
          let wall = own;
          let { startMs } = ramp;
          const same = (policy: CompiledPolicy, at: { own: number; wall: number }) => {
            expect(canaryAt(policy, at.wall)).toEqual(canaryAt(whole, at.own));
          };
          for (const { runMs, pauseMs } of rests satisfies Rest[]) {
            const running = compiled(canaryOn({ ...ramp, startMs }));
            same(running, { own: own + Math.floor(runMs / 2), wall: wall + Math.floor(runMs / 2) });
            own += runMs;
            wall += runMs;
            same(running, { own, wall });
            const paused = compiled(canaryOn({ ...ramp, startMs }, wall));
            same(paused, { own, wall });
            same(paused, { own, wall: wall + Math.floor(pauseMs / 2) });
            same(paused, { own, wall: wall + pauseMs });
            wall += pauseMs;
            startMs += pauseMs;
          }
          same(compiled(canaryOn({ ...ramp, startMs })), { own: own + rest, wall: wall + rest });
        },
      ),
      { runs: 60 },
    );
  });

  it("holds a ramp at 0 that is paused before its start, and on a step it has just reached", () => {
    const steps = [{ percent: 100, holdSeconds: 60 }];
    expect(inCanary(compiled(canaryOn({ startMs: 1000, steps }, 999)), 1, 5000)).toBe(false);
    expect(inCanary(compiled(canaryOn({ startMs: 1000, steps }, 1000)), 1, 5000)).toBe(true);
  });

  it("does nothing before its instant: a pause announced ahead lets the ramp run until then", () => {
    const steps = [
      { percent: 0, holdSeconds: 60 },
      { percent: 100, holdSeconds: 60 },
    ];
    const policy = compiled(canaryOn({ startMs: 0, steps }, 90_000));
    expect(inCanary(policy, 1, 59_999)).toBe(false);
    expect(inCanary(policy, 1, 60_000)).toBe(true);
  });

  it("reads times in any zone as the same instant", () => {
    const steps = [{ percent: 100, holdSeconds: 60 }];
    const zoned = (startAt: string) =>
      compiled({
        strategy: "canary",
        stable: "https://stable.example.com",
        canary: "https://canary.example.com",
        ramp: { startAt, steps },
      });
    const at = Date.UTC(2026, 11, 1, 9);
    for (const startAt of [iso(at), "2026-12-01T10:00:00+01:00", "2026-12-01T03:30:00-05:30"]) {
      expect(inCanary(zoned(startAt), 1, at - 1)).toBe(false);
      expect(inCanary(zoned(startAt), 1, at)).toBe(true);
    }
  });
});
