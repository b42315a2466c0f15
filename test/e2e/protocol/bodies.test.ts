import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openVisit, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { COOKIE_LINES, GZIP_BODY, RANGE_BODY } from "../../support/origin-routes.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const host = "shop.example.com";
const BROTLI = brotliCompressSync(Buffer.from("the same line, over and over\n".repeat(100)));
/** Random bytes do not compress: several network reads, none at a coding's boundary. */
const NOISE = gzipSync(
  Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 7919) % 251)),
  { level: 1 },
);
const CODED: Readonly<Record<string, readonly [coding: string, body: Buffer]>> = {
  "/br": ["br", BROTLI],
  "/noise": ["gzip", NOISE],
  // Nobody's business but the client's.
  "/not-gzip": ["gzip", Buffer.from("not gzip at all")],
  "/unknown": ["x-own", Buffer.from("opaque")],
};

let origin: Origin;
let gateway: BareGateway;
/** Called when the client of /stepwise is gone. */
let left: () => void = () => {};

/** Sends the next piece of /stepwise. */
let step: (piece: string) => void = () => {};

beforeAll(async () => {
  origin = await startOrigin("o", (request, response, next) => {
    const coded = CODED[request.url ?? ""];
    if (request.url === "/stepwise") {
      response.on("close", () => left());
      response.writeHead(200, { "content-type": request.headers.accept });
      response.flushHeaders();
      step = (piece) => void response.write(piece);
      return;
    }
    if (coded === undefined) return next();
    response.writeHead(200, { "content-encoding": coded[0], "content-length": coded[1].length });
    response.end(coded[1]);
  });
  gateway = await startBare({ policies: { [host]: { origin: origin.url } } });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

describe("content codings are left alone, byte for byte", () => {
  const cases = [["/gzip", "gzip", GZIP_BODY] as const].concat(
    Object.entries(CODED).map(([path, [coding, body]]) => [path, coding, body] as never),
  );
  test.each(cases)("%s", async (path, coding, body) => {
    for (const accepted of ["gzip", "br", "identity", "*", undefined]) {
      const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
      const answer = await visit(gateway.url, { host, path, headers });
      expect(answer.header("content-encoding")).toBe(coding);
      expect(answer.header("content-length")).toBe(String(body.length));
      expect(answer.body.equals(body)).toBe(true);
      expect(origin.requests.at(-1)?.headers["accept-encoding"]).toEqual(accepted && [accepted]);
    }
  });

  test("a coded request body arrives as it was sent", async () => {
    const headers = { "content-encoding": "gzip" };
    const { headers: got, body } = (
      await visit(gateway.url, { host, path: "/in", body: GZIP_BODY, headers })
    ).echo();
    expect(got["content-encoding"]).toEqual(["gzip"]);
    expect(body.sha256).toBe(createHash("sha256").update(GZIP_BODY).digest("hex"));
  });
});

describe("answers without a body, and parts of one", () => {
  test("HEAD is a HEAD at the origin, and keeps the length", async () => {
    const answer = await visit(gateway.url, { host, path: "/gzip", method: "HEAD" });
    expect(origin.requests.at(-1)?.method).toBe("HEAD");
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(answer.header("content-length")).toBe(String(GZIP_BODY.length));
    expect(answer.header("content-encoding")).toBe("gzip");
  });

  test.each([204, 304])("%i", async (status) => {
    const answer = await visit(gateway.url, { host, path: `/status/${status}` });
    expect([answer.status, answer.body.length]).toEqual([status, 0]);
    expect(answer.header("transfer-encoding")).toBeUndefined();
    expect(answer.header("etag")).toBe(status === 304 ? '"fixed"' : undefined);
  });

  test("conditions reach the origin", async () => {
    const headers = {
      "if-none-match": '"a", W/"b"',
      "if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT",
    };
    const got = (await visit(gateway.url, { host, path: "/x", headers })).echo().headers;
    expect(got).toMatchObject({
      "if-none-match": [headers["if-none-match"]],
      "if-modified-since": [headers["if-modified-since"]],
    });
  });

  test.each([
    ["bytes=0-99", 206, 0, 100, "bytes 0-99/1000"],
    ["bytes=990-", 206, 990, 1000, "bytes 990-999/1000"],
    ["bytes=-5", 206, 995, 1000, "bytes 995-999/1000"],
    ["bytes=5000-", 416, 0, 0, "bytes */1000"],
  ])("Range: %s", async (range, status, from, to, contentRange) => {
    const answer = await visit(gateway.url, { host, path: "/range", headers: { range } });
    expect([answer.status, answer.header("content-range")]).toEqual([status, contentRange]);
    expect(answer.body.equals(RANGE_BODY.subarray(from, to))).toBe(true);
  });

  test("Set-Cookie is never folded, and keeps its order", async () => {
    const answer = await visit(gateway.url, { host, path: "/cookies" });
    expect(answer.headers["set-cookie"]).toEqual(COOKIE_LINES);
  });

  test("a repeated request field arrives whole, in order", async () => {
    const headers = { "x-list": ["a", "b", "c"], accept: ["text/html", "*/*"] };
    const got = (await visit(gateway.url, { host, path: "/x", headers })).echo().headers;
    expect(got["x-list"]?.join(", ")).toBe("a, b, c");
    expect(got["accept"]?.join(", ")).toBe("text/html, */*");
  });
});

describe("streams are not buffered", () => {
  // No clock: each piece is sent only once the one before has come, so a gateway that waits for more waits for ever.
  test.each([
    ["server-sent events", "text/event-stream", "data: %\n\n"],
    ["a body without length", "application/octet-stream", "%"],
  ])("%s come one by one, and the head before all of them", async (_, type, form) => {
    const { stream, header } = await openVisit(gateway.url, {
      host,
      path: "/stepwise",
      headers: { accept: type },
    });
    expect(header("content-type")).toBe(type);
    for (let i = 0; i < 10; i++) {
      const piece = form.replace("%", String(i));
      step(piece);
      const [came] = (await once(stream, "data")) as [Buffer];
      expect(came.toString()).toBe(piece);
    }
    stream.destroy();
  });

  test("both ways at once: what is sent comes back before the request has ended", async () => {
    const request = httpRequest({
      port: gateway.port,
      path: "/echo",
      method: "POST",
      headers: { host, "content-type": "text/plain" },
    });
    request.write("first");
    const [response] = (await once(request, "response")) as [Readable];
    for (const text of ["first", "second", "third"]) {
      if (text !== "first") request.write(text);
      const [chunk] = (await once(response, "data")) as [Buffer];
      expect(chunk.toString()).toBe(text);
    }
    request.end();
    await once(response, "end");
  });

  // Only a reset says by itself that a client has gone: one that closes in order may still be reading, as far as TCP
  // tells, and workerd takes it so until what it writes comes back. Node sends a reset only where something is unread.
  test.each([
    ["with a reset, nothing on its way", (socket: Socket) => void socket.resetAndDestroy()],
    [
      "in order, at the next piece",
      (socket: Socket) => {
        socket.once("close", () => step("nobody reads this"));
        socket.destroy();
      },
    ],
  ])("a client that goes away %s, is gone at the origin, too", async (_, leave) => {
    const gone = new Promise<void>((resolve) => (left = resolve));
    const { stream } = await openVisit(gateway.url, {
      host,
      path: "/stepwise",
      headers: { accept: "text/event-stream" },
    });
    step("first");
    await once(stream, "data");
    leave(stream.socket);
    await expect(gone).resolves.toBeUndefined();
  });
});

describe("fifty megabytes", () => {
  const MEBIBYTE = 1024 * 1024;
  const SIZE = 50 * MEBIBYTE;
  /** What the runtime may grow by while they pass: a fifth of them. */
  const MAX_GROWTH = 10 * MEBIBYTE;

  test("stream through and back, in memory that stays flat", async () => {
    const block = Buffer.alloc(64 * 1024, "sixty-four kibibytes of a large upload ");
    const count = SIZE / block.length;
    const expected = createHash("sha256");
    for (let i = 0; i < count; i++) expected.update(block);

    /** Sends them all, and measures the runtime as the last third passes. */
    async function pass(): Promise<{ digest: string; bytes: number; peak: number }> {
      const hash = createHash("sha256");
      let bytes = 0;
      let peak = 0;
      const body = Readable.from(Array.from({ length: count }, () => block));
      const { stream, status } = await openVisit(gateway.url, { host, path: "/echo", body });
      expect(status).toBe(200);
      for await (const chunk of stream) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        if (bytes > SIZE / 3) peak = Math.max(peak, gateway.memory());
      }
      return { digest: hash.digest("hex"), bytes, peak };
    }

    // The first passes warm the allocator and let the collector find its pace; the last must find its memory there.
    const warm = [await pass(), await pass()];
    const last = await pass();
    const whole = { bytes: SIZE, digest: expected.digest("hex") };
    expect([...warm, last]).toMatchObject([whole, whole, whole]);
    expect(last.peak - Math.max(...warm.map(({ peak }) => peak))).toBeLessThan(MAX_GROWTH);
  });
});
