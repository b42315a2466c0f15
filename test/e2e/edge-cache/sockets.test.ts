import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { startGateway, type TestGateway } from "../../support/gateway.ts";
import { openVisit, visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare } from "../hostile/bare.ts";

const HOST = "shop.example.com";
const PAGE = "a page that is worth packing. ".repeat(200);
/** More than the sockets of a connection hold, and less than is kept at most. */
const LARGE_BYTES = 1_900_000;
const HIT = /hit/;
const STORED = /stored$/;

let origin: Origin;
let gateway: TestGateway;

beforeAll(async () => {
  origin = await startOrigin("a", (request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/gzip"))
      response.writeHead(200, { "content-encoding": "gzip", etag: '"1"' }).end(gzipSync(PAGE));
    else if (path.startsWith("/br"))
      response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(PAGE));
    else if (path.startsWith("/false"))
      response.writeHead(200, { "content-encoding": "gzip" }).end(PAGE);
    else if (path.startsWith("/large")) response.end("x".repeat(LARGE_BYTES));
    else if (path.startsWith("/length")) {
      response.writeHead(200, { "content-length": String(2 * PAGE.length) });
      response.write(PAGE, () => request.socket.destroy());
    } else if (path.startsWith("/chunked")) {
      response.writeHead(200);
      response.write(PAGE, () => request.socket.destroy());
    } else response.end(PAGE);
  });
  gateway = await startGateway({
    policies: { [HOST]: { origin: origin.url, cache: { ttlSeconds: 600 } } },
  });
});

beforeEach(() => origin.forget());

afterAll(async () => Promise.all([gateway?.close(), origin?.close()]));

const ask = async (path: string, more: VisitOptions = {}) =>
  visit(gateway.url, { host: HOST, path, ...more });
const told = async (path: string) => (await ask(path)).header("cache-status");
/** Copies are taken behind the answer. */
const kept = async (path: string) => expect.poll(async () => told(path)).toMatch(HIT);

describe("over sockets", () => {
  test.each(["/gzip", "/br", "/plain"])(
    "%s comes from its copy as everybody can read it",
    async (path) => {
      expect((await ask(path)).header("cache-status")).toMatch(STORED);
      await kept(path);
      origin.forget();
      const answer = await ask(path, { headers: { "accept-encoding": "identity" } });
      expect([answer.text(), answer.header("content-encoding")]).toEqual([PAGE, undefined]);
      const head = await ask(path, { method: "HEAD" });
      expect([head.status, head.body.length]).toEqual([200, 0]);
      expect(head.header("cache-status")).toMatch(HIT);
      expect(origin.requests).toEqual([]);
    },
  );

  test("a tag goes on naming the page", async () => {
    await ask("/gzip-tag");
    await kept("/gzip-tag");
    const { header } = await ask("/gzip-tag");
    expect(header("etag")).toBe('W/"1"');
    const again = await ask("/gzip-tag", { headers: { "if-none-match": '"1"' } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  test.each(["/length", "/chunked", "/false"])(
    "a body that breaks off is not kept: %s",
    async (path) => {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        // Clients are told in the only way there is: the answer breaks off for them too.
        await ask(path).catch(() => {});
      }
      expect(origin.requests).toHaveLength(3);
    },
  );

  test("a client that does not read keeps nobody from the copy, and the copy is whole", async () => {
    const slow = await openVisit(gateway.url, { host: HOST, path: "/large" });
    slow.stream.pause();
    await kept("/large");
    expect((await ask("/large")).body).toHaveLength(LARGE_BYTES);
    slow.stream.destroy();
  });

  test("nor does one that goes", async () => {
    const gone = await openVisit(gateway.url, { host: HOST, path: "/large-gone" });
    gone.stream.destroy();
    await kept("/large-gone");
    expect((await ask("/large-gone")).body).toHaveLength(LARGE_BYTES);
  });
});

test("a host without the Cache API serves as if the policy kept nothing", async () => {
  const bare = await startBare({
    policies: { [HOST]: { origin: origin.url, cache: { ttlSeconds: 600 } } },
  });
  try {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await visit(bare.url, { host: HOST, path: "/plain" });
      expect([answer.status, answer.text()]).toEqual([200, PAGE]);
      expect(answer.header("cache-status")).toBe("switchyard; fwd=bypass; detail=unavailable");
    }
    expect(origin.requests).toHaveLength(2);
  } finally {
    await bare.close();
  }
});
