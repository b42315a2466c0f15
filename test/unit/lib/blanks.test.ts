import { expect, test } from "vitest";
import { withoutBlanks } from "../../../src/lib/blanks.ts";

test.each([
  [" \t a b\t ", "a b"],
  ["\u00a0a\u00a0", "\u00a0a\u00a0"],
  ["a", "a"],
  [" \t", ""],
  ["", ""],
])("%j is bare as %j", (text, bare) => {
  expect(withoutBlanks(text)).toBe(bare);
});
