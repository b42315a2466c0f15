import * as fc from "fast-check";

import { iso } from "./scene.ts";

/** Ramps in these tests begin about here; the date means nothing. */
export const EPOCH_MS = Date.UTC(2026, 11, 1, 9);

export const HOUR_MS = 3_600_000;

/** One step of a ramp, as a policy writes it. */
export interface Step {
  readonly percent: number;
  readonly holdSeconds: number;
}

export interface Ramp {
  readonly startMs: number;
  readonly steps: readonly Step[];
}

/** The canary policy of a ramp. */
export function canaryOn(
  { startMs, steps }: Ramp,
  pausedMs: number | null = null,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    strategy: "canary",
    stable: "https://stable.example.com",
    canary: "https://canary.example.com",
    ramp: { startAt: iso(startMs), steps, pausedAt: pausedMs === null ? null : iso(pausedMs) },
    ...more,
  };
}

/** When each step begins, and with what percent: the contract's sentence written as a table. */
export function schedule({ startMs, steps }: Ramp): { fromMs: number; percent: number }[] {
  return steps.map(({ percent }, index) => ({
    fromMs:
      startMs +
      steps.slice(0, index).reduce((total, { holdSeconds }) => total + holdSeconds * 1000, 0),
    percent,
  }));
}

/** The percent the contract promises at a time, read off the table. */
export function percentAt(ramp: Ramp, now: number): number {
  return schedule(ramp).findLast(({ fromMs }) => fromMs <= now)?.percent ?? 0;
}

const percents = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(0.1, 12.5)), {
  minLength: 1,
  maxLength: 6,
});

/** Any ramp of one to six rising steps, equal ones among them, held from a second to two hours. */
export const rampArbitrary: fc.Arbitrary<Ramp> = fc.record({
  startMs: fc.integer({ min: EPOCH_MS - HOUR_MS, max: EPOCH_MS + HOUR_MS }),
  steps: percents.chain((list) =>
    fc.tuple(
      ...list
        .toSorted((a, b) => a - b)
        .map((percent) =>
          fc.record({
            percent: fc.constant(percent),
            holdSeconds: fc.integer({ min: 1, max: 7200 }),
          }),
        ),
    ),
  ),
});

/** Any time from before such a ramp to long after it, whole milliseconds. */
export const timeArbitrary: fc.Arbitrary<number> = fc.integer({
  min: EPOCH_MS - 3 * HOUR_MS,
  max: EPOCH_MS + 14 * HOUR_MS,
});

/** Any visitor by number. */
export const numberArbitrary: fc.Arbitrary<number> = fc.nat({ max: 1_000_000 });
