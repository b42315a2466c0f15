import { describe, expect, test } from "vitest";
import { listed, MAX_SHOWN_CHARS, shorten } from "../../../src/lib/shorten.ts";

describe("a shortened text", () => {
  test("is itself up to the limit, and beyond it begins alike and ends with an ellipsis", () => {
    expect(shorten("a".repeat(MAX_SHOWN_CHARS))).toBe("a".repeat(MAX_SHOWN_CHARS));
    expect(shorten("a".repeat(MAX_SHOWN_CHARS + 1))).toBe(`${"a".repeat(MAX_SHOWN_CHARS - 1)}…`);
    expect(shorten("abcdef", 5)).toBe("abcd…");
  });

  test("ends with no half of a character", () => {
    expect(shorten("abc😀def", 5)).toBe("abc…");
    expect(shorten("ab😀def", 5)).toBe("ab😀…");
  });

  test("has less than 1 KB in an answer, whatever it holds", () => {
    for (const character of ["\u0001", "\uD800", '"', "\\", "€", "😀"]) {
      const path = JSON.stringify(shorten(character.repeat(100_000)));
      expect(Buffer.byteLength(JSON.stringify(path))).toBeLessThan(1024);
    }
  });
});

describe("a list of names", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

  test("has ten at most, and tells how many more there are", () => {
    expect(listed(names(2))).toBe("v0, v1");
    expect(listed(names(10))).toBe(names(10).join(", "));
    expect(listed(names(12))).toBe(`${names(10).join(", ")} and 2 more`);
  });
});
