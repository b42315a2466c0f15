import { beforeEach, describe, expect, it, vi } from "vitest";

import { SIGN_IN_CODE_SECONDS } from "../../../../src/api/limits.ts";
import type { ControlEnv } from "../../../../src/config/control.ts";
import {
  ACCESS,
  ANN,
  ASSERTED,
  BEN,
  ON,
  ORIGIN,
  OWN_PAGE,
  TOKENS,
  cookieOf,
  sessionFor,
  signIn,
  signedBy,
  visit,
} from "./visit.ts";

interface Code {
  readonly code: string;
  readonly url: string;
  readonly expiresAt: string;
}

async function made(token: string = TOKENS.ann, env: ControlEnv = ON): Promise<Response> {
  return visit("POST", "/v1/sign-in-codes", {
    headers: { authorization: `Bearer ${token}` },
    env,
  });
}

const codeFor = async (token: string) => (await made(token)).json<Code>();

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

describe("a sign-in code", () => {
  it("signs in once, as the token that it was made with", async () => {
    for (const [name, token] of Object.entries(TOKENS)) {
      const { code, url, expiresAt } = await codeFor(token);
      expect(code).toMatch(/^[\w-]{43}$/);
      expect(url).toBe(`${ORIGIN}/sign-in#code=${code}`);
      const left = Date.parse(expiresAt) - Date.now();
      expect(left).toBeLessThanOrEqual(SIGN_IN_CODE_SECONDS * 1000);
      expect(left).toBeGreaterThan(SIGN_IN_CODE_SECONDS * 1000 - 60_000);
      const first = await signIn({ code });
      expect(first.status).toBe(204);
      const me = await visit("GET", "/v1/me", { headers: { cookie: cookieOf(first) } });
      expect(await me.json()).toMatchObject({ name, by: "session" });
      expect((await signIn({ code })).status).toBe(401);
    }
  });

  it("is used up by one of many who try it at once", async () => {
    const { code } = await codeFor(TOKENS.ann);
    const answers = await Promise.all(Array.from({ length: 8 }, async () => signIn({ code })));
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([count(204), count(401)]).toEqual([1, 7]);
  });

  it("dies with its token", async () => {
    const { code } = await codeFor(TOKENS.ann);
    expect((await signIn({ code }, signedBy({}, [BEN]))).status).toBe(401);
  });

  it("is good for ten minutes", async () => {
    const early = await codeFor(TOKENS.ann);
    const late = await codeFor(TOKENS.ann);
    const start = Date.now();
    const now = vi.spyOn(Date, "now");
    now.mockReturnValue(start + SIGN_IN_CODE_SECONDS * 1000 - 5000);
    expect((await signIn({ code: early.code })).status).toBe(204);
    now.mockReturnValue(start + SIGN_IN_CODE_SECONDS * 1000 + 1);
    expect((await signIn({ code: late.code })).status).toBe(401);
    now.mockRestore();
  });

  it("that is made up is refused, and the hub is not asked", async () => {
    const { code } = await codeFor(TOKENS.ann);
    const asked: unknown[] = [];
    const hubs = ON.HUBS;
    if (hubs === undefined) throw new Error("there is no hub to ask");
    const watched = new Proxy(hubs, {
      get: (target, name) => {
        asked.push(name);
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const flipped = code.startsWith("A") ? `B${code.slice(1)}` : `A${code.slice(1)}`;
    const madeUp = ["wrong", "", "A".repeat(43), flipped, code.slice(1), `${code}A`, `${code}=`];
    for (const one of madeUp)
      expect([one, (await signIn({ code: one }, signedBy({ HUBS: watched }))).status]).toEqual([
        one,
        401,
      ]);
    const otherKey = signedBy({ HUBS: watched, SESSION_KEY: "e".repeat(64) });
    expect((await signIn({ code }, otherKey)).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await signIn({ code }, signedBy({ HUBS: watched }))).status).toBe(204);
    expect(asked).not.toEqual([]);
  });

  it("is made with a token in hand alone: no session goes on for ever by them", async () => {
    const cookie = await sessionFor(TOKENS.ann);
    const bySession = await visit("POST", "/v1/sign-in-codes", {
      headers: { cookie, ...OWN_PAGE },
    });
    const byAccess = await visit("POST", "/v1/sign-in-codes", {
      headers: ASSERTED,
      access: ACCESS,
    });
    for (const response of [bySession, byAccess])
      expect(await response.json()).toMatchObject({ code: "forbidden" });
  });

  it("is refused where there are no sessions, no console or no hub", async () => {
    const without = async (name: keyof ControlEnv) => {
      const env = signedBy({}, [ANN]);
      Reflect.deleteProperty(env, name);
      const { code, detail } = await (
        await made(TOKENS.ann, env)
      ).json<{
        code: string;
        detail?: string;
      }>();
      return `${code}: ${detail ?? ""}`;
    };
    expect(await without("SESSION_KEY")).toMatch(/^sessions-off: the secret SESSION_KEY/);
    expect(await without("ASSETS")).toMatch(/^sessions-off: this control plane has no console/);
    expect(await without("HUBS")).toMatch(/^hub-unavailable/);
  });
});
