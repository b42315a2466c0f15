import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readKey, sipHash, type SipKey } from "../../../src/lib/siphash.ts";
import {
  CHECK_CHARS,
  idCheck,
  sampleUnit,
  visitorDigest,
} from "../../../src/lib/visitor-digest.ts";

const DIRECTORY = new URL("../../vectors/", import.meta.url);

interface Hashed {
  readonly key: string;
  readonly text: string;
  readonly utf8: string;
  readonly hash: string;
}

interface Visitor {
  readonly key: string;
  readonly route: string;
  readonly visitor: string;
  readonly digest: string;
  readonly check: string;
  readonly unit: number;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, DIRECTORY), "utf8"));

function keyOf(hex: string): SipKey {
  const key = readKey(hex);
  if (key === undefined) throw new Error(`"${hex}" is not a key`);
  return key;
}

const hex = (half: number) => half.toString(16).padStart(8, "0");

describe("SipHash-2-4", () => {
  const { vectors } = read("siphash") as { readonly vectors: readonly Hashed[] };

  test.each(vectors)("of $utf8 under $key is $hash", ({ key, text, utf8, hash }) => {
    expect(Buffer.from(new TextEncoder().encode(text)).toString("hex")).toBe(utf8);
    const { high, low } = sipHash(keyOf(key), text);
    expect(hex(high) + hex(low)).toBe(hash);
  });

  test("the vectors of the paper's reference are all there", () => {
    const bytes = Array.from({ length: 63 }, (_, byte) => hex(byte).slice(6)).join("");
    const reference = vectors.filter(({ key }) => key === "000102030405060708090a0b0c0d0e0f");
    for (let length = 0; length <= 63; length += 1)
      expect(reference.map(({ utf8 }) => utf8)).toContain(bytes.slice(0, 2 * length));
  });
});

describe("a key", () => {
  test("is 32 hexadecimal digits, large or small", () => {
    expect(readKey("000102030405060708090A0B0C0D0E0F")).toEqual([
      0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c,
    ]);
    expect(readKey("f".repeat(32))).toEqual(Array(4).fill(0xffffffff));
  });

  test.each([
    "",
    "0".repeat(31),
    "0".repeat(33),
    "g".repeat(32),
    `${"0".repeat(32)}\n`,
    "0x".repeat(16),
  ])("is not %j", (text) => {
    expect(readKey(text)).toBeUndefined();
  });
});

describe("visitors", () => {
  const { vectors } = read("visitors") as { readonly vectors: readonly Visitor[] };

  test.each(vectors)(
    "$visitor of $route: $digest, check $check",
    ({ key, route, visitor, digest, check, unit }) => {
      expect(visitorDigest(keyOf(key), route, visitor)).toBe(digest);
      expect(idCheck(keyOf(key), visitor)).toBe(check);
      expect(check).toHaveLength(CHECK_CHARS);
      expect(sampleUnit(digest)).toBe(unit);
    },
  );

  test("a sample's ends are 0 and just below 1", () => {
    expect(sampleUnit("00000000ffffffff")).toBe(0);
    expect(sampleUnit("ffffffff00000000")).toBe(1 - 2 ** -32);
    expect(sampleUnit("8000000000000000")).toBe(0.5);
  });
});
