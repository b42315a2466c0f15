import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";

import { readConfig } from "../../../src/config/gateway.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { handle } from "../../../src/gateway/handle.ts";
import { workerPlatform } from "../../../src/gateway/platform.ts";
import { signToken, tokenKey } from "../../../src/override/token.ts";

const SECRET = "a secret of some length";
const NOW = Date.UTC(2026, 11, 1, 9);
const HOUR_MS = 3_600_000;
const ID = "AAAAAAAAAAAAAAAAAAAAAA";

const variants = [
  { name: "control", origin: "https://one.example.com", weight: 1 },
  { name: "treatment", origin: "https://two.example.com", weight: 0 },
];
const split = { strategy: "weighted", variants };

interface Arranged {
  readonly policies: Readonly<Record<string, unknown>>;
  readonly secret?: string | undefined;
}

/** The gateway in this isolate with its real KV; the clock, the origins' answers and the rows are the test's. */
async function open({ policies, ...more }: Arranged) {
  await Promise.all(
    Object.entries(policies).map(([key, policy]) =>
      env.ROUTING_CONFIG.put(key, JSON.stringify(policy)),
    ),
  );
  const clock = { now: NOW };
  const forwarded: Request[] = [];
  const rows: AnalyticsEngineDataPoint[] = [];
  const config = readConfig({
    ...env,
    OVERRIDE_SECRET: "secret" in more ? more.secret : SECRET,
  } as typeof env);
  const gateway = createGateway(
    config,
    { read: async (keys) => env.ROUTING_CONFIG.getWithMetadata(keys, { type: "text" }) },
    { writeDataPoint: (row = {}) => void rows.push(row) },
    {
      ...workerPlatform,
      now: () => clock.now,
      fetch: async (url, init) => {
        forwarded.push(new Request(url, init));
        return new Response("ok", { headers: { "cache-control": "public, max-age=60" } });
      },
    },
  );
  const visit = async (url: string, headers: Record<string, string> = {}) => {
    const response = await handle(new Request(url, { headers }), gateway, () => {});
    return {
      variant: response.headers.get("x-variant"),
      reason: response.headers.get("x-reason"),
      cookies: response.headers.getSetCookie(),
      cache: response.headers.get("cache-control"),
      counted: rows.at(-1)?.doubles?.[2],
      origin: forwarded.at(-1),
    };
  };
  return { visit, clock };
}

const link = async (variant: string, more: { route?: string; expiresAt?: number } = {}) =>
  signToken({ route: "shop", variant, expiresAt: NOW + HOUR_MS, ...more }, await tokenKey(SECRET));

const pairOf = (cookies: readonly string[]): string => cookies[0]?.split(";", 1)[0] ?? "";

describe("a QA link", () => {
  test("leads to its variant and keeps the tester's session there", async () => {
    const { visit } = await open({ policies: { shop: split } });
    const token = await link("treatment");
    const first = await visit(`https://any.example.com/shop/cart?a=%20b&sy=${token}&c=d+e&a=`);
    expect([first.variant, first.reason, first.counted]).toEqual(["treatment", "override", 0]);
    expect(first.origin?.url).toBe("https://two.example.com/cart?a=%20b&c=d+e&a=");
    expect(first.cookies).toHaveLength(1);
    expect(first.cookies[0]).toMatch(/^sy-override=sy1\./);
    for (const attribute of ["HttpOnly", "Secure", "Path=/shop", "Max-Age=3600", "SameSite=Lax"])
      expect(first.cookies[0]).toContain(attribute);
    expect(first.cache).toMatch(/private|no-store/);

    const cookie = `a=1; ${pairOf(first.cookies)}; b=2`;
    const next = await visit("https://any.example.com/shop/pay?x=1", { cookie });
    expect([next.variant, next.reason, next.counted]).toEqual(["treatment", "override", 0]);
    expect(next.cookies).toEqual([]);
    expect(next.origin?.headers.get("cookie")).toBe("a=1; b=2");
    expect(next.cache).toMatch(/private|no-store/);
  });

  test("over http sets its cookie without Secure, so that it works on a developer's machine", async () => {
    const { visit } = await open({ policies: { "dev.example.com": split } });
    const token = await link("treatment", { route: "dev.example.com" });
    const first = await visit(`http://dev.example.com/?sy=${token}`);
    expect(first.cookies[0]).toContain("Path=/");
    expect(first.cookies[0]).not.toContain("Secure");
    expect(first.origin?.url).toBe("https://two.example.com/");
  });

  test("ends with its token, to the millisecond, and says so", async () => {
    const { visit, clock } = await open({ policies: { shop: split } });
    const token = await link("treatment");
    const cookie = `sy-override=${token}`;
    clock.now = NOW + HOUR_MS - 1;
    expect((await visit("https://any.example.com/shop", { cookie })).reason).toBe("override");
    clock.now = NOW + HOUR_MS;
    for (const late of [
      await visit("https://any.example.com/shop", { cookie }),
      await visit(`https://any.example.com/shop?sy=${token}`),
    ]) {
      expect([late.variant, late.reason]).toEqual(["control", "split; override=expired"]);
      expect(late.counted).toBe(1);
      expect(late.origin?.url).toBe("https://one.example.com/");
      expect(late.cookies.join()).not.toContain("sy-override");
    }
  });

  test("is worth nothing on another route, for a variant that is not there, forged, or without the secret", async () => {
    const { visit } = await open({ policies: { shop: split, blog: split } });
    const token = await link("treatment");
    const mute = await open({ policies: { shop: split }, secret: undefined });
    const answers = [
      await visit(`https://any.example.com/blog?sy=${token}`),
      await visit("https://any.example.com/blog", { cookie: `sy-override=${token}` }),
      await visit(`https://any.example.com/shop?sy=${await link("nobody")}`),
      await visit(`https://any.example.com/shop?sy=${token.slice(0, -2)}`),
      await visit("https://any.example.com/shop?sy=sy1."),
      await mute.visit(`https://any.example.com/shop?sy=${token}`),
    ];
    expect(answers.map(({ reason }) => reason)).toEqual([
      "split; override=other-route",
      "split; override=other-route",
      "split; override=unknown-variant",
      "split; override=forged",
      "split; override=forged",
      "split; override=no-secret",
    ]);
    for (const { variant, counted, cookies, origin } of answers) {
      expect([variant, counted]).toEqual(["control", 1]);
      expect(cookies.join()).not.toContain("sy-override");
      expect(origin?.url).toBe("https://one.example.com/");
    }
  });

  test("neither makes a pin nor changes one: after it the visitor is where they were", async () => {
    const pinning = { ...split, sticky: { mode: "pin" } };
    const { visit } = await open({ policies: { shop: pinning } });
    const pinned = pairOf((await visit("https://any.example.com/shop")).cookies);
    expect(pinned).toMatch(/^sy=1\..+-/);
    const token = await link("treatment");
    const forced = await visit(`https://any.example.com/shop?sy=${token}`, { cookie: pinned });
    expect(forced.variant).toBe("treatment");
    expect(forced.cookies.map((cookie) => cookie.split("=", 1)[0])).toEqual(["sy-override"]);
    const after = await visit("https://any.example.com/shop", { cookie: pinned });
    expect([after.variant, after.reason, after.cookies.length]).toEqual(["control", "pinned", 0]);
  });

  test("does nothing without consent, and sets no cookie", async () => {
    const consenting = { ...split, consent: { cookie: "agreed" } };
    const { visit } = await open({ policies: { shop: consenting } });
    const token = await link("treatment");
    const without = await visit(`https://any.example.com/shop?sy=${token}`);
    expect([without.reason, without.cookies.length]).toEqual(["no-consent", 0]);
    expect(without.origin?.url).toBe("https://one.example.com/");
    const given = await visit(`https://any.example.com/shop?sy=${token}`, { cookie: "agreed=1" });
    expect([given.reason, given.cookies.length]).toEqual(["override", 1]);
  });

  test.each([
    ["overrides switched off", { ...split, override: "off" }],
    ["one origin", "https://one.example.com"],
  ])("never reaches an origin, under a policy with %s too", async (_, policy) => {
    const { visit } = await open({ policies: { shop: policy } });
    const token = await link("treatment");
    const answer = await visit(`https://any.example.com/shop/x?a=1&sy=${token}`, {
      cookie: `sy-override=${token}; sy=1.${ID}.1.1`,
    });
    expect(answer.origin?.url).toBe("https://one.example.com/x?a=1");
    expect(answer.origin?.headers.get("cookie") ?? "").not.toContain("sy-override");
    expect(answer.reason).not.toBe("override");
  });
});

describe('"open"', () => {
  test("takes a plain header, for one visit and nothing more", async () => {
    const { visit } = await open({ policies: { shop: { ...split, override: "open" } } });
    const url = "https://any.example.com/shop";
    const forced = await visit(url, { "x-switchyard-force": "treatment" });
    expect([forced.variant, forced.reason, forced.counted]).toEqual(["treatment", "override", 0]);
    expect(forced.cookies).toEqual([]);
    expect(forced.origin?.headers.get("x-switchyard-force")).toBeNull();
    expect(forced.cache).toMatch(/private|no-store/);
    const unknown = await visit(url, { "x-switchyard-force": "nobody" });
    expect(unknown.reason).toBe("split; override=unknown-variant");
  });

  test("is not the default: the header of anybody does nothing, and reaches no origin", async () => {
    const { visit } = await open({ policies: { shop: split } });
    const answer = await visit("https://any.example.com/shop", {
      "x-switchyard-force": "treatment",
    });
    expect([answer.variant, answer.reason]).toEqual(["control", "split"]);
    expect(answer.origin?.headers.get("x-switchyard-force")).toBeNull();
  });
});
