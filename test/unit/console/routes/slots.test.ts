import * as fc from "fast-check";
import { expect, test } from "vitest";

import { Slots } from "../../../../src/console/pages/routes/slots.ts";
import { check } from "../../../support/property.ts";

const MAX_ROWS = 12;

/** Rows in view, one list after the other. */
const lists = fc.array(
  fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: MAX_ROWS }),
  { maxLength: 12 },
);

test("a row keeps its place for as long as it is in view, and no two share one", () => {
  check(
    fc.property(lists, (each) => {
      const slots = new Slots();
      let before: ReadonlyMap<string, number> = new Map();
      for (const keys of each) {
        const now = slots.of(keys);
        expect([...now.keys()]).toEqual(keys);
        expect(new Set(now.values()).size).toBe(keys.length);
        const stayed = keys.filter((key) => before.has(key));
        expect(stayed.map((key) => now.get(key))).toEqual(stayed.map((key) => before.get(key)));
        before = now;
      }
    }),
  );
});

test("who comes takes the place of who went, in their order", () => {
  const slots = new Slots();
  slots.of(["a", "b", "c"]);
  expect([...slots.of(["b", "c", "d"])]).toEqual([
    ["b", 1],
    ["c", 2],
    ["d", 0],
  ]);
  expect([...slots.of(["x", "y", "z"]).values()]).toEqual([1, 2, 0]);
});
