import { createHash } from "node:crypto";
import { connect } from "node:net";
import { once } from "node:events";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openJar, openVisit, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { COOKIE_LINES, GZIP_BODY, GZIP_TEXT, RANGE_BODY } from "../../support/origin-routes.ts";

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin("stable");
});
beforeEach(() => origin.forget());
afterAll(() => origin.close());

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

describe("the default route", () => {
  test("tells what came, repeated headers and a chosen Host included", async () => {
    const answer = await visit(origin.url, {
      method: "PUT",
      host: "shop.example.com",
      path: "/%61/../b?x=1&x=2",
      headers: { "X-Twice": ["1", "2"] },
      body: "hello",
    });
    expect(answer.status).toBe(200);
    const echo = answer.echo();
    expect(echo).toMatchObject({ origin: "stable", method: "PUT", url: "/%61/../b?x=1&x=2" });
    expect(echo.headers).toMatchObject({ host: ["shop.example.com"], "x-twice": ["1", "2"] });
    expect(echo.headerPairs.filter(([name]) => name === "x-twice")).toHaveLength(2);
    expect(echo.body).toEqual({ bytes: 5, sha256: sha256("hello") });
    expect(origin.requests).toHaveLength(1);
    expect(origin.requests[0]).toMatchObject({ bytes: 5, sha256: sha256("hello"), complete: true });
  });

  test("knows a body that broke off", async () => {
    const aborted = new AbortController();
    const body = new Readable({ read() {} });
    body.push("first half");
    const broken = visit(origin.url, { body, signal: aborted.signal });
    await expect.poll(() => origin.requests[0]?.bytes).toBe(10);
    aborted.abort();
    await expect(broken).rejects.toThrow(/abort/);
    expect(origin.requests[0]).toMatchObject({ complete: false, sha256: "" });
  });
});

describe("helper routes", () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    visit(origin.url, { path, headers });

  test("/redirect points where it is told", async () => {
    const answer = await get("/redirect?to=%2Fnext%3Fa%3D1&status=308");
    expect([answer.status, answer.header("location")]).toEqual([308, "/next?a=1"]);
  });

  test("/cookies sets each on a line of its own", async () => {
    expect((await get("/cookies")).headers["set-cookie"]).toEqual(COOKIE_LINES);
  });

  test("/status answers any status, 204 and 304 without a body", async () => {
    expect((await get("/status/503")).text()).toBe("status 503");
    for (const status of [204, 304]) {
      const answer = await get(`/status/${status}`);
      expect([answer.status, answer.body.byteLength]).toEqual([status, 0]);
    }
  });

  test.each([
    ["bytes=0-9", 206, 0, 10],
    ["bytes=990-", 206, 990, 1000],
    ["bytes=-5", 206, 995, 1000],
    ["bytes=900-2000", 206, 900, 1000],
    ["bytes=0-1,5-6", 200, 0, 1000],
  ])("/range with %s gives %i and bytes %i to %i", async (range, status, from, to) => {
    const answer = await get("/range", { range });
    expect(answer.status).toBe(status);
    expect(answer.body.equals(RANGE_BODY.subarray(from, to))).toBe(true);
  });

  test("/range beyond the end is 416", async () => {
    const answer = await get("/range", { range: "bytes=1000-" });
    expect([answer.status, answer.header("content-range")]).toEqual([416, "bytes */1000"]);
  });

  test("/gzip is packed whether asked for or not", async () => {
    const answer = await get("/gzip");
    expect(answer.header("content-encoding")).toBe("gzip");
    expect(answer.body.equals(GZIP_BODY)).toBe(true);
    expect(gunzipSync(answer.body).toString()).toBe(GZIP_TEXT);
  });

  test("/sse sends each event when it happens", async () => {
    const { stream, header } = await openVisit(origin.url, { path: "/sse?count=3&ms=100" });
    const chunks: string[] = [];
    for await (const chunk of stream) chunks.push(String(chunk));
    expect(header("content-type")).toBe("text/event-stream");
    expect(chunks.join("").match(/^id: \d$/gm)).toEqual(["id: 0", "id: 1", "id: 2"]);
    expect(chunks[0]).not.toContain("id: 2");
  });

  test("/echo sends back what it gets while it gets it", async () => {
    const body = new Readable({ read() {} });
    body.push("one");
    const { stream } = await openVisit(origin.url, { path: "/echo", body });
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    const next = async () => (await chunks.next()).value?.toString();
    expect(await next()).toBe("one");
    body.push("two");
    body.push(null);
    expect(await next()).toBe("two");
    expect(await next()).toBeUndefined();
    expect(origin.requests[0]).toMatchObject({ bytes: 6, sha256: sha256("onetwo") });
  });

  test("/slow keeps back the head, /drip the body", async () => {
    const begin = performance.now();
    await get("/slow?ms=60");
    expect(performance.now() - begin).toBeGreaterThan(55);
    const { stream } = await openVisit(origin.url, { path: "/drip?ms=60&count=2", timeoutMs: 50 });
    const drops: string[] = [];
    for await (const drop of stream) drops.push(String(drop));
    expect(drops.join("")).toBe("drop 0\ndrop 1\n");
  });

  test("/asset names its origin, and may be kept", async () => {
    const answer = await get("/asset/app.3f2a.js");
    expect(answer.text()).toBe("stable app.3f2a.js");
    expect(answer.header("content-type")).toBe("text/javascript");
    expect(answer.header("cache-control")).toContain("immutable");
  });

  test("names inherited from Object are not routes", async () => {
    expect((await get("/constructor")).echo().url).toBe("/constructor");
  });
});

describe("startOrigin", () => {
  test("a handler goes first, may pass on, and its error is told", async () => {
    const other = await startOrigin("other", (request, response, next) => {
      if (request.url === "/mine") response.end("mine");
      else if (request.url === "/bad") throw new Error("on purpose");
      else next();
    });
    try {
      expect((await visit(`${other.url}/mine`)).text()).toBe("mine");
      expect((await visit(`${other.url}/x`)).echo().origin).toBe("other");
      const bad = await visit(`${other.url}/bad`);
      expect([bad.status, bad.text()]).toEqual([500, "origin other: Error: on purpose"]);
    } finally {
      await other.close();
    }
  });

  test("close cuts connections that are still open", async () => {
    const other = await startOrigin("other");
    const socket = connect(other.port, "127.0.0.1");
    await once(socket, "connect");
    const cut = once(socket, "close");
    await other.close();
    await cut;
    await expect(visit(other.url)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("visit with a jar", () => {
  test("keeps the cookies of each host apart, and beside those of the test", async () => {
    const jar = openJar();
    await visit(origin.url, { path: "/cookies", host: "a.example.com", jar });
    const headers = { cookie: "mine=1" };
    const back = await visit(origin.url, { host: "a.example.com", jar, headers });
    expect(back.echo().headers["cookie"]).toEqual(["first=1; second=2; third=3; mine=1"]);
    const elsewhere = await visit(origin.url, { host: "b.example.com", jar });
    expect(elsewhere.echo().headers["cookie"]).toBeUndefined();
  });

  test("honours Path and Max-Age as a browser does", async () => {
    const lines = ["deep=1; Path=/tenant", "gone=1; Max-Age=0", "stays=1"];
    const other = await startOrigin("other", (request, response, next) => {
      if (request.url === "/set") response.setHeader("set-cookie", lines).end();
      else next();
    });
    const jar = openJar();
    const cookies = async (path: string) =>
      (await visit(other.url, { path, jar })).echo().headers["cookie"];
    await visit(`${other.url}/set`, { jar });
    expect(await cookies("/")).toEqual(["stays=1"]);
    expect(await cookies("/tenant/x")).toEqual(["deep=1; stays=1"]);
    await other.close();
  });

  test("fails by a TimeoutError where no head comes", async () => {
    const slow = visit(origin.url, { path: "/slow?ms=500", timeoutMs: 30 });
    await expect(slow).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
