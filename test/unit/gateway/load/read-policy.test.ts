import { expect, test } from "vitest";

import { readPolicy } from "../../../../src/gateway/load/read-policy.ts";
import { nodePlatform } from "../forward/upstream.ts";

const ORIGIN = '"https://one.example.com"';

test("a text that breaks the reader leaves the last good policy, and says so: the key is read on", () => {
  const platform = nodePlatform();
  const good = readPolicy("shop", ORIGIN, undefined, { allowPrivateOrigins: false }, platform);
  const breaking = {
    get allowPrivateOrigins(): boolean {
      throw new RangeError("Maximum call stack size exceeded");
    },
  };
  const text = '"https://two.example.com"';
  expect(readPolicy("shop", text, good, breaking, platform)).toBe(good);
  expect(readPolicy("shop", text, undefined, breaking, platform)).toBeUndefined();
  expect(platform.lines.map(({ message }) => message)).toEqual([
    `the policy could not be read; serving version ${good?.version}`,
    "the policy could not be read; serving nothing",
  ]);
});
