import { describe, expect, test } from "vitest";

import { originHeaders } from "../../../src/gateway/forward/origin-headers.ts";
import { readCookie, withoutCookies } from "../../../src/gateway/respond/cookies.ts";
import { COOKIES, cookieField, fields, HEAD_CHARS } from "../../support/large-heads.ts";
import { FORWARDING_INFO, TO } from "../../bench/forwarding-info.ts";

const OWN = "sy=1.AAAAAAAAAAAAAAAAAAAAAA.0.0";
const NAMES = ["sy", "sy-override"];

/** Twice the head may take three times as long: what grows with the square takes four times. */
const MAX_GROWTH = 3;

/** Where neither is disturbed within so many runs, the machine has time for nothing. */
const RUNS = 60;

/** How much longer the larger of two takes: the least of many runs of each, in turns. */
function growth(small: () => unknown, large: () => unknown): number {
  const least = [Infinity, Infinity];
  for (let run = 0; run < RUNS; run += 1)
    for (const [place, work] of [small, large].entries()) {
      const begin = performance.now();
      work();
      least[place] = Math.min(least[place] ?? Infinity, performance.now() - begin);
    }
  return (least[1] ?? Number.NaN) / (least[0] ?? Number.NaN);
}

const halves = [HEAD_CHARS / 2, HEAD_CHARS] as const;

describe(`twice the head, up to ${COOKIES} cookies and ${HEAD_CHARS} characters, takes no more than three times as long`, () => {
  const [some, all] = halves.map((chars) =>
    cookieField((COOKIES * chars) / HEAD_CHARS, chars, OWN),
  ) as [string, string];

  test("to find a visitor's cookie", () => {
    expect(readCookie(all, "sy")).toEqual([OWN.slice("sy=".length)]);
    expect(
      growth(
        () => readCookie(some, "sy"),
        () => readCookie(all, "sy"),
      ),
    ).toBeLessThan(MAX_GROWTH);
  });

  test("to take it out", () => {
    expect(withoutCookies(all, NAMES)).toBe(all.replace(`; ${OWN}`, ""));
    expect(
      growth(
        () => withoutCookies(some, NAMES),
        () => withoutCookies(all, NAMES),
      ),
    ).toBeLessThan(MAX_GROWTH);
  });

  test("to make the fields that an origin gets", () => {
    const [small, large] = halves.map(
      (chars) => new Request("https://shop.example.com/", { headers: fields(chars) }),
    ) as [Request, Request];
    expect(
      growth(
        () => originHeaders(small, FORWARDING_INFO, TO),
        () => originHeaders(large, FORWARDING_INFO, TO),
      ),
    ).toBeLessThan(MAX_GROWTH);
  });
});
