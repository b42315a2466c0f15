import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { requestBytes, sendRaw } from "../hostile/raw.ts";

const host = "shop.example.com";

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("o", (request, response, next) => {
    const { socket } = response;
    const target = request.url ?? "";
    if (/(?:\/moved|^\/)\?to=/.test(target)) return move(target, response);
    switch (target) {
      case "/trailers":
        socket?.end(
          "HTTP/1.1 200 OK\r\nTrailer: x-sum\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" +
            "2\r\nhi\r\n0\r\nx-sum: 1\r\n\r\n",
        );
        return;
      case "/early":
        response.writeEarlyHints({ link: "</a.css>; rel=preload; as=style" });
        response.writeProcessing();
        response.end("late");
        return;
      case "/hop":
        response.setHeader("connection", "x-hop");
        response.setHeader("x-hop", "1");
        response.setHeader("proxy-authenticate", "Basic");
        response.setHeader("keep-alive", "timeout=5");
        response.end("hop");
        return;
      case "/switch":
        socket?.end(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        );
        return;
      default:
        next();
    }
  });
  gateway = await startBare({
    policies: {
      [host]: { origin: origin.url },
      storefrontA: {
        strategy: "path-map",
        paths: { "/api": { origin: `${origin.url}/base`, stripPrefix: true } },
        default: origin.url,
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

/** Answers /moved, below whatever base, with the reference it is given. */
function move(target: string, response: ServerResponse): void {
  const to = new URL(target, "http://o").searchParams.get("to") ?? "";
  response.writeHead(302, { location: to, "content-location": to }).end();
}

describe("redirects are passed on, never followed", () => {
  test.each([300, 301, 302, 303, 305, 307, 308])("%i", async (status) => {
    origin.forget();
    const to = encodeURIComponent("/next?a=b");
    const answer = await visit(gateway.url, { host, path: `/redirect?status=${status}&to=${to}` });
    expect([answer.status, answer.header("location")]).toEqual([status, "/next?a=b"]);
    expect(origin.requests).toHaveLength(1);
  });

  test.each([
    ["/storefrontA", "/next", "/storefrontA/next"],
    ["/storefrontA", "ORIGIN/next?x#y", "http://any.example/storefrontA/next?x#y"],
    ["/storefrontA", "https://elsewhere.example/x", "https://elsewhere.example/x"],
    ["/storefrontA", "next", "next"],
    ["/storefrontA/api", "/base/next", "/storefrontA/api/next"],
    ["/storefrontA/api", "ORIGIN/base", "http://any.example/storefrontA/api"],
    ["/storefrontA/api", "ORIGIN/base/", "http://any.example/storefrontA/api/"],
    ["/storefrontA/api", "/base//evil.example", "/storefrontA/api//evil.example"],
  ])("under %s, %s becomes %s", async (mount, to, outside) => {
    const target = encodeURIComponent(to.replace("ORIGIN", origin.url));
    const answer = await visit(gateway.url, {
      host: "any.example",
      path: `${mount}/moved?to=${target}`,
    });
    expect([answer.status, answer.header("location")]).toEqual([302, outside]);
    expect(answer.header("content-location")).toBe(outside);
  });
});

test("a redirect relative to a tenant's first page stays with the tenant, with and without a slash behind it", async () => {
  for (const page of ["/storefrontA", "/storefrontA/"]) {
    const { header } = await visit(gateway.url, { host: "any.example", path: `${page}?to=next` });
    const { pathname } = new URL(header("location") ?? "", `http://any.example${page}`);
    expect(pathname).toBe("/storefrontA/next");
  }
});

describe("methods", () => {
  test.each([
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "PROPFIND",
    "PURGE",
    "MKCOL",
    "REPORT",
    "LOCK",
  ])("%s goes through", async (method) => {
    const answer = await visit(gateway.url, { host, path: "/x?y", method });
    expect(answer.echo()).toMatchObject({ method, url: "/x?y" });
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"])(
    "the body of %s goes with it",
    async (method) => {
      const headers = { "content-length": "5" };
      const answer = await visit(gateway.url, { host, path: "/x", method, headers, body: "hello" });
      expect(answer.echo()).toMatchObject({ method, body: { bytes: 5 } });
    },
  );

  // RFC 9110 §9.3.1: a body of GET has no meaning. The platform's fetch can send none, so it ends here.
  test.each(["GET", "HEAD"])("the body of %s stays here, its length too", async (method) => {
    origin.forget();
    const bytes = requestBytes("/x", { method, fields: ["Content-Length: 5"], body: "hello" });
    expect((await sendRaw(gateway.port, bytes)).statuses).toEqual([200]);
    expect(
      origin.requests.map(({ bytes: got, headers }) => [got, headers["content-length"]]),
    ).toEqual([[0, undefined]]);
  });

  test("TRACE is refused, and echoes nothing", async () => {
    origin.forget();
    const answer = await sendRaw(
      gateway.port,
      requestBytes("/x", { method: "TRACE", fields: ["Cookie: secret=1"] }),
    );
    expect([answer.status, answer.body]).toEqual([405, ""]);
    expect(answer.headers.get("allow")).toContain("OPTIONS");
    expect(origin.requests).toEqual([]);
  });

  test.each([
    ["0", 204, undefined],
    ["1", 200, "0"],
    ["7", 200, "6"],
  ])("OPTIONS with Max-Forwards: %s", async (value, status, next) => {
    origin.forget();
    const headers = { "max-forwards": value };
    const answer = await visit(gateway.url, { host, path: "/x", method: "OPTIONS", headers });
    expect(answer.status).toBe(status);
    expect(origin.requests[0]?.headers["max-forwards"]?.[0]).toBe(next);
  });

  // The runtime's own limit: its parser knows a fixed list of methods.
  test("a method nobody knows is the runtime's 501", async () => {
    expect((await sendRaw(gateway.port, requestBytes("/x", { method: "FOO" }))).status).toBe(501);
  });
});

describe("the edges of HTTP/1.1", () => {
  test("Expect: 100-continue is answered here, and the origin gets the body without it", async () => {
    origin.forget();
    const socket = connect(gateway.port, "127.0.0.1");
    const fields = ["Expect: 100-continue", "Content-Length: 5"];
    socket.write(requestBytes("/x", { method: "POST", fields }));
    const [interim] = (await once(socket, "data")) as [Buffer];
    expect(interim.toString()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    socket.write("hello");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
    const [got] = origin.requests;
    expect([got?.bytes, got?.headers["expect"]]).toEqual([5, undefined]);
  });

  // workerd's fetch gives no interim response to a Worker, and a Worker can send none.
  test("an origin's 102 and 103 end here, the final answer goes on", async () => {
    const answer = await sendRaw(gateway.port, requestBytes("/early"));
    expect(answer.statuses).toEqual([200]);
    expect(answer.body).toContain("late");
  });

  // The fetch standard has no trailers.
  test("trailers end here, the body before them is whole", async () => {
    const answer = await sendRaw(gateway.port, requestBytes("/trailers"));
    expect([answer.statuses, answer.headers.get("trailer")]).toEqual([[200], undefined]);
    expect(answer.body).toBe("2\r\nhi\r\n0\r\n\r\n");
  });

  test("a request's trailers end here, too", async () => {
    origin.forget();
    const fields = ["Transfer-Encoding: chunked", "Trailer: x-sum"];
    const body = "5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n";
    const answer = await sendRaw(
      gateway.port,
      requestBytes("/x", { method: "POST", fields, body }),
    );
    expect(answer.status).toBe(200);
    expect(origin.requests[0]).toMatchObject({ bytes: 5, complete: true });
    expect(origin.requests[0]?.headers).not.toHaveProperty("trailer");
  });

  test("what belongs to the origin's connection ends here", async () => {
    const answer = await visit(gateway.url, { host, path: "/hop" });
    expect(answer.text()).toBe("hop");
    for (const name of ["x-hop", "proxy-authenticate", "keep-alive"])
      expect(answer.header(name)).toBeUndefined();
  });

  test("an upgrade nobody asked for is a failure of the origin", async () => {
    const answer = await visit(gateway.url, { host, path: "/switch" });
    expect([answer.status, answer.json()]).toMatchObject([502, { code: "origin-unreachable" }]);
  });

  test("HTTP/1.0 gets its answer", async () => {
    const answer = await sendRaw(gateway.port, `GET /x HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
    expect([answer.status, answer.headers.get("transfer-encoding")]).toEqual([200, undefined]);
  });
});
