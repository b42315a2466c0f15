import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { openJar, visit } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";

let shop: Origin;
let storefront: Origin;
let gateway: TestGateway;

beforeAll(async () => {
  [shop, storefront] = await Promise.all([startOrigin("shop"), startOrigin("storefront")]);
  gateway = await startGateway({
    policies: {
      "shop.example.com": { strategy: "single", origin: shop.url },
      storefrontA: { origin: `${storefront.url}/base` },
    },
    vars: { MEMORY_TTL_SECONDS: "0" },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), shop?.close(), storefront?.close()]);
});

describe("the gateway on real sockets", () => {
  test("sends a GET by its host", async () => {
    const answer = await visit(gateway.url, { host: "shop.example.com", path: "/items?page=2" });
    expect(answer.status).toBe(200);
    expect(answer.echo()).toMatchObject({ origin: "shop", method: "GET", url: "/items?page=2" });
    expect(answer.echo().headers).toMatchObject({
      "x-forwarded-host": ["shop.example.com"],
      "x-forwarded-for": ["127.0.0.1"],
      "x-forwarded-proto": ["http"],
    });
    expect(answer.header("x-served-by")).toBe("switchyard");
    expect(answer.header("x-route")).toBe("shop.example.com");
    expect(answer.header("x-variant")).toBe("origin");
  });

  test("sends a GET by its first path segment, which it takes off", async () => {
    const answer = await visit(gateway.url, { path: "/storefrontA/cart/7" });
    expect(answer.echo()).toMatchObject({ origin: "storefront", url: "/base/cart/7" });
    expect(answer.echo().headers["x-forwarded-prefix"]).toEqual(["/storefrontA"]);
    expect(answer.header("x-route")).toBe("storefrontA");
  });

  test.each([
    ["host", { host: "shop.example.com", path: "/form" }],
    ["path", { path: "/storefrontA/form" }],
  ])("sends a POST by %s with its body whole", async (_, to) => {
    const body = Buffer.alloc(300_000, "a body of some size ");
    const answer = await visit(gateway.url, { ...to, body, headers: { "content-type": "text/x" } });
    const { method, headers, body: received } = answer.echo();
    expect([method, headers["content-type"]]).toEqual(["POST", ["text/x"]]);
    expect(received).toEqual({
      bytes: body.byteLength,
      sha256: createHash("sha256").update(body).digest("hex"),
    });
  });

  test("a route nobody made is a 404 problem", async () => {
    const answer = await visit(gateway.url, { path: "/nobody/x", headers: { accept: "*/*" } });
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ code: "route-not-found" });
  });

  test("a failed connection is the Worker's 502, and a redirect is not followed", async () => {
    const dead = await startOrigin("dead");
    await dead.close();
    await gateway.put("dead.example.com", { origin: dead.url });
    expect((await visit(gateway.url, { host: "dead.example.com" })).status).toBe(502);
    const moved = { host: "shop.example.com", path: "/redirect?to=/x", jar: openJar() };
    const answer = await visit(gateway.url, moved);
    expect([answer.status, answer.header("location")]).toEqual([302, "/x"]);
  });
});

describe("the harness", () => {
  test("a value put or deleted is served soon, and what the Worker logs can be read", async () => {
    const status = async () =>
      (await visit(gateway.url, { host: "late.example.com", path: "/x" })).status;
    expect(await status()).toBe(404);
    await gateway.put("late.example.com", JSON.stringify(shop.url));
    await expect.poll(status).toBe(200);
    await gateway.delete("late.example.com");
    await expect.poll(status).toBe(404);
    await gateway.put("late.example.com", "{ no JSON");
    await expect.poll(status).toBe(503);
    expect(await gateway.logged(/late\.example\.com/)).toHaveProperty("timestamp");
    expect(gateway.logs().filter(({ message }) => message.includes("rejection"))).toEqual([]);
  });

  test("gateways keep apart, and each has its own vars", async () => {
    const other = await startGateway({
      policies: { "shop.example.com": storefront.url },
      vars: { EXPOSE_DECISION: "false" },
    });
    try {
      const theirs = await visit(other.url, { host: "shop.example.com" });
      const ours = await visit(gateway.url, { host: "shop.example.com" });
      expect(theirs.header("x-served-by")).toBeUndefined();
      expect(ours.echo().origin).toBe("shop");
      expect(other.port).not.toBe(gateway.port);
    } finally {
      await other.close();
    }
  });

  test("a bad var stops the start, by name", async () => {
    const started = startGateway({ policies: {}, vars: { MAX_ROUTES: "many" } });
    await expect(started).rejects.toThrow(/MAX_ROUTES/);
  });
});
