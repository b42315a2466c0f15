import { describe, expect, test } from "vitest";
import type { CacheKey } from "../../../../src/policy/compiled.ts";
import {
  addVary,
  guardCache,
  makePrivate,
  MAX_VARY_CHARS,
  privateDirectives,
} from "../../../../src/gateway/respond/cache.ts";

const NOTHING: CacheKey = { vary: [], unshareable: false };

function guarded(fields: Record<string, string>, key = NOTHING, setsCookie = false) {
  const headers = new Headers(fields);
  guardCache(headers, key, setsCookie);
  return Object.fromEntries(headers);
}

describe("Cache-Control for one visitor", () => {
  test.each([
    [null, "private"],
    ["", "private"],
    ["public, max-age=60", "private, max-age=60"],
    ["max-age=60, s-maxage=600", "private, max-age=60"],
    ["S-MaxAge=5,PUBLIC , no-transform", "private, no-transform"],
    ["private", "private"],
    // A qualified form allows all but the named fields to be stored by anybody (RFC 9111 §5.2.2.7).
    ['private="set-cookie, x-a", max-age=60', "private, max-age=60"],
    ['no-cache="set-cookie", max-age=60', 'private, no-cache="set-cookie", max-age=60'],
    ["no-store", "private, no-store"],
    ["proxy-revalidate, must-revalidate", "private, must-revalidate"],
    ['ext="a, public", max-age=1', 'private, ext="a, public", max-age=1'],
    ['ext="unclosed, public', 'private, ext="unclosed, public'],
    ["publicity=1", "private, publicity=1"],
  ])("%j becomes %j", (before, after) => {
    expect(privateDirectives(before)).toBe(after);
  });

  test("fields that tell shared caches otherwise are removed", () => {
    const headers = new Headers({
      "cdn-cache-control": "max-age=60",
      "cloudflare-cdn-cache-control": "max-age=60",
      "netlify-cdn-cache-control": "max-age=60",
      "surrogate-control": "max-age=60",
      "edge-control": "max-age=60",
      "x-accel-expires": "60",
      etag: '"a"',
    });
    makePrivate(headers);
    expect(Object.fromEntries(headers)).toEqual({ "cache-control": "private", etag: '"a"' });
  });
});

describe("Vary", () => {
  test.each([
    [null, ["cookie"], "cookie"],
    ["accept-encoding", ["cookie"], "accept-encoding, cookie"],
    ["Accept-Encoding, Cookie", ["cookie", "x-user"], "Accept-Encoding, Cookie, x-user"],
    ["COOKIE", ["cookie"], "COOKIE"],
    ["*", ["cookie"], "*"],
    ["a, *", ["cookie"], "a, *"],
  ])("%j and %j", (before, names, after) => {
    const headers = new Headers(before === null ? {} : { vary: before });
    addVary(headers, names);
    expect(headers.get("vary")).toBe(after);
  });
});

describe("a Vary longer than receivers take", () => {
  const stored = { "cache-control": "public, max-age=60" };
  const name = (chars: number) => "x".repeat(chars);

  test("becomes *, and no shared cache may store the answer", () => {
    const key = (chars: number): CacheKey => ({ vary: [name(chars)], unshareable: false });
    expect(guarded(stored, key(MAX_VARY_CHARS))).toEqual({ ...stored, vary: name(MAX_VARY_CHARS) });
    expect(guarded(stored, key(MAX_VARY_CHARS + 1))).toEqual({
      "cache-control": "private, max-age=60",
      vary: "*",
    });
  });

  test("counts what the origin wrote; where nothing is missing there, it stays", () => {
    const origin = { ...stored, vary: name(MAX_VARY_CHARS - 8) };
    const cookie: CacheKey = { vary: ["cookie"], unshareable: false };
    expect(guarded(origin, cookie)).toEqual({ ...origin, vary: `${origin.vary}, cookie` });
    const longer = { ...stored, vary: name(MAX_VARY_CHARS - 7) };
    expect(guarded(longer, cookie)["vary"]).toBe("*");
    const whole = { ...stored, vary: `cookie, ${name(20_000)}` };
    expect(guarded(whole, cookie)).toEqual(whole);
  });
});

describe("what a response gets", () => {
  const stored = { "cache-control": "public, max-age=60" };

  test.each([
    ["nothing depends on the visitor: as it came", NOTHING, false, stored],
    [
      "the variant depends on a field: named",
      { vary: ["x-user"], unshareable: false },
      false,
      { ...stored, vary: "x-user" },
    ],
    [
      "no field can name what it depends on: private",
      { vary: [], unshareable: true },
      false,
      { "cache-control": "private, max-age=60" },
    ],
    [
      "it sets our cookie: private, and named",
      { vary: ["cookie"], unshareable: false },
      true,
      { "cache-control": "private, max-age=60", vary: "cookie" },
    ],
  ])("%s", (_, key, setsCookie, after) => {
    expect(guarded(stored, key, setsCookie)).toEqual(after);
  });
});
