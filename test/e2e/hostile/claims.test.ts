import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

let origin: Origin;
let empty: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("o");
  empty = await startOrigin("empty", (_, response) => {
    response.writeHead(404).end();
  });
  const dead = await startOrigin("dead");
  await dead.close();
  gateway = await startBare({
    policies: {
      "shop.example.com": { origin: origin.url },
      "fallback.example.com": { origin: dead.url, fallback: origin.url },
      "rescue.example.com": {
        strategy: "canary",
        stable: origin.url,
        canary: dead.url,
        percent: 100,
      },
      "assets.example.com": {
        strategy: "blue-green",
        blue: empty.url,
        green: origin.url,
        active: "blue",
        assetRescue: true,
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close(), empty?.close()]);
});

describe("what a client claims of itself", () => {
  test("no address, URL, method or identity reaches an origin, in any spelling", async () => {
    origin.forget();
    const names = ["True-Client-IP", "X-Client-IP", "X-Original-URL", "X-HTTP-Method-Override"];
    names.push("Cf-Access-Jwt-Assertion", "X-Switchyard-Reason", "X-Remote-User", "X-Forwarded");
    const fields = names.flatMap((name) =>
      [name, name.replaceAll("-", "_"), name.toUpperCase()].map(
        (spelling) => `${spelling}: forged`,
      ),
    );
    fields.push("Cookie: CF_Authorization=forged; theirs=1", "X-Kept: kept");
    const { status } = await sendRaw(gateway.port, requestBytes("/x", { fields }));
    expect(status).toBe(200);
    expect(JSON.stringify(origin.requests[0]?.headerPairs)).not.toContain("forged");
    expect(origin.requests[0]?.headers).toMatchObject({ cookie: ["theirs=1"], "x-kept": ["kept"] });
  });

  test("the visitor's address arrives in fields of our own", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.7", "x-real-ip": "6.6.6.6" };
    const answer = await visit(gateway.url, { host: "shop.example.com", path: "/x", headers });
    expect(answer.echo().headers).toMatchObject({
      "x-real-ip": ["203.0.113.7"],
      "x-switchyard-client-ip": ["203.0.113.7"],
    });
  });
});

describe("where another than the decided variant serves, both sides hear who", () => {
  test.each([
    ["fallback.example.com", "/x", "fallback", "origin"],
    ["rescue.example.com", "/x", "stable", "canary"],
    ["assets.example.com", "/app.3f9c2b1a.js", "green", "blue"],
  ])("%s", async (host, path, serving, decided) => {
    const answer = await visit(gateway.url, { host, path });
    expect([answer.status, answer.header("x-variant")]).toEqual([200, serving]);
    expect(answer.echo().headers).toMatchObject({
      "x-switchyard-variant": [serving],
      "x-switchyard-decided": [decided],
    });
  });

  test("and nothing of it where the decided one does", async () => {
    const answer = await visit(gateway.url, { host: "shop.example.com", path: "/x" });
    expect(answer.echo().headers).not.toHaveProperty("x-switchyard-decided");
  });
});
