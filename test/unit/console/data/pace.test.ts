import { expect, test } from "vitest";

import { behindReports, POLL_MS } from "../../../../src/console/data/pace.ts";

const NEW_AT = 1_000_000;
const instant = (ms: number) => new Date(ms).toISOString();

/** An answer that tells of a report so long before it (ms), by a clock that is hours off. */
const reported = (age: number) => {
  const to = Date.parse("2026-05-01T12:00:00.000Z");
  return { to: instant(to), reportedAt: instant(to - age) };
};

test.each([
  ["at once behind a report", 0, 0, 5250],
  ["some time behind one", 3000, 0, 2250],
  ["while the same answer still stands", 3000, 1000, 1250],
  ["just behind the next one, which is late", 3000, 2250, 700],
  ["when that is later still", 3000, 2950, POLL_MS],
  ["a moment before the first question", 3000, 2150, 100],
  ["too little before it to ask anew", 3000, 2151, 799],
  ["long after the last report", 60_000, 0, POLL_MS],
] as const)("asks just behind the next report, told %s", (_, age, passed, wait) => {
  expect(behindReports(reported(age), NEW_AT, NEW_AT + passed)).toBe(wait);
});

test("asks as often as usual where nothing was reported", () => {
  const { to } = reported(0);
  expect(behindReports({ to, reportedAt: null }, NEW_AT, NEW_AT)).toBe(POLL_MS);
  expect(behindReports({ to }, NEW_AT, NEW_AT)).toBe(POLL_MS);
});
