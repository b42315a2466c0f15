import { describe, expect, test } from "vitest";

import { edgeCode, edgeStatus } from "../../../src/lib/cloudflare-errors.ts";
import { edgeCodeIn } from "../../../src/lib/edge-code.ts";

describe("an error of Cloudflare's edge", () => {
  test("is told in words by its status, and only those that are the edge's", () => {
    for (const status of [520, 521, 522, 523, 524, 525, 526, 527, 530])
      expect(edgeStatus(status)).toEqual({
        what: expect.stringMatching(/^[a-z]/) as string,
        fix: expect.stringMatching(/^[a-z]/) as string,
      });
    for (const status of [200, 502, 504, 519, 528, 531]) expect(edgeStatus(status)).toBeUndefined();
  });

  test("has a code in its text, which says more", () => {
    expect(edgeCode(1016)?.what).toBe("the origin's name cannot be resolved");
    expect(edgeCode(1033)?.what).toContain("tunnel");
    expect([edgeCode(999), edgeCode(1999)]).toEqual([undefined, undefined]);
  });

  test.each([
    ["error code: 1016", 1016],
    ["<title>Error 1033</title>", 1033],
    ['<span class="cf-error-code">1020</span>', 1020],
    ["error code: 10160", undefined],
    ["no error at all in 1016", undefined],
    ["", undefined],
    [`${" ".repeat(4096)}error code: 1016`, undefined],
    [`${" ".repeat(4080)}error code: 1016`, 1016],
  ])("%j has the code %j", (text, code) => {
    expect(edgeCodeIn(text)).toBe(code);
  });
});
