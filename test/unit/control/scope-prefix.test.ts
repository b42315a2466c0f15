import * as fc from "fast-check";
import { expect, it } from "vitest";

import { narrowed } from "../../../src/control/scope-prefix.ts";
import { covers } from "../../../src/lib/scope.ts";
import { check } from "../../support/property.ts";

const text = fc.stringMatching(/^[ab.]{0,4}$/);
const pattern = fc.stringMatching(/^[ab.*]{0,4}$/);

it("leaves out no key that has the prefix and is in the scope", () => {
  check(
    fc.property(text, fc.array(pattern, { maxLength: 3 }), text, (prefix, scope, key) => {
      const left = narrowed(prefix, scope);
      const isLeft = left !== undefined && key.startsWith(left);
      const isAsked = key.startsWith(prefix) && scope.some((one) => covers(one, key));
      expect(isLeft || !isAsked).toBe(true);
    }),
    { runs: 5000 },
  );
});

it.each([
  ["", ["*"], ""],
  ["sh", ["*"], "sh"],
  ["", ["shop-*"], "shop-"],
  ["sh", ["shop-*"], "shop-"],
  ["shop-a", ["shop-*"], "shop-a"],
  ["", ["shop-*", "shed"], "sh"],
  ["shop", ["shop-*", "shed", "bike-*"], "shop-"],
  ["", ["shop-*", "*.example.com"], ""],
  ["x", ["shop-*"], undefined],
  ["", [], undefined],
])("of the prefix %j and the scope %j leaves %j", (prefix, scope, left) => {
  expect(narrowed(prefix, scope)).toBe(left);
});
