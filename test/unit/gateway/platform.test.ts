import { expect, test } from "vitest";

import { workerPlatform } from "../../../src/gateway/platform.ts";

const IDS = 20_000;
const BITS = 128;
/** Two-sided, of a fair coin thrown so often: alpha 10^-9 for each bit, 1.3 * 10^-7 for all of them. */
const WIDEST = 6.11;

test("an id is 16 random bytes in base64url: each of its 128 bits is as often set as not", () => {
  const ids = Array.from({ length: IDS }, () => workerPlatform.randomId());
  expect(new Set(ids)).toHaveProperty("size", IDS);
  const bytes = ids.map((id) => Buffer.from(id, "base64url"));
  expect(bytes.map((one) => one.toString("base64url"))).toEqual(ids);
  const widest = Array.from({ length: BITS }, (_, bit) => {
    const set = bytes.filter((one) => ((one[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0).length;
    return Math.abs(set - IDS / 2) / (Math.sqrt(IDS) / 2);
  });
  expect(bytes.every(({ length }) => length === BITS / 8)).toBe(true);
  expect(Math.max(...widest)).toBeLessThan(WIDEST);
});
