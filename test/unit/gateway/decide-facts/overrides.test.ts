import { describe, expect, test } from "vitest";
import { MAX_OVERRIDE_SECONDS, Overrides } from "../../../../src/gateway/decide-facts/overrides.ts";
import { urlWithoutToken, takeToken } from "../../../../src/override/query.ts";
import { signToken, tokenKey } from "../../../../src/override/token.ts";

const SECRET = "a secret of sixteen characters or more";
const NOW = 1_000_000;
const claim = (change = {}) => ({
  route: "shop.example.com",
  variant: "green",
  expiresAt: NOW + 60_000,
  ...change,
});
const signed = async (change = {}, secret = SECRET) =>
  signToken(claim(change), await tokenKey(secret));

async function read(
  { search = "", cookie }: { search?: string; cookie?: string },
  secret: string | undefined = SECRET,
) {
  return new Overrides({ overrideSecret: secret, environment: "production" }).read(
    { search, cookies: cookie ?? "", now: NOW },
    "shop.example.com",
  );
}

describe("taking a token out of a referer", () => {
  test.each([
    ["https://h/a?sy=sy1.a.b", "https://h/a"],
    ["https://h/a?x=1&sy=sy1.a.b&y=2", "https://h/a?x=1&y=2"],
    ["https://h/a?sy=other", "https://h/a?sy=other"],
    ["https://h/sy=sy1.a", "https://h/sy=sy1.a"],
    ["https://h/a?%73y=sy1.a.b", "https://h/a"],
    ["https://h/a?x=%E4%&s%79=s%791%2Ea.b&y=%20", "https://h/a?x=%E4%&y=%20"],
    ["https://h/a?%2573y=sy1.a.b", "https://h/a?%2573y=sy1.a.b"],
  ])("%s", (referer, expected) => {
    expect(urlWithoutToken(referer)).toBe(expected);
  });
});

describe("taking a token out of a query", () => {
  test.each([
    ["", undefined, ""],
    ["?a=1&b", undefined, "?a=1&b"],
    ["?sy=sy1.a.b", "sy1.a.b", ""],
    ["?x=%20&sy=sy1.a.b&y=+", "sy1.a.b", "?x=%20&y=+"],
    ["?sy=sy1.first&sy=sy1.second", "sy1.first", ""],
    ["?sy=other&sy=sy1.a", "sy1.a", "?sy=other"],
    ["?xsy=sy1.a", undefined, "?xsy=sy1.a"],
  ])("%j", (search, token, rest) => {
    expect(takeToken(search)).toEqual({ token, search: rest });
  });
});

describe("what a request carries", () => {
  test("a link that holds: followed, kept, and out of the query", async () => {
    const token = await signed();
    expect(await read({ search: `?a=1&sy=${token}` })).toEqual({
      override: { ok: true, variant: "green" },
      keep: { token, seconds: 60 },
      search: "?a=1",
    });
  });

  test("a cookie that holds: followed, and not set again", async () => {
    const got = await read({ search: "?a=1", cookie: `b=1; sy-override=${await signed()}` });
    expect(got).toEqual({
      override: { ok: true, variant: "green" },
      keep: undefined,
      search: "?a=1",
    });
  });

  test("a link goes before a cookie", async () => {
    const cookie = `sy-override=${await signed({ variant: "blue" })}`;
    const got = await read({ search: `?sy=${await signed()}`, cookie });
    expect(got.override).toEqual({ ok: true, variant: "green" });
  });

  test("a session lasts a day at most", async () => {
    const token = await signed({ expiresAt: NOW + 1e12 });
    expect((await read({ search: `?sy=${token}` })).keep?.seconds).toBe(MAX_OVERRIDE_SECONDS);
  });

  test.each([
    ["expired", async () => signed({ expiresAt: NOW })],
    ["other-route", async () => signed({ route: "storefrontA" })],
    ["other-environment", async () => signed({ environment: "staging" })],
    ["forged", async () => signed({}, "another secret, long enough too")],
    ["forged", async () => "sy1.garbage.garbage"],
    ["forged", async () => `sy1.${"a".repeat(5000)}.b`],
  ])("%s is said, not followed, and not kept", async (fault, make) => {
    const got = await read({ search: `?sy=${await make()}` });
    expect(got).toEqual({ override: { ok: false, fault }, keep: undefined, search: "" });
  });

  test("without a secret no token counts", async () => {
    const got = await new Overrides({ overrideSecret: undefined, environment: "production" }).read(
      { search: `?sy=${await signed()}`, cookies: "", now: NOW },
      "shop.example.com",
    );
    expect(got.override).toEqual({ ok: false, fault: "no-secret" });
  });

  test("nothing carried, nothing said", async () => {
    expect(await read({ search: "?a" })).toEqual({
      override: undefined,
      keep: undefined,
      search: "?a",
    });
  });
});
