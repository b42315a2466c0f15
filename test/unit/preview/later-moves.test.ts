import { describe, expect, test } from "vitest";

import { MAX_INSTANTS } from "../../../src/preview/later-moves.ts";
import { MAX_LATER, plan } from "../../../src/preview/plan.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import type { Policy } from "../../../src/policy/schema.ts";

/** Ten paths are planned twice, on a busy machine. */
const LONG_MS = 30_000;

const NOW = Date.UTC(2026, 11, 1, 12);
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

function policy(value: unknown): Policy {
  const parsed = parseValue(value, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.policy;
}
const later = (before: unknown, after: unknown) => {
  const planned = plan("shop.example.com", policy(before), policy(after), { now: NOW });
  return {
    now: planned.moved,
    leftOut: planned.laterLeftOut,
    later: planned.later.map((one) => [one.at, one.path, one.moved / one.visitors]),
    moves: planned.later.map((one) =>
      one.moves.map(({ from, to }) => [from?.variant, to?.variant]),
    ),
  };
};

const colours = {
  strategy: "blue-green",
  blue: "https://b.example.com",
  green: "https://g.example.com",
};
const canary = {
  strategy: "canary",
  stable: "https://s.example.com",
  canary: "https://c.example.com",
};

describe("who moves by the clock", () => {
  test("everybody, at the instant of a cut-over that lies ahead", () => {
    const next = { active: "green", at: at(2) };
    expect(later({ ...colours, active: "blue" }, { ...colours, active: "blue", next })).toEqual({
      now: 0,
      leftOut: 0,
      later: [[at(2), "/", 1]],
      moves: [[["blue", "green"]]],
    });
  });

  test("those who were here before only when the drain is over", () => {
    const next = { active: "green", at: at(2), drainSeconds: 600 };
    const sticky = { by: ["cookie"] };
    const before = { ...colours, active: "blue", sticky };
    expect(later(before, { ...before, next }).later).toEqual([[at(12), "/", 1]]);
  });

  test("more with each step of a ramp, and back at the end of a lease", () => {
    const ramp = {
      startAt: at(1),
      steps: [{ percent: 10, holdSeconds: 600 }, { percent: 100 }],
    };
    const { now, later: steps } = later(
      { ...canary, percent: 0 },
      { ...canary, ramp, lease: { until: at(60) } },
    );
    expect(now).toBe(0);
    expect(steps.map(([when]) => when)).toEqual([at(1), at(11), at(60)]);
    expect(steps[0]?.[2]).toBeCloseTo(0.1, 1);
    expect(steps.slice(1).map(([, , share]) => share)).toEqual([1, 0]);
  });

  test("nobody at the steps behind a pause, nor at instants that were there before", () => {
    const ramp = { startAt: at(-1), steps: [{ percent: 10, holdSeconds: 600 }, { percent: 100 }] };
    const paused = { ...canary, ramp: { ...ramp, pausedAt: at(1) } };
    expect(later({ ...canary, percent: 10 }, paused).later).toEqual([]);
    expect(later({ ...canary, ramp }, { ...canary, ramp, timeoutMs: 5 }).later).toEqual([]);
    expect(later({ ...canary, percent: 1 }, { ...canary, percent: 2 }).later).toEqual([]);
  });

  /** A path-map of canaries, each with a ramp of so many steps of which the first lies ahead. */
  const ramps = (paths: number, steps: number) => ({
    strategy: "path-map",
    paths: Object.fromEntries(
      Array.from({ length: paths }, (_, n) => {
        const rising = Array.from({ length: steps }, (_one, step) => ({
          percent: 10 * (step + 1),
          ...(step === steps - 1 ? {} : { holdSeconds: 60 }),
        }));
        return [`/p${n}`, { ...canary, ramp: { startAt: at(1), steps: rising } }];
      }),
    ),
  });
  const still = (paths: number) => ({
    strategy: "path-map",
    paths: Object.fromEntries(
      Array.from({ length: paths }, (_, n) => [`/p${n}`, { ...canary, percent: 0 }]),
    ),
  });
  const told = (paths: number, steps: number) => {
    const { later: list, leftOut } = later(still(paths), ramps(paths, steps));
    return [list.length, leftOut];
  };

  test(
    `${MAX_INSTANTS} instants of a path and ${MAX_LATER} in all are told, and how many more there are`,
    { timeout: LONG_MS },
    () => {
      expect(told(1, MAX_INSTANTS)).toEqual([MAX_INSTANTS, 0]);
      expect(told(1, MAX_INSTANTS + 1)).toEqual([MAX_INSTANTS, 1]);
      expect(told(MAX_LATER / 2, 2)).toEqual([MAX_LATER, 0]);
      expect(told(MAX_LATER / 2 - 3, 3)).toEqual([MAX_LATER, 1]);
    },
  );

  test("each path tells its own", () => {
    const before = {
      strategy: "path-map",
      paths: { "/a": { ...colours, active: "blue" }, "/b": { ...canary, percent: 1 } },
    };
    const next = { active: "green", at: at(2) };
    const after = {
      ...before,
      paths: { "/a": { ...colours, active: "blue", next }, "/b": { ...canary, percent: 2 } },
    };
    expect(later(before, after).later).toEqual([[at(2), "/a", 1]]);
  });
});
