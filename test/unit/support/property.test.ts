import { afterEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import { afresh } from "../../support/afresh.ts";
import { check, runs, seed } from "../../support/property.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What a property saw, to compare runs by. */
function draws(count: number): number[] {
  const seen: number[] = [];
  check(
    fc.property(fc.integer(), (value) => {
      seen.push(value);
    }),
    { runs: count },
  );
  return seen;
}

describe("check", () => {
  test("draws the same values every time, and others under SY_SEED", () => {
    vi.stubEnv("SY_SEED", undefined);
    const first = draws(20);
    expect(draws(20)).toEqual(first);
    vi.stubEnv("SY_SEED", "5");
    const second = draws(20);
    expect(second).not.toEqual(first);
    expect(draws(20)).toEqual(second);
  });

  test("fails with the seed and the path in the message", () => {
    vi.stubEnv("SY_SEED", "4711");
    const failing = fc.property(fc.nat(), (n) => n < 10);
    expect(() => check(failing)).toThrow(/seed: 4711, path: "[\d:]+"/);
  });

  test("awaits an asynchronous property, and rejects when it fails", async () => {
    vi.stubEnv("SY_SEED", "4711");
    let finished = 0;
    await check(
      fc.asyncProperty(fc.nat(), async () => {
        await Promise.resolve();
        finished++;
      }),
      { runs: 7 },
    );
    expect(finished).toBe(runs(7));
    const failing = fc.asyncProperty(fc.nat(), async (n) => Promise.resolve(n < 10));
    await expect(check(failing)).rejects.toThrow(/seed: 4711/);
  });
});

describe("SY_RUNS and SY_SEED", () => {
  test("SY_RUNS multiplies the number of runs", () => {
    vi.stubEnv("SY_RUNS", "3");
    expect(draws(20)).toHaveLength(60);
    vi.stubEnv("SY_RUNS", "0.01");
    expect(draws(20)).toHaveLength(1);
  });

  test("SY_SEED=random keeps one fresh seed for the process, and prints it", async () => {
    vi.stubEnv("SY_SEED", "random");
    const print = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const unused = await afresh(async () => import("../../support/property.ts"));
    const fresh = [unused.seed(), unused.seed()];
    const printed = print.mock.calls.map(([text]) => text);
    print.mockRestore();
    expect(fresh[1]).toBe(fresh[0]);
    expect(printed).toEqual([`SY_SEED=${fresh[0]}\n`]);
  });

  test("nonsense is refused by name", () => {
    vi.stubEnv("SY_SEED", "soon");
    expect(() => seed()).toThrow(/SY_SEED is "soon"/);
    vi.stubEnv("SY_RUNS", "-1");
    expect(() => runs()).toThrow(/SY_RUNS is "-1"/);
  });
});
