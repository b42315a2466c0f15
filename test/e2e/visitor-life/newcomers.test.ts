import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJar, visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const HOST = "shop.example.com";
const DRAWS = 30;

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("shop", (_request, response, next) => {
    response.setHeader("cache-control", "public, max-age=600");
    next();
  });
  const variants = ["a", "b"].map((name) => ({ name, origin: origin.url, weight: 1 }));
  const halves = { strategy: "weighted", variants };
  gateway = await startBare({
    policies: {
      [HOST]: halves,
      "pin.example.com": { ...halves, sticky: { mode: "pin" } },
    },
  });
});
afterAll(() => Promise.all([gateway?.close(), origin?.close()]));

const NEVER: readonly (readonly [string, VisitOptions])[] = [
  ["a payment's return", { method: "POST", headers: { "sec-fetch-site": "cross-site" } }],
  ["HEAD", { method: "HEAD" }],
  [
    "a CORS preflight",
    {
      method: "OPTIONS",
      headers: { origin: "https://x.example", "access-control-request-method": "PUT" },
    },
  ],
  ["an image", { headers: { "sec-fetch-dest": "image" } }],
  ["a script", { headers: { "sec-fetch-dest": "script" } }],
  ["a font", { headers: { "sec-fetch-dest": "font" } }],
  ["a page fetched ahead", { headers: { "sec-purpose": "prefetch;prerender" } }],
  ["a page fetched ahead by an old browser", { headers: { purpose: "prefetch" } }],
];

const ALWAYS: readonly (readonly [string, VisitOptions])[] = [
  ["a page", { headers: { "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" } }],
  ["a frame", { headers: { "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin" } }],
  ["a script's own request", { headers: { "sec-fetch-dest": "empty" } }],
  ["a program", {}],
];

describe.each([HOST, "pin.example.com"])("a newcomer to %s", (host) => {
  test.each(NEVER)(
    "gets no id with %s, and an answer that no cache gives to others",
    async (_, options) => {
      const met = new Set<string | undefined>();
      for (let draw = 0; draw < DRAWS; draw += 1) {
        const answer = await visit(gateway.url, { host, ...options });
        expect(answer.status).toBe(200);
        expect(answer.headers["set-cookie"]).toBeUndefined();
        expect(answer.header("cache-control")).toBe("private, max-age=600");
        met.add(answer.header("x-variant"));
      }
      expect(met.size).toBe(2);
    },
  );

  test.each(ALWAYS)(
    "gets one with %s, and keeps it through everything else",
    async (_, options) => {
      const jar = openJar();
      const first = await visit(gateway.url, { host, jar, ...options });
      expect(first.headers["set-cookie"]).toHaveLength(1);
      for (const [, other] of [...NEVER, ...ALWAYS]) {
        const again = await visit(gateway.url, { host, jar, ...other });
        expect(again.headers["set-cookie"]).toBeUndefined();
        expect(again.header("x-variant")).toBe(first.header("x-variant"));
      }
    },
  );

  test("does not lose an id by the payment's return, which comes without it", async () => {
    const jar = openJar();
    const first = await visit(gateway.url, { host, jar });
    const returned = await visit(gateway.url, { host, method: "POST", body: "paid=1" });
    for (const line of returned.headers["set-cookie"] ?? [])
      await jar.setCookie(line, `http://${host}/`);
    const then = await visit(gateway.url, { host, jar });
    expect(then.header("x-variant")).toBe(first.header("x-variant"));
    expect(then.headers["set-cookie"]).toBeUndefined();
  });
});
