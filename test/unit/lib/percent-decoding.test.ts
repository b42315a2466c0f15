import { expect, test } from "vitest";

import { percentDecoded } from "../../../src/lib/percent-decoding.ts";

test.each([
  ["", ""],
  ["plain+text", "plain+text"],
  ["%61dmin", "admin"],
  ["gr%C3%BCn", "grün"],
  // Once, and not again.
  ["%2561", "%61"],
  // One that is broken, and all of the text stays.
  ["%61 and %E4%", "%61 and %E4%"],
  ["%", "%"],
])("%j is read as %j", (text, read) => {
  expect(percentDecoded(text)).toBe(read);
});
