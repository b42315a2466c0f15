import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { remembered } from "../../../src/lib/remembered.ts";

/** A function that is called once for each text it does not remember. */
function counting(most: number, maxChars: number) {
  const made: string[] = [];
  const of = remembered(
    (text) => {
      made.push(text);
      return `<${text}>`;
    },
    { most, maxChars },
  );
  return { made, of };
}

describe("what is remembered of texts", () => {
  test("is what the function says of each, in whatever order and however often they come", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 6 }), { maxLength: 60 }), (texts) => {
        const { of } = counting(4, 3);
        for (const text of texts) expect(of(text)).toBe(`<${text}>`);
      }),
    );
  });

  test("lasts for as many texts as may be remembered, and not for one more", () => {
    const { made, of } = counting(3, 10);
    for (const text of ["a", "b", "c", "a", "b", "c"]) of(text);
    expect(made).toEqual(["a", "b", "c"]);
    for (const text of ["d", "a"]) of(text);
    expect(made).toEqual(["a", "b", "c", "d", "a"]);
  });

  test("is nothing of a text longer than may be remembered", () => {
    const { made, of } = counting(3, 2);
    for (const text of ["", "", "ab", "ab", "abc", "abc"]) of(text);
    expect(made).toEqual(["", "ab", "abc", "abc"]);
  });
});
