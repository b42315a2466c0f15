import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { murmur3 } from "../../../src/lib/hash.ts";
import {
  COOKIE_VERSION,
  decodeVisitor,
  encodeVisitor,
  MAX_COOKIE_CHARS,
  MAX_FALLEN,
  MAX_PINS,
  pinOf,
  renewed,
  withPin,
  type Pin,
  type Visitor,
} from "../../../src/decide/visitor.ts";
import { check } from "../../support/property.ts";

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

  test("has the id's check right behind the id, good or not, and only one of five characters", () => {
    const checked = { ...visitor(pins(1)), check: "k3_-Z" };
    expect(encodeVisitor(checked)).toBe(`1.${ID}k3_-Z.1.10.s0-v0`);
    expect(decodeVisitor(encodeVisitor(checked))).toEqual(checked);
    for (const wrong of ["k", "k3_-", "k3_-ZZ", "k3_ Z", "k3_.Z"])
      expect(decodeVisitor(`1.${ID}${wrong}.1.10`)).toBeUndefined();
  });

  test("with one pin more than the limit is none", () => {
    expect(decodeVisitor(encodeVisitor(visitor(pins(MAX_PINS + 1))))).toBeUndefined();
  });

  test("with the pins and the size of old cookies is still read", () => {
    const old = `1.${ID}.mj2k0000.mj2k0001${".abc12-def34".repeat(20)}`;
    expect(decodeVisitor(old)?.pins).toEqual(
      Array.from({ length: 20 }, () => ({ split: "abc12", variant: "def34" })),
    );
  });

  test("at its longest is within the stated size, and a longer text is none", () => {
    const longest = encodeVisitor({
      id: ID,
      seenAt: 36 ** 9 - 1,
      sentAt: 36 ** 9 - 1,
      pins: Array.from({ length: MAX_PINS }, () => ({ split: LONGEST, variant: LONGEST })),
      fallen: "zzzz".repeat(MAX_FALLEN),
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
    ["a pin of three kinds", `1.${ID}.1.1.a_b-c`],
    ["fallen pins without a mark", `1.${ID}.1.1.~`],
    ["half a mark", `1.${ID}.1.1.a-b.~abc`],
    ["a mark before a pin", `1.${ID}.1.1.~abcd.a-b`],
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
    expect(withPin(visitor([first, second]), third)?.pins).toEqual([first, second, third]);
    expect(withPin(visitor([first, second]), moved)?.pins).toEqual([second, moved]);
  });

  test("what is there already needs no new cookie; made by a rule, it is another pin", () => {
    const [first, second] = pins(2);
    if (first === undefined || second === undefined) throw new Error();
    const ruled = { ...first, byRule: true } as const;
    expect(withPin(visitor([first, second]), first)).toBeUndefined();
    expect(withPin(visitor([first, second]), ruled)?.pins).toEqual([second, ruled]);
    expect(withPin(visitor([ruled]), ruled)).toBeUndefined();
    expect(withPin(visitor([ruled]), first)?.pins).toEqual([first]);
  });

  test("one made by a rule is told from one made by a draw, and both from neither", () => {
    const both = visitor([...pins(1), { split: "s9", variant: "v9", byRule: true }]);
    expect(encodeVisitor(both)).toBe(`1.${ID}.1.10.s0-v0.s9_v9`);
    expect(decodeVisitor(encodeVisitor(both))).toEqual(both);
    expect(decodeVisitor(`1.${ID}.1.1.a_b_c`)).toBeUndefined();
  });

  test("at the limit the oldest goes, and only then", () => {
    const [newest] = pins(MAX_PINS + 1).slice(-1);
    if (newest === undefined) throw new Error();
    const last = withPin(visitor(pins(MAX_PINS - 1)), newest);
    expect(last?.pins).toHaveLength(MAX_PINS);
    expect(last?.fallen).toBeUndefined();
    expect(withPin(visitor(pins(MAX_PINS)), newest)?.pins).toEqual([
      ...pins(MAX_PINS).slice(1),
      newest,
    ]);
  });
});

describe("a full cookie", () => {
  /** The visitor after a visit to each of these splits, in order. */
  const after = (start: Visitor, all: readonly Pin[]): Visitor =>
    all.reduce((one, pin) => withPin(one, pin) ?? one, start);
  const writes = (start: Visitor, all: readonly Pin[]): number => {
    let count = 0;
    all.reduce((one, pin) => {
      const next = withPin(one, pin);
      count += next === undefined ? 0 : 1;
      return next ?? one;
    }, start);
    return count;
  };

  test("is not written again for a pin that fell out, as long as the draw is the same", () => {
    const many = pins(MAX_PINS + 6);
    const full = after(visitor(), many);
    expect(full.pins).toEqual(many.slice(6));
    expect(writes(full, many)).toBe(0);
    expect(writes(full, [...many, ...many])).toBe(0);
    const [fell] = many;
    if (fell === undefined) throw new Error();
    expect(withPin(full, { ...fell, variant: "v9" })?.pins.at(-1)?.variant).toBe("v9");
    expect(withPin(full, { split: "new", variant: "v9" })?.pins).toHaveLength(MAX_PINS);
  });

  test("comes back as it went", () => {
    const full = after(visitor(), pins(MAX_PINS + 6));
    expect(encodeVisitor(full)).toMatch(/\.~[0-9a-z]{24}$/);
    expect(decodeVisitor(encodeVisitor(full))).toEqual(full);
  });

  test("with as many fallen pins as it can tell is left alone, until it is renewed", () => {
    const all = pins(MAX_PINS + MAX_FALLEN + 50);
    const crowded = after(visitor(), all);
    expect(crowded.pins).toEqual(all.slice(MAX_FALLEN, MAX_FALLEN + MAX_PINS));
    expect(decodeVisitor(encodeVisitor(crowded))).toEqual(crowded);
    expect(encodeVisitor(crowded).length).toBeLessThanOrEqual(MAX_COOKIE_CHARS);
    expect(writes(crowded, all)).toBe(0);
    expect(renewed(crowded)).toEqual({ ...visitor(), pins: crowded.pins });
    const roomy = after(visitor(), pins(MAX_PINS + MAX_FALLEN - 1));
    expect(renewed(roomy)).toBe(roomy);
    expect(encodeVisitor(crowded).endsWith(crowded.fallen ?? "?")).toBe(true);
    expect(decodeVisitor(`${encodeVisitor(crowded)}0000`)).toBeUndefined();
  });

  test("never sends more than a cookie for each split and renewal, in any order of visits", () => {
    check(
      fc.property(fc.array(fc.nat(120), { maxLength: 600 }), (order) => {
        const all = pins(121);
        expect(
          writes(
            visitor(),
            order.flatMap((index) => all[index] ?? []),
          ),
        ).toBeLessThanOrEqual(new Set(order).size);
      }),
    );
  });
});
