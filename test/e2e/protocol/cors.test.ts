import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

let origin: Origin;
let gateway: BareGateway;

const PAGE = "https://www.foo.com";
const ALLOW = "access-control-allow-origin";
const CREDENTIALS = "access-control-allow-credentials";

beforeAll(async () => {
  origin = await startOrigin("behind", (request, response) => {
    request.resume();
    response.writeHead(200, {
      [ALLOW]: request.headers.origin ?? "*",
      [CREDENTIALS]: "true",
      "access-control-expose-headers": "x-secret",
      vary: "Accept-Encoding",
    });
    response.end("fine");
  });
  const dead = "http://127.0.0.1:1";
  gateway = await startBare({
    policies: {
      "api.example.com": {
        strategy: "path-map",
        cors: { origins: [PAGE, "https://*.bar.com"], methods: ["GET", "PUT"], credentials: true },
        paths: {
          "/split": {
            strategy: "weighted",
            variants: [
              { name: "a", origin: origin.url, weight: 1 },
              { name: "b", origin: origin.url, weight: 1 },
            ],
            force: "a",
          },
          "/draw": { strategy: "canary", stable: origin.url, canary: origin.url, percent: 50 },
          "/dead": { origin: dead },
          "/old": { strategy: "redirect", path: "/new", status: 308 },
          "/circle": { strategy: "redirect", scheme: "http" },
          "/closed": { strategy: "respond", status: 503, body: "Soon." },
          "/open": { origin: origin.url, cors: { origins: ["*"] } },
        },
      },
      "plain.example.com": { origin: origin.url },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  visit(gateway.url, { host: "api.example.com", path, headers, method });

const preflight = (path: string, page = PAGE) =>
  get(path, { origin: page, "access-control-request-method": "PUT" }, "OPTIONS");

describe("a preflight", () => {
  test.each(["/split", "/draw", "/dead", "/old", "/closed"])(
    "of %s is answered here: no subrequest, no cookie, no variant",
    async (path) => {
      const before = origin.requests.length;
      const answer = await preflight(path);
      expect([answer.status, answer.text()]).toEqual([204, ""]);
      expect(answer.headers).toMatchObject({
        [ALLOW]: [PAGE],
        [CREDENTIALS]: ["true"],
        "access-control-allow-methods": ["GET, PUT"],
        "access-control-max-age": ["5"],
        vary: ["origin, access-control-request-method, access-control-request-headers"],
        "x-served-by": ["switchyard"],
        "x-route": ["api.example.com"],
        "x-reason": ["preflight"],
      });
      for (const name of ["set-cookie", "x-variant", "location", "content-type"])
        expect(answer.headers).not.toHaveProperty(name);
      expect(origin.requests).toHaveLength(before);
    },
  );

  test("of a page that may not ask says nothing, and goes nowhere", async () => {
    const before = origin.requests.length;
    const answer = await preflight("/split", "https://evil.example");
    expect(answer.status).toBe(204);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual(
      [],
    );
    expect(origin.requests).toHaveLength(before);
  });

  test("goes to the origin where the policy says nothing of CORS", async () => {
    const headers = { origin: PAGE, "access-control-request-method": "PUT" };
    const answer = await visit(gateway.url, {
      host: "plain.example.com",
      headers,
      method: "OPTIONS",
    });
    expect([answer.status, answer.text(), answer.header(ALLOW)]).toEqual([200, "fine", PAGE]);
    expect(answer.header("vary")).toBe("Accept-Encoding");
  });
});

describe("an answer", () => {
  test.each([
    ["/split", 200, "Accept-Encoding, cookie, origin"],
    ["/dead", 502, "accept, origin"],
    ["/old", 308, "origin"],
    ["/circle", 508, "accept, origin"],
    ["/closed", 503, "origin"],
    ["/nowhere", 404, "accept, origin"],
  ])("of %s with %i says whose pages may read it", async (path, status, vary) => {
    const listed = await get(path, { origin: "https://a.bar.com" });
    expect([listed.status, listed.headers[ALLOW], listed.headers[CREDENTIALS]]).toEqual([
      status,
      ["https://a.bar.com"],
      ["true"],
    ]);
    expect(listed.header("vary")).toBe(vary);
    for (const headers of [{}, { origin: "https://a.bar.com.evil.example" }, { origin: "null" }]) {
      const other = await get(path, headers);
      expect(other.status).toBe(status);
      expect(
        Object.keys(other.headers).filter((name) => name.startsWith("access-control")),
      ).toEqual([]);
      expect(other.header("vary")).toBe(vary);
    }
  });

  test("keeps all that its choice depended on", async () => {
    const answer = await get("/draw", { origin: PAGE });
    expect(answer.header("vary")).toBe("Accept-Encoding, cookie, origin");
    expect(answer.headers["set-cookie"]).toHaveLength(1);
    expect(answer.header("cache-control")).toBe("private");
  });

  test("to everybody's pages allows nobody's credentials, whatever its origin says", async () => {
    const answer = await get("/open", { origin: "https://evil.example" });
    expect(answer.headers[ALLOW]).toEqual(["*"]);
    for (const name of [CREDENTIALS, "access-control-expose-headers"])
      expect(answer.headers).not.toHaveProperty(name);
  });
});
