import { beforeAll, describe, expect, test } from "vitest";
import { SAVABLE } from "./chaos.ts";
import { figures, growthMb, requestsOf } from "./figures.ts";
import { runLoad, type Report } from "./run.ts";

/** Long enough for KV to fail in each way, and for each fault of an origin; `npm run load` runs the same for minutes. */
const SECONDS = 13;

/**
 * Memory that a request may cost before workerd collects its garbage (KB): a Worker that only says hello
 * costs 15, one that fetches 25. That the level then holds takes more requests than these: `npm run load`.
 */
const MAX_GROWTH_KB = 60;

describe("mixed traffic while origins die and return and KV fails", () => {
  let report: Report;
  beforeAll(async () => {
    report = await runLoad({ seconds: SECONDS, seed: 1, warmUp: 0 });
    console.log(figures(report).join("\n"));
  });

  test("no promise of a policy is broken", () => {
    expect(report.faults).toEqual([]);
  });

  test("there was enough of everything to say so", () => {
    expect(report.kinds.size).toBe(8);
    for (const { requests } of report.kinds.values()) expect(requests).toBeGreaterThan(50);
    expect([...report.done.keys()]).toEqual(
      expect.arrayContaining([...SAVABLE, "KV works", "KV throws", "KV hangs"]),
    );
    const rescued = [...report.kinds.values()].flatMap(({ answers }) => [...answers.keys()]);
    expect(rescued).toContain("200, rescued");
  });

  test("no request keeps anything the size of a body", () => {
    expect((growthMb(report) * 1024) / requestsOf(report)).toBeLessThan(MAX_GROWTH_KB);
  });
});
