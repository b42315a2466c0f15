import { expect, test } from "vitest";

import { Windows } from "../../../../src/hub/guard/windows.ts";
import type { UnlistedVisitors, WatchedVisitor } from "../../../../src/report/guard.ts";
import { digestOf } from "../../../support/measured.ts";

const SPLIT = { key: "shop", experiment: "shop" };
const OTHER = { key: "shop", experiment: "other" };
const WINDOW_MS = 10_000;
/** The instant at which window 100 begins. */
const START = 100 * WINDOW_MS;

const visitor = (n: number, more: Partial<WatchedVisitor> = {}): WatchedVisitor => ({
  digest: digestOf(n),
  variant: "canary",
  at: START,
  latency: 17,
  ...more,
});

function world(limits?: { ofVariant: number; together: number }) {
  const windows = new Windows(limits);
  const told = { now: START + 100, since: 0, split: SPLIT };
  const add = (...visitors: readonly WatchedVisitor[]) =>
    windows.add(told.split, WINDOW_MS, { visitors, unlisted: [] }, told);
  const addUnlisted = (...unlisted: readonly UnlistedVisitors[]) =>
    windows.add(told.split, WINDOW_MS, { visitors: [], unlisted }, told);
  const of = (window = 100, variant = "canary") => windows.tally(told.split, window)[variant];
  return { windows, told, add, addUnlisted, of };
}

const bucket = (histogram: readonly number[] | undefined) =>
  Object.fromEntries([...(histogram ?? []).entries()].filter(([, count]) => count > 0));

test("each visitor is in a window once, by their earliest request, and failed where any did", () => {
  const { add, of } = world();
  add(visitor(1, { at: START + 5, latency: 20 }), visitor(2));
  add(visitor(1, { at: START + 2, latency: 10 }), visitor(1, { at: START + 7, latency: 30 }));
  add(visitor(2, { at: START + 6, failed: true }), visitor(2, { failed: true }));
  expect(of()).toMatchObject({ visitors: 2, failed: 1 });
  expect(bucket(of()?.latency)).toEqual({ 10: 1, 17: 1 });
});

test("a request without an answer is in no latency, also where it was the earliest", () => {
  const { add, of } = world();
  add(visitor(1, { at: START + 5, latency: 20 }));
  const { latency: _none, ...silent } = visitor(1, { at: START + 1, failed: true });
  add(silent);
  expect(bucket(of()?.latency)).toEqual({});
  expect(of()).toMatchObject({ visitors: 1, failed: 1 });
});

test("addresses are told apart: those with a failure, and each by its slowest visitor", () => {
  const { add, of } = world();
  const at = (n: number, address: string, latency: number, failed = false) =>
    visitor(n, { address, latency, ...(failed && { failed }) });
  add(at(1, "a", 10, true), at(2, "a", 30, true), at(3, "b", 20), at(4, "c", 20, true));
  add(visitor(5, { failed: true }));
  expect(of()).toMatchObject({ visitors: 5, failed: 4, failedNetworks: 2 });
  expect(bucket(of()?.networks)).toEqual({ 30: 1, 20: 2 });
});

test("variants and splits are apart", () => {
  const { add, of, told } = world();
  add(visitor(1), visitor(1, { variant: "stable", failed: true }));
  told.split = OTHER;
  add(visitor(2));
  add(visitor(3));
  expect(of()?.visitors).toBe(2);
  told.split = SPLIT;
  expect([of()?.failed, of(100, "stable")?.failed]).toEqual([0, 1]);
});

test("this window and the last one are kept; what is older comes too late, what is early counts now", () => {
  const { add, addUnlisted, of, told, windows } = world();
  add(visitor(1), visitor(2, { at: START - WINDOW_MS }), visitor(3, { at: START - WINDOW_MS - 1 }));
  expect(of(98)).toBeUndefined();
  add(visitor(4, { at: START + WINDOW_MS }));
  addUnlisted({ variant: "canary", window: 98, count: 5 });
  expect(of(98)).toBeUndefined();
  addUnlisted({ variant: "canary", window: 101, count: 5 });
  expect([of(98), of(99)?.visitors, of(100)?.visitors, of(101)]).toEqual([
    undefined,
    1,
    2,
    undefined,
  ]);
  told.now = START + WINDOW_MS;
  add(visitor(5, { at: told.now }));
  expect([of(99), of(100)?.visitors, of(101)?.visitors]).toEqual([undefined, 2, 1]);
  expect(windows.expire(SPLIT, START + 2 * WINDOW_MS)).toBe(START + 3 * WINDOW_MS);
  expect(windows.size).toBe(1);
  expect(windows.expire(SPLIT, START + 3 * WINDOW_MS)).toBeUndefined();
  expect([windows.size, of(101)]).toEqual([0, undefined]);
});

test("what was before an instant does not count where it is said since when", () => {
  const { add, addUnlisted, of, told } = world();
  told.since = START;
  add(visitor(1, { at: START - 1 }), visitor(2, { at: START }));
  addUnlisted({ variant: "canary", window: 99, count: 5 });
  addUnlisted({ variant: "canary", window: 100, count: 7 });
  expect([of(99), of()?.visitors]).toEqual([undefined, 8]);
});

test("those for whom a report had no room make a window larger", () => {
  const { add, addUnlisted, of } = world();
  add(visitor(1, { failed: true }));
  addUnlisted({ variant: "canary", window: 100, count: 3 });
  expect(of()).toMatchObject({ visitors: 4, failed: 1 });
});

test("above its bound a variant remembers nobody new, and only grows in number", () => {
  const { add, of, windows } = world({ ofVariant: 2, together: 4 });
  add(visitor(1), visitor(2), visitor(3, { failed: true }));
  expect(of()).toMatchObject({ visitors: 3, failed: 0 });
  // Who is known still is.
  add(visitor(1, { failed: true }));
  expect(of()).toMatchObject({ visitors: 3, failed: 1 });
  expect(windows.size).toBe(2);
});

test("above its bound a shard remembers nobody new, until windows are over", () => {
  const { add, of, told, windows } = world({ ofVariant: 3, together: 3 });
  add(visitor(1), visitor(2));
  told.split = OTHER;
  add(visitor(1), visitor(2, { failed: true }));
  expect(of()).toMatchObject({ visitors: 2, failed: 0 });
  expect(windows.size).toBe(3);
  windows.forget(SPLIT);
  add(visitor(3, { failed: true }));
  expect(of()).toMatchObject({ visitors: 3, failed: 1 });
  expect(windows.size).toBe(2);
});

test("a window of another length begins anew, and splits that are guarded no more are forgotten", () => {
  const { add, of, windows } = world();
  add(visitor(1));
  windows.keep("shop", new Set(["shop"]));
  expect(of()?.visitors).toBe(1);
  windows.add(
    SPLIT,
    2 * WINDOW_MS,
    { visitors: [visitor(2)], unlisted: [] },
    { now: START, since: 0 },
  );
  expect([of(100), of(50)?.visitors, windows.size]).toEqual([undefined, 1, 1]);
  windows.keep("shop", new Set());
  expect([of(50), windows.size]).toEqual([undefined, 0]);
});
