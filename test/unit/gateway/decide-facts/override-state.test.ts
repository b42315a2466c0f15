import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  MAX_OVERRIDE_SECONDS,
  Overrides,
  type OverrideState,
} from "../../../../src/gateway/decide-facts/overrides.ts";
import { takeToken } from "../../../../src/override/query.ts";
import { signToken, tokenKey, type Claim } from "../../../../src/override/token.ts";
import { check } from "../../../support/property.ts";

const SECRET = "a secret of some length";
const NOW = Date.UTC(2026, 11, 1, 9);
const CLAIM: Claim = { route: "shop", variant: "treatment", expiresAt: NOW + 60_000 };

const key = await tokenKey(SECRET);
const token = await signToken(CLAIM, key);

/** Parameters as clients write them: encoded or not, empty, repeated, malformed. */
const parameter = fc.oneof(
  fc.constantFrom("", "a", "a=", "=", "a=1", "a=2", "q=%20+%2B", "x=%E4%", "sy=1", "sy", "SY=sy1."),
  fc
    .stringMatching(/^[!$'-;=?-Z_a-z~%]{0,12}$/)
    .filter((text) => !/^(?:s|%73)(?:y|%79)=/.test(text)),
);

describe("taking the token out of a query", () => {
  it("keeps every other parameter byte for byte and in order", () => {
    check(
      fc.property(fc.array(parameter, { maxLength: 5 }), fc.nat(5), (others, place) => {
        const at = Math.min(place, others.length);
        const parts = others.toSpliced(at, 0, `sy=${token}`);
        const rest = others.join("&");
        expect(takeToken(`?${parts.join("&")}`)).toEqual({
          token,
          search: rest === "" ? "" : `?${rest}`,
        });
      }),
      { runs: 500 },
    );
  });

  it("leaves a query without one as it is, a parameter of the same name included", () => {
    check(
      fc.property(fc.array(parameter, { maxLength: 5 }), (parts) => {
        const search = parts.length === 0 ? "" : `?${parts.join("&")}`;
        expect(takeToken(search)).toEqual({ token: undefined, search });
      }),
      { runs: 500 },
    );
  });

  it("takes it in every spelling that an origin would read as ours", async () => {
    for (const name of ["sy", "%73y", "s%79", "%73%79"])
      for (const value of [
        token,
        `s%79${token.slice(2)}`,
        token.replaceAll(".", "%2E"),
        token.replaceAll(".", "%2e"),
      ]) {
        expect(takeToken(`?a=%20&${name}=${value}&b`)).toEqual({ token, search: "?a=%20&b" });
        expect((await read({ search: `?${name}=${value}` })).override).toEqual({
          ok: true,
          variant: "treatment",
        });
      }
  });

  it.each([
    [`?+sy=${token}`, ""],
    [`?a&%20sy=+${token}`, "?a"],
    // A broken escape beside it keeps lenient servers from nothing.
    [`?sy=s%79${token.slice(2)}%zz&a`, "?a"],
    [`?%73y=${token}%E4&a=%E4`, "?a=%E4"],
    [`?a=1;sy=${token};b&c`, "?a=1;b&c"],
    [`?sy=${token};a=1`, "?a=1"],
  ])("takes it where a lenient origin would find it: %s", (search, rest) => {
    const taken = takeToken(search);
    expect(taken.token).toContain(token);
    expect(taken.search).toBe(rest);
  });

  it("takes all of several, and believes the first", () => {
    expect(takeToken(`?sy=${token}&a=1&sy=sy1.other.one`)).toEqual({ token, search: "?a=1" });
  });
});

interface Asked {
  readonly search?: string;
  readonly cookie?: string;
  readonly route?: string;
  readonly now?: number;
  readonly secret?: string | undefined;
  readonly environment?: string;
}

const read = async (asked: Asked): Promise<OverrideState> =>
  new Overrides({
    overrideSecret: "secret" in asked ? asked.secret : SECRET,
    environment: asked.environment ?? "production",
  }).read(
    { search: asked.search ?? "", cookies: asked.cookie ?? "", now: asked.now ?? NOW },
    asked.route ?? "shop",
  );

describe("what a request carries", () => {
  it("a link that holds: the variant, and the token to keep as long as it lasts", async () => {
    expect(await read({ search: `?sy=${token}&a=1` })).toEqual({
      override: { ok: true, variant: "treatment" },
      keep: { token, seconds: 60 },
      search: "?a=1",
    });
  });

  it("a cookie that holds: the variant, and nothing to keep anew", async () => {
    const state = await read({ cookie: `a=1; sy-override=${token}`, search: "?sy=1" });
    expect(state).toEqual({
      override: { ok: true, variant: "treatment" },
      keep: undefined,
      search: "?sy=1",
    });
  });

  it("nothing: no override, no fault", async () => {
    expect(await read({ search: "?a=1", cookie: "sy=1.x" })).toEqual({
      override: undefined,
      keep: undefined,
      search: "?a=1",
    });
  });

  it.each<[string, Asked, string]>([
    [
      "to its last millisecond it holds, from the next on it is",
      { now: CLAIM.expiresAt },
      "expired",
    ],
    ["on another route it is", { route: "blog" }, "other-route"],
    ["on a route that begins like its own it is", { route: "shop2" }, "other-route"],
    ["without the secret it is", { secret: undefined }, "no-secret"],
    ["under another secret it is", { secret: "another secret of length" }, "forged"],
    ["on a gateway of another environment it is", { environment: "staging" }, "other-environment"],
  ])("%s %j %s", async (_, asked, fault) => {
    for (const way of [{ search: `?sy=${token}&a=1` }, { cookie: `sy-override=${token}` }]) {
      const state = await read({ ...asked, ...way });
      expect(state.override).toEqual({ ok: false, fault });
      expect(state.keep).toBeUndefined();
      expect(state.search).toBe("search" in way ? "?a=1" : "");
    }
    expect((await read({ search: `?sy=${token}`, now: CLAIM.expiresAt - 1 })).override?.ok).toBe(
      true,
    );
  });

  it("every change of one character of the token, by link or by cookie: no override", async () => {
    for (let at = "sy1.".length; at < token.length; at += 1) {
      const other = token.charAt(at) === "A" ? "B" : "A";
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      for (const way of [{ search: `?sy=${changed}` }, { cookie: `sy-override=${changed}` }]) {
        const state = await read(way);
        expect(state).toEqual({
          override: { ok: false, fault: "forged" },
          keep: undefined,
          search: "",
        });
      }
    }
  });

  it("a link goes before the cookie, a bad one too: what the tester asks for now is answered", async () => {
    const other = await signToken({ ...CLAIM, variant: "control" }, key);
    const cookie = `sy-override=${other}`;
    expect((await read({ search: `?sy=${token}`, cookie })).override).toEqual({
      ok: true,
      variant: "treatment",
    });
    expect((await read({ search: "?sy=sy1.x.y", cookie })).override).toEqual({
      ok: false,
      fault: "forged",
    });
  });

  it("a link that lasts for weeks: a session of a day at most", async () => {
    const long = await signToken({ ...CLAIM, expiresAt: NOW + 30 * 86_400_000 }, key);
    expect((await read({ search: `?sy=${long}` })).keep?.seconds).toBe(MAX_OVERRIDE_SECONDS);
    expect(MAX_OVERRIDE_SECONDS).toBe(86_400);
  });
});
