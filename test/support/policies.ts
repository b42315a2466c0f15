import * as fc from "fast-check";
import type { BlueGreen, Canary, PathMap, Policy, Weighted } from "../../src/policy/schema.ts";
import type { StickyInput } from "../../src/policy/fields/sticky.ts";

/** The time that arbitrary policies are written around (ms). */
export const NOW = Date.parse("2026-12-01T12:00:00.000Z");

const DAY_MS = 86_400_000;

const time = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: NOW + from, max: NOW + to }).map((ms) => new Date(ms).toISOString());

const origin = fc.constantFrom("a", "b", "c", "d").map((name) => `https://${name}.example.com`);

const percent = fc.integer({ min: 0, max: 100 });

const sticky = fc.constantFrom<StickyInput>(
  { by: ["cookie"] },
  { by: ["cookie"], mode: "pin" },
  { by: ["cookie"], mode: "pin", onZero: "evict" },
  { by: [{ header: "x-user-id" }] },
);

const common = { salt: fc.constantFrom("one", "two"), sticky };

const ramp = fc.record(
  {
    startAt: time(-DAY_MS, DAY_MS),
    steps: fc
      .array(fc.record({ percent, holdSeconds: fc.integer({ min: 1, max: 86_400 }) }), {
        minLength: 1,
        maxLength: 5,
      })
      .map((steps) => steps.toSorted((a, b) => a.percent - b.percent)),
    pausedAt: fc.oneof(fc.constant(null), time(-DAY_MS / 2, 0)),
  },
  { requiredKeys: ["startAt", "steps"] },
);

const base = { strategy: fc.constant("canary" as const), stable: origin, canary: origin };

export const rampedCanary: fc.Arbitrary<Canary> = fc.record(
  { ...base, ramp, ...common },
  { requiredKeys: ["strategy", "stable", "canary", "ramp"] },
);

/** A canary whose steps are earned: as far as the step that is granted, which may be any of them. */
export const earningCanary: fc.Arbitrary<Canary> = fc
  .tuple(rampedCanary, fc.nat(100), fc.boolean())
  .map(([written, share, isWritten]): Canary => {
    if (written.ramp === undefined) return written;
    const earned = Math.floor(((written.ramp.steps.length - 1) * share) / 100);
    const checks = [{ metric: "failures" as const, maxIncrease: 1 }];
    const granted = isWritten || earned > 0 ? { earned } : {};
    return { ...written, ramp: { ...written.ramp, ...granted }, guard: { checks, earn: true } };
  });

export const fixedCanary: fc.Arbitrary<Canary> = fc.record(
  { ...base, percent, lease: fc.record({ until: time(-DAY_MS, DAY_MS) }), ...common },
  { requiredKeys: ["strategy", "stable", "canary", "percent"] },
);

export const canary: fc.Arbitrary<Canary> = fc.oneof(rampedCanary, fixedCanary);

export const weighted: fc.Arbitrary<Weighted> = fc.record(
  {
    strategy: fc.constant("weighted" as const),
    variants: fc
      .uniqueArray(fc.constantFrom("v1", "v2", "v3", "v4"), { minLength: 1 })
      .chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc.record({
              name: fc.constant(name),
              origin,
              weight: fc.integer({ min: 1, max: 100 }),
            }),
          ),
        ),
      ),
    ...common,
  },
  { requiredKeys: ["strategy", "variants"] },
);

const colour = fc.constantFrom("blue" as const, "green" as const);

export const blueGreen: fc.Arbitrary<BlueGreen> = fc.record(
  {
    strategy: fc.constant("blue-green" as const),
    blue: origin,
    green: origin,
    active: colour,
    next: fc.record({ active: colour, at: time(-DAY_MS, DAY_MS) }),
    ...common,
  },
  { requiredKeys: ["strategy", "blue", "green", "active"] },
);

const leaf: fc.Arbitrary<Policy> = fc.oneof(origin, canary, weighted, blueGreen);

export const pathMap: fc.Arbitrary<PathMap> = fc.record(
  {
    strategy: fc.constant("path-map" as const),
    paths: fc.dictionary(fc.constantFrom("/a", "/b", "/a/b", "/c~d"), leaf, { minKeys: 1 }),
    default: leaf,
    ...common,
  },
  { requiredKeys: ["strategy", "paths", "default"] },
);

export const policy: fc.Arbitrary<Policy> = fc.oneof(leaf, pathMap);
