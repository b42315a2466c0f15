import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";

import { visit, type VisitOptions } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { ITSELF, startBare, type BareGateway } from "./hostile/bare.ts";

/** A Worker that no host leads to: it tells what it got, keeps what copies it got, and does what a path says. */
const WORKER = `
const copies = [];
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("heard " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (request.headers.has("x-switchyard-mirror")) copies.push(request.url);
    if (pathname === "/copies") return Response.json(copies);
    if (pathname === "/moved") {
      const headers = { location: "http://api.internal/to?x", "set-cookie": "a=1; Domain=api.internal" };
      return new Response(null, { status: 302, headers });
    }
    if (pathname === "/throws") throw new Error("the origin's own fault");
    if (pathname === "/hangs") await new Promise((resolve) => setTimeout(resolve, 60_000));
    return Response.json({
      url: request.url,
      method: request.method,
      body: await request.text(),
      headers: Object.fromEntries(request.headers),
    }, { headers: { "x-served-by-worker": "yes" } });
  },
};`;

const OUTSIDE = "https://outside.example.com";
const API = { url: "http://api.internal", via: "API" };
const GONE = { url: "http://gone.internal", via: "GONE" };
const through = (via: string) => ({ origin: { url: "http://api.internal", via } });

/** Policies that no gateway may serve: what they would lead to is not an origin's. */
const REFUSED = {
  unlisted: through("UNLISTED"),
  hub: through("HUB"),
  kv: through("ROUTING_CONFIG"),
  wrongcase: through("api"),
  inherited: through("constructor"),
  text: through("VIA_NAME"),
  direct: { origin: "http://api.internal" },
  fallback: { origin: OUTSIDE, fallback: { url: OUTSIDE, via: "HUB" } },
  copied: { origin: OUTSIDE, mirror: { origin: { url: OUTSIDE, via: "HUB" }, percent: 100 } },
};

let outside: Origin;
let gateway: BareGateway;
let isOutsideWell = true;

beforeAll(async () => {
  outside = await startOrigin("outside", (_, response, next) => {
    if (isOutsideWell) return next();
    response.writeHead(503).end("not well");
  });
  gateway = await startBare({
    policies: {
      api: { origin: API, timeoutMs: 1000 },
      rescued: { strategy: "canary", stable: API, canary: OUTSIDE, percent: 100 },
      fallen: { origin: OUTSIDE, fallback: API },
      gone: { origin: GONE },
      without: { strategy: "canary", stable: OUTSIDE, canary: GONE, percent: 100 },
      mirrored: { origin: OUTSIDE, mirror: { origin: API, percent: 100 } },
      round: { origin: { url: "https://shop.example.com/round", via: "ROUND" } },
      ...REFUSED,
    },
    vars: { ALLOW_PRIVATE_ORIGINS: "false", ORIGIN_BINDINGS: "API, GONE, ROUND", VIA_NAME: "yard" },
    services: { API: WORKER, UNLISTED: WORKER, HUB: WORKER, ROUND: ITSELF },
    outboundPort: outside.port,
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), outside?.close()]);
});

const ask = async (path: string, more: VisitOptions = {}) =>
  visit(gateway.url, { ...more, path, host: "shop.example.com" });
const byWorker = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.header("x-served-by-worker") === "yes";

describe("an origin behind a binding", () => {
  test("is asked through it: the URL's host, the policy's path, the gateway's fields", async () => {
    const answer = await ask("/api/x?y=1");
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      url: "http://api.internal/x?y=1",
      headers: {
        "x-forwarded-host": "shop.example.com",
        "x-forwarded-prefix": "/api",
        "x-switchyard-route": "api",
        "x-switchyard-variant": "origin",
        via: "1.1 yard",
      },
    });
  });

  test("gets uploads", async () => {
    const answer = await ask("/api/x", { method: "POST", body: "an order" });
    expect(answer.json()).toMatchObject({ method: "POST", body: "an order" });
  });

  test("answers by redirects and cookies that lead through the gateway", async () => {
    const answer = await ask("/api/moved");
    expect(answer.status).toBe(302);
    expect(answer.header("location")).toBe("http://shop.example.com/api/to?x");
    expect(answer.headers["set-cookie"]?.join()).not.toContain("api.internal");
  });

  test("speaks WebSocket", async () => {
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/api/talk`);
    await once(socket, "open");
    socket.send("hello");
    const [said] = (await once(socket, "message")) as [Buffer];
    socket.close();
    expect(said.toString()).toBe("heard hello");
  });

  test("fails like any other: a throw is 502, a wait is 504", async () => {
    expect((await ask("/api/hangs")).status).toBe(504);
    expect((await ask("/api/throws")).status).toBe(502);
  });

  test("rescues, and stands in where all else failed", async () => {
    isOutsideWell = false;
    const answers = [await ask("/rescued/x"), await ask("/fallen/x")];
    isOutsideWell = true;
    expect(answers.map(byWorker)).toEqual([true, true]);
    expect(answers.map(({ header }) => header("x-variant"))).toEqual(["stable", "fallback"]);
  });

  test("gets copies, and nobody hears of it", async () => {
    const answer = await ask("/mirrored/copy-me");
    expect([answer.status, byWorker(answer)]).toEqual([200, false]);
    const copies = async () => (await ask("/api/copies")).json();
    await expect.poll(copies).toEqual(["http://api.internal/copy-me"]);
  });

  test("that leads back here is a loop", async () => {
    const answer = await ask("/round/x");
    expect([answer.status, answer.header("content-type")]).toEqual([
      508,
      "application/problem+json",
    ]);
  });
});

describe("a listed binding that is not there", () => {
  test("fails its origin alone, without a word of it to visitors, and the log says so once", async () => {
    const answers = [await ask("/gone/x"), await ask("/gone/x"), await ask("/api/x")];
    expect(answers.map(({ status }) => status)).toEqual([502, 502, 200]);
    expect(answers[0]?.json()).toMatchObject({ code: "origin-unreachable" });
    expect(answers[0]?.text()).not.toMatch(/gone/i);
    const line = "a binding of ORIGIN_BINDINGS is not there";
    const lines = () => gateway.log().split("\n");
    await expect.poll(() => lines().filter((one) => one.includes(line))).toHaveLength(1);
    expect(lines().find((one) => one.includes(line))).toContain("GONE");
  });

  test("of a canary leaves its visitors to stable", async () => {
    const answer = await ask("/without/x");
    expect([answer.status, answer.header("x-variant")]).toEqual([200, "stable"]);
    expect(answer.header("x-rescued-from")).toBe("canary");
  });
});

describe("no policy reaches", () => {
  test.each(Object.keys(REFUSED))("what is not an origin's binding: %s", async (key) => {
    outside.forget();
    const answer = await ask(`/${key}/x`);
    expect([answer.status, (answer.json() as { code: string }).code]).toEqual([
      503,
      "policy-invalid",
    ]);
    expect(byWorker(answer)).toBe(false);
    expect(outside.requests).toEqual([]);
  });
});

test.each(["HUB", "API, ROUTING_CONFIG", "__proto__", "A B"])(
  "a gateway whose ORIGIN_BINDINGS is %j does not start",
  async (list) => {
    const starting = startBare({ policies: {}, vars: { ORIGIN_BINDINGS: list } });
    await expect(starting).rejects.toThrow(/the var ORIGIN_BINDINGS must be/);
  },
);
