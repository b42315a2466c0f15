import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeVisitor, encodeVisitor } from "../../../src/decide/visitor.ts";
import { signToken, tokenKey } from "../../../src/override/token.ts";
import { startFaulty, type Faulty } from "../../support/faulty.ts";
import { openJar, visit } from "../../support/jar.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const SECRET = "a secret for the links of these tests";
const HOST = "shop.example.com";
const VISITORS = 12;
/** Long enough for an origin that is well, on any machine. */
const TIMEOUT_MS = 1_000;

let origins: Faulty[];
let gateway: BareGateway;

beforeAll(async () => {
  origins = await Promise.all(["a", "b"].map((name) => startFaulty(name)));
  const variants = origins.map(({ url }, index) => ({
    name: "ab"[index],
    origin: url,
    weight: 1,
  }));
  gateway = await startBare({
    policies: {
      [HOST]: { strategy: "weighted", variants, timeoutMs: TIMEOUT_MS },
      storefront: { strategy: "weighted", variants, timeoutMs: TIMEOUT_MS },
    },
    vars: { OVERRIDE_SECRET: SECRET },
  });
});
afterAll(() => Promise.all([gateway?.close(), ...(origins ?? []).map((origin) => origin.close())]));

const fail = (fault: "reset-before-head" | "hang" | "good") =>
  Promise.all(origins.map((origin) => origin.set(fault)));

describe.each([
  ["reset-before-head", 502],
  ["hang", 504],
] as const)("the gateway's own page for %s", (fault, status) => {
  test.each([
    ["a host", HOST, "/", "Path=/;"],
    ["a tenant", "www.example.org", "/storefront/", "Path=/storefront;"],
  ])("gives a newcomer of %s the id that they keep", async (_, host, path, scope) => {
    await fail(fault);
    const newcomer = async () => {
      const jar = openJar();
      const answer = await visit(gateway.url, { host, path, jar });
      expect(answer.status).toBe(status);
      const [cookie = ""] = answer.headers["set-cookie"] ?? [];
      expect(cookie).toMatch(/^sy=1\./);
      expect(`${cookie};`).toContain(scope);
      expect(answer.header("cache-control")).toBe("private, no-store");
      return { jar, variant: answer.header("x-variant") };
    };
    const failed = await Promise.all(Array.from({ length: VISITORS }, newcomer));
    await fail("good");
    for (const { jar, variant } of failed) {
      const again = await visit(gateway.url, { host, path, jar });
      expect([again.status, again.header("x-variant")]).toEqual([200, variant]);
      expect(again.headers["set-cookie"]).toBeUndefined();
    }
  });

  test("gives none to an order, and none that the visitor has no need of", async () => {
    await fail(fault);
    const order = await visit(gateway.url, { host: HOST, method: "POST", body: "x" });
    expect([order.status, order.headers["set-cookie"]]).toEqual([status, undefined]);
    const seenAt = Date.now();
    const known = { id: "kJ3-x9_QmZ0aB7cD2eF4gH", seenAt, sentAt: seenAt, pins: [] };
    const ask = (visitor: typeof known) =>
      visit(gateway.url, { host: HOST, headers: { cookie: `sy=${encodeVisitor(visitor)}` } });
    expect((await ask(known)).headers["set-cookie"]).toBeUndefined();
    const [renewed = ""] = (await ask({ ...known, sentAt: 0 })).headers["set-cookie"] ?? [];
    expect(decodeVisitor(renewed.replace(/^sy=|;.*$/g, ""))?.id).toBe(known.id);
  });

  test("keeps a tester's session", async () => {
    await fail(fault);
    const claim = { route: HOST, variant: "b", expiresAt: Date.now() + 60_000 };
    const token = await signToken(claim, await tokenKey(SECRET));
    const answer = await visit(gateway.url, { host: HOST, path: `/?sy=${token}` });
    expect([answer.status, answer.header("x-variant")]).toEqual([status, "b"]);
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/^sy-override=/);
  });
});
