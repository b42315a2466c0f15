import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MAX_DURATION_SECONDS, parseDuration, parseWhen } from "../../../src/lib/duration.ts";
import { check } from "../../support/property.ts";

const NOW = Date.UTC(2026, 11, 1, 12);

describe("a length of time", () => {
  test.each([
    ["0", 0],
    ["90", 90],
    ["90s", 90],
    ["5m", 300],
    ["1h30m", 5400],
    ["2d", 172_800],
    ["1d2h3m4s", 93_784],
    ["1h5", 3605],
    [`${MAX_DURATION_SECONDS}`, MAX_DURATION_SECONDS],
    ["36500d", MAX_DURATION_SECONDS],
  ])("%s is %d seconds", (text, value) => {
    expect(parseDuration(text)).toEqual({ ok: true, value });
  });

  test.each(["", "h", "soon", "5 m", "-5m", "+5m", "1.5h", "30m1h", "5m5m", "5w", "1H", "٣s"])(
    "%j is none, and the message says what to write",
    (text) => {
      expect(parseDuration(text)).toEqual({
        ok: false,
        message: `must be a length of time, not ${JSON.stringify(text)}`,
        fix: "write for example 90s, 30m, 1h30m or 2d",
      });
    },
  );

  test("has an end, and a message that does not repeat a novel", () => {
    for (const text of [`${MAX_DURATION_SECONDS + 1}`, "36500d1s", "9999999999d"])
      expect(parseDuration(text)).toMatchObject({
        ok: false,
        message: `must be at most 36500 days, not "${text}"`,
      });
    const long = parseDuration("x".repeat(1_000_000));
    expect(JSON.stringify(long).length).toBeLessThan(200);
  });

  test("is the sum of its parts", () => {
    const part = fc.option(fc.nat(9999), { nil: undefined });
    check(
      fc.property(part, part, part, part, (d, h, m, s) => {
        fc.pre([d, h, m, s].some((one) => one !== undefined));
        const units = [
          [d, "d", 86_400],
          [h, "h", 3600],
          [m, "m", 60],
          [s, "s", 1],
        ] as const;
        const text = units.map(([n, unit]) => (n === undefined ? "" : `${n}${unit}`)).join("");
        const value = units.reduce((sum, [n = 0, , seconds]) => sum + n * seconds, 0);
        expect(parseDuration(text)).toEqual({ ok: true, value });
      }),
    );
  });
});

describe("an instant", () => {
  test.each([
    ["now", NOW],
    ["+5m", NOW + 300_000],
    ["+0", NOW],
    ["-1h30m", NOW - 5_400_000],
    ["2026-12-01T09:00:00Z", Date.UTC(2026, 11, 1, 9)],
    ["2026-12-01T09:00:00+01:00", Date.UTC(2026, 11, 1, 8)],
  ])("%s", (text, value) => {
    expect(parseWhen(text, NOW)).toEqual({ ok: true, value });
  });

  test.each([
    ["tomorrow", /^must be a time that exists, with its zone \(RFC 3339\), not "tomorrow"$/],
    ["2026-02-30T09:00:00Z", /must be a time that exists/],
    ["2026-12-01T09:00:00", /must be a time that exists/],
    ["5m", /must be a time that exists/],
    ["+", /^must be a length of time, not ""$/],
    ["+soon", /^must be a length of time, not "soon"$/],
    ["+36501d", /^must be at most 36500 days/],
  ])("%j is none", (text, message) => {
    expect(parseWhen(text, NOW)).toMatchObject({
      ok: false,
      message: expect.stringMatching(message) as string,
    });
  });
});
