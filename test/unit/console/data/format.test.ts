import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { relative, since } from "../../../../src/console/data/format.ts";

const NOW = 1_700_000_000_000;

describe("an instant told from now", () => {
  test.each([
    [NOW, "now"],
    [NOW - 499, "now"],
    [NOW - 1_000, "1 second ago"],
    [NOW - 59_000, "59 seconds ago"],
    [NOW - 60_000, "1 minute ago"],
    [NOW - 3_599_000, "59 minutes ago"],
    [NOW - 7_200_000, "2 hours ago"],
    [NOW - 86_400_000, "yesterday"],
    [NOW + 7_200_000, "in 2 hours"],
  ])("%d is %s", (at, told) => {
    expect(relative(at, NOW)).toBe(told);
  });

  test("never lies ahead where it did happen, also where the page's clock has not come to it yet", () => {
    fc.assert(
      fc.property(fc.nat(10 * 86_400_000), (ms) => {
        expect([since(NOW + ms, NOW), since(NOW - ms, NOW)]).toEqual([
          "now",
          relative(NOW - ms, NOW),
        ]);
      }),
    );
  });
});
