import { describe, expect, test } from "vitest";
import { murmur3 } from "../../../src/lib/hash.ts";
import {
  COOKIE_VERSION,
  decodeVisitor,
  encodeVisitor,
  MAX_COOKIE_CHARS,
  MAX_PINS,
  pinOf,
  withPin,
  type Pin,
  type Visitor,
} from "../../../src/decide/visitor.ts";

const ID = "kJ3-x9_QmZ0aB7cD2eF4gH";

const visitor = (pins: readonly Pin[] = []): Visitor => ({ id: ID, seenAt: 1, sentAt: 36, pins });

const pins = (count: number): Pin[] =>
  Array.from({ length: count }, (_, index) => ({ split: `s${index}`, variant: `v${index}` }));

/** The longest pin there is: two hashes of 32 bits in base 36. */
const LONGEST = (2 ** 32 - 1).toString(36);

describe("the cookie's value", () => {
  test("is version, id, first seen, last sent and pins, oldest first", () => {
    expect(encodeVisitor(visitor())).toBe(`1.${ID}.1.10`);
    expect(encodeVisitor(visitor(pins(2)))).toBe(`1.${ID}.1.10.s0-v0.s1-v1`);
    expect(COOKIE_VERSION).toBe("1");
  });

  test("comes back as it went, with any number of pins up to the limit", () => {
    for (let count = 0; count <= MAX_PINS; count += 1)
      expect(decodeVisitor(encodeVisitor(visitor(pins(count))))).toEqual(visitor(pins(count)));
  });

  test("with one pin more than the limit is none", () => {
    expect(decodeVisitor(encodeVisitor(visitor(pins(MAX_PINS + 1))))).toBeUndefined();
  });

  test("at its longest is within the stated size, and a longer text is none", () => {
    const longest = encodeVisitor({
      id: ID,
      seenAt: 36 ** 9 - 1,
      sentAt: 36 ** 9 - 1,
      pins: Array.from({ length: MAX_PINS }, () => ({ split: LONGEST, variant: LONGEST })),
    });
    expect(longest.length).toBeLessThanOrEqual(MAX_COOKIE_CHARS);
    expect(decodeVisitor(longest)?.pins).toHaveLength(MAX_PINS);
    expect(decodeVisitor(longest.padEnd(MAX_COOKIE_CHARS + 1, "0"))).toBeUndefined();
  });

  test("holds every time up to the year 5188, and no longer number", () => {
    expect(decodeVisitor(`1.${ID}.zzzzzzzzz.0`)?.seenAt).toBe(36 ** 9 - 1);
    expect(new Date(36 ** 9 - 1).getUTCFullYear()).toBe(5188);
    expect(decodeVisitor(`1.${ID}.zzzzzzzzzz.0`)).toBeUndefined();
  });

  test.each([
    ["nothing", ""],
    ["a version alone", "1"],
    ["an unknown version", `2.${ID}.1.1`],
    ["a version that begins alike", `10.${ID}.1.1`],
    ["a short id", `1.${ID.slice(1)}.1.1`],
    ["a long id", `1.${ID}A.1.1`],
    ["an id of other characters", `1.${ID.slice(1)}+.1.1`],
    ["no times", `1.${ID}`],
    ["one time", `1.${ID}.1`],
    ["a time in upper case", `1.${ID}.A.1`],
    ["a negative time", `1.${ID}.-1.1`],
    ["an empty pin", `1.${ID}.1.1.`],
    ["half a pin", `1.${ID}.1.1.s0`],
    ["a pin without split", `1.${ID}.1.1.-v0`],
    ["a pin of three", `1.${ID}.1.1.a-b-c`],
    ["a pin longer than a hash", `1.${ID}.1.1.12345678-1`],
    ["a good pin and a bad one", `1.${ID}.1.1.a-b.c`],
    ["a line break at its end", `1.${ID}.1.1\n`],
  ])("is none for %s", (_, value) => {
    expect(decodeVisitor(value)).toBeUndefined();
  });
});

describe("pins", () => {
  test("name split and variant by their hashes with seed 0, in base 36", () => {
    expect(pinOf("shop.example.com@2", "treatment")).toEqual({
      split: murmur3("shop.example.com@2", 0).toString(36),
      variant: murmur3("treatment", 0).toString(36),
    });
  });

  test("the newest goes last, and replaces the one of its split", () => {
    const [first, second, third] = pins(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const moved = { ...first, variant: "v9" };
    expect(withPin([first, second], third)).toEqual([first, second, third]);
    expect(withPin([first, second], moved)).toEqual([second, moved]);
  });

  test("at the limit the oldest goes, and only then", () => {
    const [newest] = pins(MAX_PINS + 1).slice(-1);
    if (newest === undefined) throw new Error();
    expect(withPin(pins(MAX_PINS - 1), newest)).toHaveLength(MAX_PINS);
    expect(withPin(pins(MAX_PINS), newest)).toEqual([...pins(MAX_PINS).slice(1), newest]);
  });
});
