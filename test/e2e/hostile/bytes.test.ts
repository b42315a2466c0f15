import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

/** What the origin answers beside its framing, whole lines, one character a byte. */
let fields: readonly string[] = [];
/** The head of the last request that the origin got, one character a byte. */
let got = "";
let server: Server;
let gateway: BareGateway;
let origin: string;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      got = data.toString("latin1");
      const head = ["HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close", ...fields];
      socket.end(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  origin = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const at = `http://${origin}`;
  gateway = await startBare({
    policies: {
      "shop.example.com": { origin: at },
      "based.example.com": { origin: `${at}/v3` },
      shopA: { origin: at },
      shopB: { origin: `${at}/v3` },
      "map.example.com": {
        strategy: "path-map",
        paths: { "/api": { origin: `${at}/v3`, stripPrefix: true }, "/admin": at },
      },
    },
  });
});

afterAll(async () => {
  await gateway?.close();
  server?.close();
});

/** What the client gets of one field, a line for each time it is there. */
async function answered(target: string, lines: readonly string[], host = "shop.example.com") {
  fields = lines;
  const { headers } = await sendRaw(gateway.port, requestBytes(target, { host }));
  const name = /^[^:]+/.exec(lines[0] ?? "")?.[0].toLowerCase() ?? "";
  return headers.get(name);
}

describe("what needs no change passes byte for byte, what is not UTF-8 included", () => {
  const ODD = '/caf\xe9\xff/\xc3\xa9\'"|?a="\xe9"&#';

  test.each(["Location", "Content-Location", "SourceMap", "X-SourceMap", "Link", "Refresh"])(
    "%s",
    async (name) => {
      for (const value of [
        ODD,
        `https://other.example${ODD}`,
        `5; url=${ODD}`,
        `<${ODD}>; x="\xe9"`,
      ])
        expect(await answered("/x", [`${name}: ${value}`])).toBe(value);
    },
  );

  test("cookies", async () => {
    const cookies = ['a="\xe9;\xff" ; PATH=/admin/ ;Odd=\xe9;', "__Host-b=\xff; Path=/", "c"];
    const lines = cookies.map((cookie) => `Set-Cookie: ${cookie}`);
    expect(await answered("/x", lines)).toBe(cookies.join("\n"));
  });

  test("a field nobody knows, both ways", async () => {
    fields = ["X-Odd: \xe9\xff \xc3\xa9"];
    const bytes = requestBytes("/x?", { fields: ["X-Odd: \xff\xe9", 'X-Quoted: "a\\"b" ;,'] });
    const { headers } = await sendRaw(gateway.port, bytes);
    expect(headers.get("x-odd")).toBe("\xe9\xff \xc3\xa9");
    expect(got).toContain("X-Odd: \xff\xe9\r\n");
    expect(got).toContain('X-Quoted: "a\\"b" ;,\r\n');
    expect(got).toMatch(/^GET \/x\? HTTP/);
  });
});

describe("what has to change does, and nothing else of it", () => {
  test.each([
    ["/shopA/x", "Location: /x?#", "/shopA/x?#"],
    ["/shopA/x", "Location: /shopA/x#", "/shopA/x#"],
    ["/shopA/x", 'Link: </a"b>; rel=preload, </c?#>', '</shopA/a"b>; rel=preload, </shopA/c?#>'],
    ["/shopA/x", "Refresh: 5; url='/x?'", "5; url='/shopA/x?'"],
    ["/shopA/x", "SourceMap: /x.map", "/shopA/x.map"],
    ["/shopA/x", "Service-Worker-Allowed: /", "/shopA/"],
    ["/shopA/x", "Set-Cookie: a=1;path=/admin/", "a=1;path=/shopA/admin/"],
    ["/shopA/x", "Set-Cookie: a=1; Path=/", "a=1; Path=/shopA"],
    ["/shopB/x", "Location: /v3/x/#", "/shopB/x/#"],
    ["/shopA/x", 'Alt-Svc: h3=":443"', undefined],
  ])("%s, %s", async (target, line, outside) => {
    expect(await answered(target, [line], "any.example")).toBe(outside);
  });

  test("the origin's own URL, with a port that its scheme has anyway, too", async () => {
    const line = `Location: http://${origin}/x?#`;
    expect(await answered("/x", [line])).toBe("http://shop.example.com/x?#");
    expect(await answered("/shopA/x", [line], "any.example")).toBe("http://any.example/shopA/x?#");
    expect(await answered("/x", [line], "shop.example.com:80")).toBe("http://shop.example.com/x?#");
  });

  test("stripPrefix narrows no cookie of the whole host", async () => {
    const cookies = ["a=1; Path=/", "b=1; Path=/v3/x/", "c=1; Domain=example.com"];
    const lines = cookies.map((cookie) => `Set-Cookie: ${cookie}`);
    expect(await answered("/api/x", lines, "map.example.com")).toBe(
      ["a=1; Path=/", "b=1; Path=/api/x/", "c=1; Domain=example.com"].join("\n"),
    );
  });
});

describe("a base path is joined, the prefix itself with the base itself", () => {
  test.each([
    ["map.example.com", "/api", "/v3"],
    ["map.example.com", "/api/", "/v3/"],
    ["map.example.com", "/api/x?", "/v3/x?"],
    ["map.example.com", "/api?q", "/v3?q"],
    ["map.example.com", "/admin", "/admin"],
    ["any.example", "/shopB", "/v3"],
    ["any.example", "/shopB/", "/v3/"],
    ["any.example", "/shopA", "/"],
    ["based.example.com", "/", "/v3/"],
  ])("%s%s is %s", async (host, target, path) => {
    fields = [];
    await sendRaw(gateway.port, requestBytes(target, { host }));
    expect(/^GET (\S+) /.exec(got)?.[1]).toBe(path);
  });
});
