import { describe, expect, test } from "vitest";
import {
  overrideCookie,
  readCookie,
  visitorCookie,
  withoutCookies,
} from "../../../../src/gateway/respond/cookies.ts";

const ID = "AAAAAAAAAAAAAAAAAAAAAA";
const VALUE = `1.${ID}.m0.m1`;
const VISITOR = { id: ID, seenAt: 792, sentAt: 793, pins: [] };
const SETTINGS = {
  name: "sy",
  ttlSeconds: 60,
  domain: undefined,
  sameSite: "lax",
  partitioned: false,
} as const;

describe("reading", () => {
  test.each([
    ["", "a", []],
    ["a=1; b=2", "a", ["1"]],
    ["a=1; b=2", "b", ["2"]],
    ["a=1; b=2", "c", []],
    ["aa=1; xa=2", "a", []],
    ["a=1; a=2; a=3", "a", ["1", "2", "3"]],
    ["a=%zz", "a", ["%zz"]],
    ["__proto__=x; constructor=y", "__proto__", ["x"]],
    ["__proto__=x; constructor=y", "constructor", ["y"]],
    ["a=1", "constructor", []],
    [";;; =; nonsense", "nonsense", []],
  ])("%j has %s", (header, name, values) => {
    expect(readCookie(header, name)).toEqual(values);
  });

  test("one of a thousand cookies is read in no time", () => {
    const header = Array.from({ length: 1000 }, (_, i) => `c${i}=${"v".repeat(50)}`).join("; ");
    const start = performance.now();
    expect(readCookie(header, "c999")).toEqual(["v".repeat(50)]);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("keeping ours from origins", () => {
  test.each([
    ["a=1; b=2", "a=1; b=2"],
    [`sy=${VALUE}`, undefined],
    [`a=1; sy=${VALUE};b=%20 ; c`, "a=1;b=%20 ; c"],
    ["sy=; a=1", "a=1"],
    ["sy =x; a=1", "a=1"],
    ["SY=x", "SY=x"],
    ["say=sy; x=sy=1", "say=sy; x=sy=1"],
    [`other=${VALUE}; a=1`, "a=1"],
    [`other=${VALUE}.1-2.3-4; a=1`, "a=1"],
    // With a check behind the id, good or not; four characters are none.
    [`other=1.${ID}-_aZ9.m0.m1; a=1`, "a=1"],
    [`other=1.${ID}-_aZ9.m0.m1.1-2; a=1`, "a=1"],
    [`near=1.${ID}-_aZ.m0.m1; a=1`, `near=1.${ID}-_aZ.m0.m1; a=1`],
    ["near=1.AAAA.m0.m1; a=1", "near=1.AAAA.m0.m1; a=1"],
    [`a=1, other=${VALUE}`, undefined],
  ])("%j becomes %j", (before, after) => {
    expect(withoutCookies(before, ["sy"])).toBe(after);
  });
});

describe("setting", () => {
  test.each([
    [{}, { path: "/", secure: false }, "Max-Age=60; Path=/; HttpOnly; SameSite=Lax"],
    [{}, { path: "/a", secure: true }, "Max-Age=60; Path=/a; HttpOnly; Secure; SameSite=Lax"],
    [
      { sameSite: "none", partitioned: true, domain: "example.com" } as const,
      { path: "/", secure: true },
      "Max-Age=60; Domain=example.com; Path=/; HttpOnly; Secure; Partitioned; SameSite=None",
    ],
    [
      { sameSite: "strict" } as const,
      { path: "/", secure: true },
      "Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict",
    ],
    // Browsers refuse SameSite=None without Secure.
    [{ sameSite: "none" } as const, { path: "/", secure: false }, "Max-Age=60; Path=/; HttpOnly"],
    // Browsers refuse Partitioned without Secure.
    [
      { partitioned: true } as const,
      { path: "/", secure: false },
      "Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
    ],
  ])("%j at %j", (settings, scope, attributes) => {
    const cookie = visitorCookie(VISITOR, { ...SETTINGS, ...settings }, scope);
    expect(cookie).toBe(`sy=${VALUE}; ${attributes}`);
  });

  test("what is set is read again", () => {
    const cookie = visitorCookie(VISITOR, SETTINGS, { path: "/", secure: false });
    expect(readCookie(cookie.split(";", 1)[0] ?? "", "sy")).toEqual([VALUE]);
  });

  test("a QA session", () => {
    expect(overrideCookie("sy1.a.b", 5, { path: "/", secure: true })).toBe(
      "sy-override=sy1.a.b; Max-Age=5; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
  });
});
