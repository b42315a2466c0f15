import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Ask } from "../../../../src/api/client/ask.ts";
import { trafficOf } from "../../../../src/cli/guard/traffic.ts";
import { formatInstant } from "../../../../src/lib/instant-text.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MIDNIGHT = Date.parse("2026-12-01T00:00:00Z");

/** The hub of a route that had its requests at given instants (ms): by minutes of the clock, beyond a day by hours. */
const hubAt = (now: number, came: readonly number[], since: number) => async (ask: Ask) => {
  if (ask.operation === "routeResults")
    return {
      experiments: [
        {
          experiment: "a",
          since: formatInstant(since),
          sampleRate: 1,
          control: "stable",
          variants: [
            { variant: "stable", visitors: came.length, failed: 0 },
            { variant: "canary", visitors: 0, failed: 0 },
          ],
        },
      ],
    };
  const windowMs = Number(ask.query?.["window"]) * 1000;
  const unit = windowMs <= 24 * HOUR_MS ? MINUTE_MS : HOUR_MS;
  const from = (Math.floor((now - windowMs) / unit) + 1) * unit;
  const counted = came.filter((at) => Math.floor(at / unit) * unit >= from).length;
  return {
    from: formatInstant(from),
    to: formatInstant(now),
    series: [{ experiment: "a", variant: "stable", points: [{ counted }] }],
  };
};

describe("what comes to a split", () => {
  test("somebody has come, also where a minute of the clock has just begun", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3 * HOUR_MS }),
        fc.integer({ min: 0, max: HOUR_MS }),
        async (begun, ago) => {
          const now = MIDNIGHT + begun;
          const traffic = await trafficOf(hubAt(now, [now - ago], now - ago), "k", "a", now);
          expect(traffic?.visitorsPerMinute).toBeGreaterThan(0);
        },
      ),
      { examples: [[0, 1000]] },
    );
  });

  test("a steady stream is told as it is, however long it flows and wherever the clock stands", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: HOUR_MS - 1 }),
        fc.integer({ min: 2, max: 40 * 60 }),
        async (begun, minutes) => {
          const now = MIDNIGHT + begun;
          // Six a minute.
          const came = Array.from({ length: minutes * 6 }, (_, i) => now - i * 10_000);
          const since = now - minutes * MINUTE_MS;
          const traffic = await trafficOf(hubAt(now, came, since), "k", "a", now);
          // The hour's first and last request may lie on either side of an edge.
          expect(traffic?.visitorsPerMinute).toBeGreaterThan(5);
          expect(traffic?.visitorsPerMinute).toBeLessThan(7);
        },
      ),
      { numRuns: 50 },
    );
  });
});
