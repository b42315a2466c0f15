import { describe, expect, it } from "vitest";
import { A, AUD, api, assertion, create, type Ask } from "./api.ts";

const ISSUER = "https://example.cloudflareaccess.com";

const identity = (email?: string, aud = AUD) => ({
  aud,
  getIdentity: async () => (email === undefined ? {} : { email }),
});

const ask = (email?: string, aud = AUD, iss = ISSUER): Ask => ({
  token: null,
  access: identity(email, aud),
  headers: assertion(iss),
});

const status = async (asked: Ask) => (await api("GET", "/routes/shop-1", asked)).status;

describe("Cloudflare Access", () => {
  it("vouches for a caller, whose address decides what they may", async () => {
    await create("shop-1", A);
    expect((await api("GET", "/routes/shop-1", ask("Ann@Example.com"))).status).toBe(200);
    expect((await api("GET", "/routes/other", ask("ann@example.com"))).status).toBe(403);
    expect((await api("DELETE", "/routes/shop-1", ask("ann@example.com"))).status).toBe(403);
    expect(await status(ask("ann@example.com.evil.org"))).toBe(401);
    expect(await status(ask())).toBe(401);
  });

  it("vouches for nobody by another application, or by another team", async () => {
    const ann = "ann@example.com";
    expect(await status(ask(ann, "b0".repeat(32)))).toBe(401);
    for (const iss of ["https://evil.cloudflareaccess.com", `${ISSUER}.evil.org`, "example", ""])
      expect(await status(ask(ann, AUD, iss))).toBe(401);
    for (const field of ["", "x", "x.y", "x.e30.y", "x.bnVsbA.y", "x.%%%.y"]) {
      const headers = { "cf-access-jwt-assertion": field };
      expect(await status({ ...ask(ann), headers })).toBe(401);
    }
    const { headers: _none, ...bare } = ask(ann);
    expect(await status(bare)).toBe(401);
  });

  it("does not help a wrong token", async () => {
    expect(await status({ ...ask("ann@example.com"), token: "wrong" })).toBe(401);
  });
});
