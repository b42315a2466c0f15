import { expect, test } from "vitest";

import {
  comparedIn,
  daysOf,
  entriesOf,
  versionsOf,
} from "../../../../src/console/pages/history/timeline.ts";
import { changeText, kindOf, placeText } from "../../../../src/console/parts/changes.ts";

const entry = (id: number, version: number, at = `2026-01-0${id}T12:00:00.000Z`) => ({
  id,
  version,
  at,
  actor: "ada",
  action: "put",
  note: "",
  detail: "",
});

test("pages that overlap are one list, the newest first", () => {
  const pages = [
    { entries: [entry(3, 2), entry(2, 2)], cursor: "x" },
    { entries: [entry(2, 2), entry(1, 1)], cursor: null },
  ];
  expect(entriesOf(pages).map(({ id, makes }) => [id, makes])).toEqual([
    [3, false],
    [2, true],
    [1, true],
  ]);
  expect(versionsOf(entriesOf(pages))).toEqual([2, 1]);
});

test("what was done stands under its day, of which the last two have a name", () => {
  const now = new Date(2026, 0, 5, 9).getTime();
  const at = (day: number, hour: number) => new Date(2026, 0, day, hour).toISOString();
  const entries = entriesOf([
    {
      entries: [
        entry(4, 4, at(5, 8)),
        entry(3, 3, at(4, 23)),
        entry(2, 2, at(4, 1)),
        entry(1, 1, at(3, 23)),
      ],
      cursor: null,
    },
  ]);
  const days = daysOf(entries, now);
  expect(days.map(({ entries: ofDay }) => ofDay.map(({ id }) => id))).toEqual([[4], [3, 2], [1]]);
  expect(days.map(({ title }) => title.split(",")[0])).toEqual(["Today", "Yesterday", "Saturday"]);
});

test("an address compares two versions, of which the first may be none", () => {
  expect(comparedIn({ from: "0", to: "1" })).toEqual({ from: 0, to: 1 });
  for (const query of [
    {},
    { from: "1" },
    { from: "-1", to: "1" },
    { from: "0", to: "0" },
    { from: "a", to: "2" },
  ])
    expect(comparedIn(query)).toBeUndefined();
});

test("a change says what it was and is", () => {
  const changed = { path: "$.percent", from: 20, to: 40 };
  expect([kindOf(changed), placeText(changed.path), changeText(changed)]).toEqual([
    "changed",
    "percent",
    "20 → 40",
  ]);
  expect([kindOf({ path: "$.a", to: "x" }), changeText({ path: "$.a", to: "x" })]).toEqual([
    "added",
    '"x"',
  ]);
  expect([kindOf({ path: "$.a", from: [1] }), changeText({ path: "$.a", from: [1] })]).toEqual([
    "removed",
    "[1]",
  ]);
  expect(placeText("$")).toBe("the whole policy");
  expect(placeText("$[0].b")).toBe("[0].b");
});
