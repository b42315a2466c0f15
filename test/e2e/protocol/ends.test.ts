import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { sendRaw } from "../hostile/raw.ts";

let origin: Origin;
let gateway: BareGateway;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] as const;
const HOST = "shop.example.com";

beforeAll(async () => {
  origin = await startOrigin("behind");
  const redirect = (fields: object) => ({ strategy: "redirect", ...fields });
  gateway = await startBare({
    policies: {
      [HOST]: {
        strategy: "path-map",
        headers: { response: { set: { "x-frame-options": "DENY" } } },
        rules: [
          { name: "german", match: { country: "DE" }, policy: redirect({ host: "de.example" }) },
          {
            name: "beta",
            match: { header: { "x-beta": "1" } },
            policy: redirect({ host: "beta.example", status: 301 }),
          },
        ],
        paths: {
          "/old": redirect({ prefix: "/new", status: 308 }),
          "/https": redirect({ scheme: "https" }),
          "/host": redirect({ host: "www.example.org", status: 307, path: "/there" }),
          "/here": redirect({ scheme: "http" }),
          "/named": redirect({ host: HOST }),
          "/closed": { strategy: "respond", status: 503, body: "Back at nine. é" },
          "/page": {
            strategy: "respond",
            status: 200,
            body: "<h1>Soon</h1>",
            contentType: "text/html",
            headers: { response: { set: { "cache-control": "public, max-age=60" } } },
          },
          "/gone": { strategy: "respond", status: 204 },
          "/bare": { strategy: "respond", status: 410 },
        },
        default: origin.url,
      },
      tenant: {
        strategy: "path-map",
        paths: { "/old": redirect({ path: "/new" }) },
        default: origin.url,
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

const get = (path: string, more: object = {}) => visit(gateway.url, { host: HOST, path, ...more });

describe("a redirect", () => {
  test.each(METHODS)("answers %s without a subrequest", async (method) => {
    const before = origin.requests.length;
    const answer = await get("/old/a%2fb?x=%0a&y", { method });
    expect([answer.status, answer.header("location"), answer.text()]).toEqual([
      308,
      `http://${HOST}/new/a%2Fb?x=%0a&y`,
      "",
    ]);
    expect(answer.headers).toMatchObject({
      "x-served-by": ["switchyard"],
      "x-route": [HOST],
      "x-reason": ["redirect"],
      "x-frame-options": ["DENY"],
    });
    expect(answer.headers).not.toHaveProperty("x-variant");
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(origin.requests).toHaveLength(before);
  });

  test.each([
    ["/https/x?y", `https://${HOST}/https/x?y`, 302],
    ["/https?", `https://${HOST}/https?`, 302],
    ["/host/x?y", "http://www.example.org/there?y", 307],
  ])("of %s leads to %s", async (path, location, status) => {
    const answer = await get(path);
    expect([answer.status, answer.header("location")]).toEqual([status, location]);
  });

  test("keeps the port that the client asked, and a scheme comes with its own", async () => {
    const host = `${HOST}:8080`;
    expect((await get("/old", { host })).header("location")).toBe(`http://${host}/new`);
    expect((await get("/https", { host })).header("location")).toBe(`https://${HOST}/https`);
  });

  test("stays below a tenant's segment", async () => {
    const answer = await visit(gateway.url, { host: "any.example", path: "/tenant/old/x?y" });
    expect(answer.header("location")).toBe("http://any.example/tenant/new?y");
  });

  test("to the very URL that was asked for is a problem, and no circle", async () => {
    const answer = await get("/here");
    expect([answer.status, answer.json()]).toMatchObject([508, { code: "loop-detected" }]);
    expect((await get("/here", { host: `${HOST}:8080` })).header("location")).toBe(
      `http://${HOST}/here`,
    );
  });

  test("to a host that it names is sent, be it the very URL that was asked for", async () => {
    const answer = await get("/named?x");
    expect([answer.status, answer.header("location")]).toEqual([302, `http://${HOST}/named?x`]);
  });

  test("tells caches what led to it", async () => {
    const answer = await get("/", { headers: { "x-beta": "1" } });
    expect([answer.status, answer.header("location")]).toEqual([301, "http://beta.example/"]);
    expect(answer.header("vary")).toBe("x-beta");
    // A rule on the country stands ahead, which no Vary can name.
    expect(answer.header("cache-control")).toBe("private");
  });

  test.each([
    "//evil.example/x",
    "/\\evil.example/x",
    "/old//evil.example",
    "/old/%2f%2fevil.example",
    "/old/@evil.example",
    "/old/%0d%0aset-cookie:%20a=b",
    "/old/..//evil.example",
    `/old/${"x".repeat(8000)}`,
    "/old?%0d%0ax:y",
  ])("cannot be led to another host by %s", async (path) => {
    const beta = "x-beta: 1\r\n";
    for (const fields of ["", beta]) {
      const bytes = `GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\n${fields}Connection: close\r\n\r\n`;
      const answer = await sendRaw(gateway.port, bytes);
      const location = answer.headers.get("location");
      expect(answer.headers.has("set-cookie")).toBe(false);
      if (location === undefined) continue;
      expect(new URL(location).host).toBe(fields === "" ? HOST : "beta.example");
      expect(location).toMatch(/^[\x21-\x7E]+$/);
    }
  });
});

describe("a respond policy", () => {
  test.each(METHODS)("answers %s without a subrequest", async (method) => {
    const before = origin.requests.length;
    const answer = await get("/closed", { method });
    expect([answer.status, answer.text()]).toEqual([
      503,
      method === "HEAD" ? "" : "Back at nine. é",
    ]);
    expect(answer.headers).toMatchObject({
      "content-type": ["text/plain; charset=utf-8"],
      "cache-control": ["no-store"],
      "x-reason": ["respond"],
      "x-frame-options": ["DENY"],
    });
    expect(origin.requests).toHaveLength(before);
  });

  test("is cached where its own header change says so, and its media type is its own", async () => {
    const answer = await get("/page");
    expect([answer.status, answer.text()]).toEqual([200, "<h1>Soon</h1>"]);
    expect(answer.header("content-type")).toBe("text/html");
    // The country of a rule ahead decided too.
    expect(answer.header("cache-control")).toBe("private, max-age=60");
    expect(answer.headers).not.toHaveProperty("x-frame-options");
  });

  test.each([
    ["/gone", 204],
    ["/bare", 410],
  ])("%s has neither a body nor its type", async (path, status) => {
    const answer = await get(path);
    expect([answer.status, answer.text()]).toEqual([status, ""]);
    expect(answer.headers).not.toHaveProperty("content-type");
  });
});

describe.each(["/closed", "/old"])("an upload to %s", (path) => {
  test("is answered before it ends", async () => {
    const answer = await get(path, {
      method: "POST",
      headers: { "transfer-encoding": "chunked" },
      body: Readable.from(
        (async function* () {
          yield Buffer.alloc(1000);
          await new Promise(() => {});
        })(),
      ),
    });
    expect([503, 308]).toContain(answer.status);
  });
});
