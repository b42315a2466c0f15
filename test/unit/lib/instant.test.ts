import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/lib/instant.ts";
import { check } from "../../support/property.ts";

describe("instant", () => {
  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-12-01T09:00:00Z", Date.UTC(2026, 11, 1, 9)],
    ["2026-12-01T09:00Z", Date.UTC(2026, 11, 1, 9)],
    ["2026-12-01T09:00:00.5Z", Date.UTC(2026, 11, 1, 9, 0, 0, 500)],
    ["2026-12-01T09:00:00.123Z", Date.UTC(2026, 11, 1, 9, 0, 0, 123)],
    ["2026-12-01T09:00:00.123456789Z", Date.UTC(2026, 11, 1, 9, 0, 0, 123)],
    ["2026-12-01T09:00:00+05:30", Date.UTC(2026, 11, 1, 3, 30)],
    ["2026-12-01T00:00:00+14:00", Date.UTC(2026, 10, 30, 10)],
    ["2026-12-01T23:59:59-08:00", Date.UTC(2026, 11, 2, 7, 59, 59)],
    ["2028-02-29T00:00:00Z", Date.UTC(2028, 1, 29)],
    ["2000-02-29T00:00:00Z", Date.UTC(2000, 1, 29)],
    ["2026-04-30T23:59:59Z", Date.UTC(2026, 3, 30, 23, 59, 59)],
    ["9999-12-31T23:59:59Z", Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])("%s is %i", (text, time) => {
    expect(instant(text)).toBe(time);
  });

  test.each([
    ["no zone", "2026-12-01T09:00:00"],
    ["no time", "2026-12-01"],
    ["a blank for T", "2026-12-01 09:00:00Z"],
    ["a day that February lacks", "2026-02-29T00:00:00Z"],
    ["a leap day in 1900", "1900-02-29T00:00:00Z"],
    ["the 31st of April", "2026-04-31T00:00:00Z"],
    ["day 0", "2026-12-00T00:00:00Z"],
    ["day 32", "2026-12-32T00:00:00Z"],
    ["month 0", "2026-00-01T00:00:00Z"],
    ["month 13", "2026-13-01T00:00:00Z"],
    ["hour 24", "2026-12-01T24:00:00Z"],
    ["minute 60", "2026-12-01T09:60:00Z"],
    ["second 60", "2026-12-01T09:00:60Z"],
    ["zone +24:00", "2026-12-01T09:00:00+24:00"],
    ["zone without colon", "2026-12-01T09:00:00+0100"],
    ["a number", "1796115600000"],
    ["words", "tomorrow"],
    ["nothing", ""],
    ["something around it", " 2026-12-01T09:00:00Z"],
    ["a line break after it", "2026-12-01T09:00:00Z\n"],
    ["five digits of a year", "12026-12-01T09:00:00Z"],
  ])("refuses %s", (_, text) => {
    expect(instant(text)).toBeUndefined();
  });

  test("reads back every time a Date can write between the years 0 and 9999, and never gives NaN", () => {
    const dates = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    check(
      fc.property(dates, fc.string(), (date, text) => {
        expect(instant(date.toISOString())).toBe(date.getTime());
        expect(instant(text)).not.toBeNaN();
      }),
      { runs: 500 },
    );
  });
});
