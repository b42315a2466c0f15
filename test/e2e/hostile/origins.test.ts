import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

describe("private origins and IP addresses are refused in every spelling (CVE-2020-28360, CVE-2021-28918)", () => {
  const SPELLINGS = [
    "http://127.0.0.1",
    "http://localhost",
    "http://LOCALHOST.",
    "http://a.localhost",
    "http://127.1",
    "http://2130706433",
    "http://0x7f000001",
    "http://0x7f.1",
    "http://017700000001",
    "http://0177.0.0.01",
    "http://0",
    "http://0.0.0.0",
    "http://１２７.0.0.1",
    "http://127。0。0。1",
    "http://%31%32%37.0.0.1",
    "http://127.0.0.1.",
    "http://10.0.0.1",
    "http://172.31.255.255",
    "http://192.168.0.1:8080/x",
    "http://100.64.0.1",
    "http://169.254.169.254/latest/meta-data",
    "http://2852039166",
    "http://0xa9fea9fe",
    "http://metadata.google.internal",
    "http://metadata",
    "http://instance-data",
    "http://host.internal",
    "http://printer.local",
    "http://[::1]",
    "http://[::]",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:7f00:1]",
    "http://[::127.0.0.1]",
    "http://[64:ff9b::7f00:1]",
    "http://[2002:7f00:1::]",
    "http://[fe80::1]",
    "http://[fd00:ec2::254]",
    "http://[fec0::1]",
    "http://[ff02::1]",
    // No private ones, and out of a Worker's reach all the same.
    "http://8.8.8.8",
    "http://134744072",
    "http://[2606:4700::1111]",
  ];
  const NO_ORIGINS = [
    "http://user:pass@shop.example.com",
    "ftp://shop.example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//shop.example.com",
    "shop.example.com",
    "http:shop.example.com",
    "http://shop.example.com\\@127.0.0.1",
    "http://shop.example.com/?q",
    "http://shop.example.com/#f",
    "http://shop.example.com/../x",
    "http://shop.example.com/%2e%2e/x",
    "http:// shop.example.com",
    "http://sho\tp.example.com",
    "http://",
    "",
  ];
  let everywhere: Origin;
  let gateway: BareGateway;

  beforeAll(async () => {
    everywhere = await startOrigin("everywhere");
    const bad = [...SPELLINGS, ...NO_ORIGINS];
    gateway = await startBare({
      policies: {
        ...Object.fromEntries(bad.map((origin, i) => [`bad${i}`, { origin }])),
        ...Object.fromEntries(
          ["fallback", "mirror", "url"].map((field) => [
            field,
            field === "url"
              ? { origin: { url: "http://10.1.2.3" } }
              : {
                  origin: "https://shop.example.com",
                  [field]:
                    field === "mirror"
                      ? { origin: "http://10.1.2.3", percent: 1 }
                      : "http://10.1.2.3",
                },
          ]),
        ),
        good: { origin: "https://shop.example.com" },
      },
      vars: { ALLOW_PRIVATE_ORIGINS: "false" },
      outboundPort: everywhere.port,
    });
  });

  afterAll(async () => {
    await Promise.all([gateway?.close(), everywhere?.close()]);
  });

  const answerOf = async (tenant: string) => visit(gateway.url, { path: `/${tenant}/x` });

  test.each([...SPELLINGS, ...NO_ORIGINS].map((origin, i) => [origin, i] as const))(
    "%j: 503 policy-invalid, and nobody is asked",
    async (_, i) => {
      everywhere.forget();
      const answer = await answerOf(`bad${i}`);
      expect([answer.status, answer.json()]).toMatchObject([503, { code: "policy-invalid" }]);
      expect(everywhere.requests).toEqual([]);
      expect(Object.keys(answer.json() as object)).toEqual(["type", "title", "status", "code"]);
    },
  );

  test.each(["fallback", "mirror", "url"])("in the field %s, too", async (tenant) => {
    expect((await answerOf(tenant)).status).toBe(503);
  });

  test("a public one is served", async () => {
    expect((await answerOf("good")).status).toBe(200);
  });
});

describe("an origin may answer what it likes: the visitor gets HTTP, never a 500", () => {
  const length = "Content-Length: 2\r\nConnection: close\r\n";
  let answer = "";
  let server: Server;
  let gateway: BareGateway;

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(Buffer.from(answer, "latin1")));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    gateway = await startBare({
      policies: { "shop.example.com": { origin: `http://127.0.0.1:${port}` } },
    });
  });

  afterAll(async () => {
    await gateway?.close();
    server?.close();
  });

  test.each([
    ["a status above all", `HTTP/1.1 999 No\r\n${length}\r\nhi`],
    ["a status of no class", `HTTP/1.1 600 No\r\n${length}\r\nhi`],
    ["a status of two digits", `HTTP/1.1 99 No\r\n${length}\r\nhi`],
    ["status 000", `HTTP/1.1 000 No\r\n${length}\r\nhi`],
    [
      "101 to nobody who asked",
      "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
    ["a NUL in a field", `HTTP/1.1 200 OK\r\n${length}X-A: a\0b\r\n\r\nhi`],
    ["a carriage return in a cookie", `HTTP/1.1 200 OK\r\n${length}Set-Cookie: a=b\rc\r\n\r\nhi`],
    ["a space in a name", `HTTP/1.1 200 OK\r\n${length}X A: b\r\n\r\nhi`],
    ["a line without a colon", `HTTP/1.1 200 OK\r\n${length}xyz\r\n\r\nhi`],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!"],
    ["nothing", ""],
  ])("%s is a 502", async (_, bytes) => {
    answer = bytes;
    const got = await sendRaw(gateway.port, requestBytes("/x"));
    expect(got.statuses).toEqual([502]);
    expect(got.body).toContain("origin-unreachable");
  });

  test.each([
    ["a reason in Latin-1", `HTTP/1.1 200 \u00e9\r\n${length}\r\nhi`],
    ["no reason", `HTTP/1.1 200\r\n${length}\r\nhi`],
    ["a Location that is not a URL", `HTTP/1.1 200 OK\r\n${length}Location: http://[bad\r\n\r\nhi`],
    ["a Refresh that is none", `HTTP/1.1 200 OK\r\n${length}Refresh: url=url=;;'\r\n\r\nhi`],
    ["cookies that are none", `HTTP/1.1 200 OK\r\n${length}Set-Cookie: ;;=;Path=;Domain\r\n\r\nhi`],
    [
      "a head of a hundred kilobytes",
      `HTTP/1.1 200 OK\r\n${length}X-A: ${"a".repeat(100_000)}\r\n\r\nhi`,
    ],
  ])("%s goes through", async (_, bytes) => {
    answer = bytes;
    const got = await sendRaw(gateway.port, requestBytes("/x"));
    expect([got.statuses, got.body]).toEqual([[200], "hi"]);
  });

  test("length and chunks: chunks count, and only they are sent on", async () => {
    answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhi!\r\n0\r\n\r\n";
    const got = await sendRaw(gateway.port, requestBytes("/x"));
    expect(got.headers.has("content-length")).toBe(false);
    expect(got.body).toBe("3\r\nhi!\r\n0\r\n\r\n");
  });

  test("a body after a 204 is not a second answer", async () => {
    answer = `HTTP/1.1 204 No\r\n${length}\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`;
    expect((await sendRaw(gateway.port, requestBytes("/x"))).statuses).toEqual([204]);
  });

  test("nothing went wrong inside", () => {
    expect(gateway.log()).not.toMatch(/unhandled rejection|a request failed inside/);
  });
});
