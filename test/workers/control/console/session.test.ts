import { describe, expect, it } from "vitest";

import { MAX_SESSION_SECONDS, MAX_TOKEN_CHARS } from "../../../../src/api/limits.ts";
import type { ControlEnv } from "../../../../src/config/control.ts";
import { sessionCookie } from "../../../../src/control/console/cookie.ts";
import {
  ACCESS,
  ANN,
  ASSERTED,
  BEN,
  CLEO,
  KEY,
  ON,
  OWN_PAGE,
  TOKENS,
  cookieOf,
  sessionFor,
  signIn,
  signedBy,
  visit,
} from "./visit.ts";

/** Whom the API takes the sender of a cookie for; the code of the refusal where it takes them for nobody. */
async function known(cookie: string, env: ControlEnv = ON): Promise<string> {
  const response = await visit("GET", "/v1/me", { headers: { cookie }, env });
  const { name, code } = await response.json<{ name?: string; code?: string }>();
  return name ?? code ?? "";
}

/** A cookie of Ann's, as if it had been given so long (ms) ago. */
const givenAgo = async (ms: number, key = KEY) =>
  (await sessionCookie(key, ANN.sha256, Date.now() - ms)).split(";")[0] ?? "";

const LIFE_MS = MAX_SESSION_SECONDS * 1000;

describe("a session", () => {
  it("begins with a token, lasts eight hours and is of that token's name, role and scope", async () => {
    const response = await signIn({ token: TOKENS.cleo });
    expect(response.status).toBe(204);
    const [pair, ...attributes] = (response.headers.get("set-cookie") ?? "").split("; ");
    expect(pair).toMatch(/^__Host-switchyard=\d{10}\.[\w-]{43}$/);
    expect(attributes).toEqual([
      "Path=/",
      "Secure",
      "HttpOnly",
      "SameSite=Strict",
      "Max-Age=28800",
    ]);
    const answered = await visit("GET", "/v1/me", { headers: { cookie: cookieOf(response) } });
    const { expiresAt, ...me } = await answered.json<{ expiresAt: string }>();
    expect(me).toEqual({ name: "cleo", role: "operate", scope: ["shop-*"], by: "session" });
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeLessThanOrEqual(LIFE_MS);
    expect(left).toBeGreaterThan(LIFE_MS - 60_000);
  });

  it("holds nothing of the token, and cannot be told from its digest", async () => {
    const cookie = await sessionFor(TOKENS.ann);
    expect(cookie).not.toContain(TOKENS.ann);
    expect(cookie).not.toContain(ANN.sha256.slice(0, 16));
  });

  it.each([
    ["before its eight hours are over", LIFE_MS - 60_000, "ann"],
    ["after them", LIFE_MS + 1000, "unauthorized"],
    ["that is dated ahead, so that it would last longer", -60_000, "unauthorized"],
  ])("counts %s or not: %i ms", async (_, ago, who) => {
    expect(await known(await givenAgo(ago))).toBe(who);
  });

  it("counts for nothing when it is changed, cut, longer, of another key, or there twice", async () => {
    const cookie = await givenAgo(0);
    expect(await known(cookie)).toBe("ann");
    const [name = "", value = ""] = cookie.split("=");
    const [expires = "", mac = ""] = value.split(".");
    const flipped = mac.startsWith("A") ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
    const wrong = [
      `${name}=${Number(expires) - 1}.${mac}`,
      `${name}=0${expires}.${mac}`,
      `${name}=${expires}.${flipped}`,
      `${name}=${expires}.${mac.slice(1)}`,
      `${name}=${expires}.${mac}A`,
      `${name}=${expires}.`,
      `${name}=.${mac}`,
      `${name}=`,
      `__Secure-switchyard=${value}`,
      `switchyard=${value}`,
      `${cookie}; ${cookie}`,
      `${name}=x; ${cookie}`,
      await givenAgo(0, "f".repeat(64)),
    ];
    for (const one of wrong) expect([one, await known(one)]).toEqual([one, "unauthorized"]);
    expect(await known(`theme=dark; ${cookie}; other=1`)).toBe("ann");
  });

  it("is over with its token, and is what its token is now", async () => {
    const cookie = await givenAgo(0);
    expect(await known(cookie, signedBy({}, [BEN, CLEO]))).toBe("unauthorized");
    const lowered = signedBy({}, [
      { ...ANN, name: "ann-2", role: "read" } as unknown as typeof ANN,
    ]);
    expect(await known(cookie, lowered)).toBe("ann-2");
    const edit = await visit("DELETE", "/v1/routes/x", {
      headers: { cookie, ...OWN_PAGE, "if-match": "*" },
      env: lowered,
    });
    expect(edit.status).toBe(403);
    expect(await known(cookie, signedBy({ SESSION_KEY: "e".repeat(64) }))).toBe("unauthorized");
  });

  it("goes after a bearer token, and before Cloudflare Access", async () => {
    const cookie = await givenAgo(0);
    const who = async (headers: Record<string, string>) => {
      const response = await visit("GET", "/v1/me", {
        headers: { ...ASSERTED, ...headers },
        access: ACCESS,
      });
      const { name, by } = await response.json<{ name?: string; by?: string }>();
      return [name, by];
    };
    expect(await who({ cookie, authorization: `Bearer ${TOKENS.ben}` })).toEqual(["ben", "token"]);
    expect(await who({ cookie, authorization: "Bearer wrong" })).toEqual([undefined, undefined]);
    expect(await who({ cookie })).toEqual(["ann", "session"]);
    expect(await who({ cookie: "__Host-switchyard=1.x" })).toEqual(["dora@example.com", "access"]);
  });

  it("is told to the sign-in page, which no cookie reaches by a link from elsewhere", async () => {
    const told = async (headers: Record<string, string>) => {
      const response = await visit("GET", "/session", { headers });
      return (await response.json<{ signedIn: boolean }>()).signedIn;
    };
    const own = { "sec-fetch-site": "same-origin" };
    expect(await told({ ...own, cookie: await givenAgo(0) })).toBe(true);
    expect(await told({ ...own, cookie: await givenAgo(LIFE_MS + 1000) })).toBe(false);
    expect(await told(own)).toBe(false);
    expect(await told({ ...own, authorization: `Bearer ${TOKENS.ann}` })).toBe(false);
  });

  it("ends when it is asked to, in the browser", async () => {
    const response = await visit("DELETE", "/session", { headers: OWN_PAGE });
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toBe(
      "__Host-switchyard=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
    );
  });

  it("is refused in words without a key, and Cloudflare Access goes on", async () => {
    const env = signedBy();
    Reflect.deleteProperty(env, "SESSION_KEY");
    const refused = await signIn({ token: TOKENS.ann }, env);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: "sessions-off",
      detail: expect.stringContaining("SESSION_KEY is not set") as string,
    });
    expect(await (await visit("GET", "/session", { env })).json()).toEqual({
      byToken: false,
      signedIn: false,
    });
    expect(await (await visit("GET", "/session")).json()).toEqual({
      byToken: true,
      signedIn: false,
    });
    expect(await known(await givenAgo(0), env)).toBe("unauthorized");
    const byAccess = await visit("GET", "/", { env, access: ACCESS, headers: ASSERTED });
    expect(byAccess.status).toBe(200);
  });

  it("is refused for what proves nobody, which is counted as at the API", async () => {
    const asked: unknown[] = [];
    const limit = async (key: unknown) => {
      asked.push(key);
      return { success: asked.length < 2 };
    };
    const env: ControlEnv = { ...ON, ADMIN_LIMITER: { limit } };
    const codeOf = async (proof: object) =>
      (await (await signIn(proof, env)).json<{ code: string }>()).code;
    expect(await codeOf({ token: "wrong" })).toBe("unauthorized");
    expect(await codeOf({ code: "wrong" })).toBe("too-many-requests");
    expect((await signIn({ token: TOKENS.ann }, env)).status).toBe(204);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["nothing", {}],
    ["both", { token: TOKENS.ann, code: "x" }],
    ["no text", { token: 7 }],
    ["a field too many", { token: TOKENS.ann, role: "write" }],
    ["a longer text than any token", { token: "x".repeat(MAX_TOKEN_CHARS + 1) }],
  ])("is not begun with %s", async (_, proof) => {
    const response = await signIn(proof);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "body-invalid" });
  });

  it("takes the longest token there may be for a token", async () => {
    expect((await signIn({ token: "x".repeat(MAX_TOKEN_CHARS) })).status).toBe(401);
  });

  it("reads no more of whoever is unknown than the longest token needs", async () => {
    // As JSON writes it, a control character takes six bytes.
    expect((await signIn({ token: "\u0001".repeat(MAX_TOKEN_CHARS) })).status).toBe(401);
    const most = 4096 - JSON.stringify({ token: "" }).length;
    expect((await signIn({ token: "x".repeat(most) })).status).toBe(400);
    expect((await signIn({ token: "x".repeat(most + 1) })).status).toBe(413);
  });

  it("takes JSON alone, and says which methods there are", async () => {
    const text = await visit("POST", "/session", {
      headers: { ...OWN_PAGE, "content-type": "text/plain" },
      body: { token: TOKENS.ann },
    });
    expect(text.status).toBe(415);
    const put = await visit("PUT", "/session", { headers: OWN_PAGE });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST, DELETE"]);
  });
});
