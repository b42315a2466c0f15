import { expect, test } from "vitest";

import { hourOf } from "../../../../src/console/pages/routes/hour.ts";
import { addressOf, wantedIn } from "../../../../src/console/pages/routes/wanted.ts";
import { topFor, windowOf } from "../../../../src/console/pages/routes/window.ts";

const SCROLLED = { top: 0, height: 480, rowHeight: 48, rows: 10_000 };

test("as many rows are drawn as are in view, and a few more on both sides", () => {
  expect(windowOf(SCROLLED)).toEqual({ first: 0, end: 23 });
  expect(windowOf({ ...SCROLLED, top: 48_000 })).toEqual({ first: 994, end: 1017 });
});

test("the last rows are drawn at the end, and after the list became shorter too", () => {
  expect(windowOf({ ...SCROLLED, top: 48 * 9990 })).toEqual({ first: 9983, end: 10_000 });
  expect(windowOf({ ...SCROLLED, top: 48 * 9990, rows: 5 })).toEqual({ first: 0, end: 5 });
  expect(windowOf({ ...SCROLLED, rows: 0 })).toEqual({ first: 0, end: 0 });
});

test("a row scrolls into view by as little as can be", () => {
  const view = { top: 480, height: 480, rowHeight: 48 };
  expect(topFor(10, view)).toBe(480);
  expect(topFor(9, view)).toBe(432);
  expect(topFor(19, view)).toBe(480);
  expect(topFor(20, view)).toBe(528);
});

const at = (minute: number, requests: number, failures = 0) => ({
  at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  requests,
  failures,
});

const metricsOf = (to: string, ...points: ReturnType<typeof at>[]) => ({
  from: "2026-01-01T00:00:00.000Z",
  to,
  step: 300,
  // As much of a point as is read.
  series: [{ experiment: "shop", variant: "stable", points }] as never,
});

test("an hour is told in requests and failures a minute, with nothing where nobody asked", () => {
  const metrics = metricsOf("2026-01-01T00:15:00.000Z", at(0, 50, 5), at(10, 100));
  expect(hourOf(metrics)).toEqual({ requests: [10, 0, 20], failures: [1, 0, 0] });
});

test("a step that has only begun counts for the time that it has lasted, and not before it has lasted a minute", () => {
  const begun = at(15, 40, 20);
  expect(hourOf(metricsOf("2026-01-01T00:17:00.000Z", begun)).requests).toEqual([0, 0, 0, 20]);
  expect(hourOf(metricsOf("2026-01-01T00:16:00.000Z", begun)).requests).toEqual([0, 0, 0, 40]);
  expect(hourOf(metricsOf("2026-01-01T00:15:59.000Z", begun)).requests).toEqual([0, 0, 0]);
});

test("what is looked for is in the address, and comes back from it", () => {
  const wanted = { q: "a&b", show: "failing", order: "failures" } as const;
  const address = addressOf(wanted);
  expect(address).toBe("/?q=a%26b&show=failing&order=failures");
  expect(wantedIn(Object.fromEntries(new URLSearchParams(address.slice(2))))).toEqual(wanted);
});

test("an address that says nothing shows all, and so does one that says nonsense", () => {
  const all = { q: "", show: "all", order: "route" };
  expect(addressOf(wantedIn({}))).toBe("/");
  expect(wantedIn({})).toEqual(all);
  expect(wantedIn({ show: "toString", order: "x" })).toEqual(all);
});
