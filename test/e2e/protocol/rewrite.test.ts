import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { requestBytes, sendRaw } from "../hostile/raw.ts";

const HOST = "shop.example.com";

let one: Origin;
let two: Origin;
let shadow: Origin;
let talker: Server;
let gateway: BareGateway;

/** An origin that answers below `/say` with the fields its query asks for, and below `/fail` with a 503. */
const start = (name: string) =>
  startOrigin(name, (request, response, next) => {
    const url = new URL(request.url ?? "/", "http://origin");
    const said = url.searchParams.getAll("say");
    if (url.pathname.includes("/fail")) response.writeHead(503).end(name);
    else if (url.pathname.includes("/lost.") && name === "one") response.writeHead(404).end(name);
    else if (said.length > 0) {
      const lines = said.flatMap((line) => [
        line.slice(0, line.indexOf(":")),
        line.slice(line.indexOf(":") + 1),
      ]);
      response.writeHead(200, lines).end(name);
    } else next();
  });

beforeAll(async () => {
  talker = createServer();
  const sockets = new WebSocketServer({ server: talker });
  sockets.on("connection", (peer, request) => peer.send(request.url ?? ""));
  talker.listen(0, "127.0.0.1");
  await once(talker, "listening");
  const port = (talker.address() as AddressInfo).port;
  [one, two, shadow] = await Promise.all([start("one"), start("two"), start("shadow")]);
  const to = (prefix: string) => ({ rewrite: { prefix } });
  const map = {
    strategy: "path-map",
    paths: {
      "/api": { origin: `${one.url}/v3`, ...to("") },
      "/new": { origin: `${one.url}/v3`, ...to("/app/deep") },
      "/a": { origin: one.url, ...to("/a/b") },
      "/whole": { origin: `${one.url}/v3`, rewrite: { path: "/page" } },
      "=/just": { origin: one.url, ...to("/only") },
      "/socket": { origin: `http://127.0.0.1:${port}`, ...to("/chat") },
      "/spread": {
        strategy: "canary",
        stable: { url: two.url, rewrite: { prefix: "/stable" } },
        canary: { url: one.url, rewrite: { prefix: "/canary" } },
        percent: 100,
        assetRescue: true,
        fallback: { url: `${two.url}/back`, rewrite: { path: "/sorry" } },
        mirror: { origin: shadow.url, percent: 100 },
      },
      "/copied": {
        origin: one.url,
        ...to("/main"),
        mirror: {
          origin: { url: `${shadow.url}/base`, rewrite: { prefix: "/copy" } },
          percent: 100,
        },
      },
      "/fallen": {
        origin: { url: one.url, rewrite: { prefix: "/fail" } },
        fallback: { url: `${two.url}/back`, rewrite: { path: "/sorry" } },
      },
    },
    rules: [
      { name: "r", match: { path: "/ruled/*" }, policy: { origin: one.url, ...to("/by-rule") } },
    ],
    default: one.url,
  };
  gateway = await startBare({ policies: { [HOST]: map, tenant: map } });
});

afterAll(async () => {
  talker?.closeAllConnections();
  talker?.close();
  await Promise.all([gateway, one, two, shadow].map((part) => part?.close()));
});

beforeEach(() => {
  for (const origin of [one, two, shadow]) origin.forget();
});

describe.each([
  ["by host", HOST, ""],
  ["by path", "any.example", "/tenant"],
])("a tenant %s", (_, host, tenant) => {
  const ask = (path: string) => visit(gateway.url, { host, path: tenant + path });

  test.each([
    ["/api", "/v3", "/api"],
    ["/api/", "/v3/", "/api"],
    ["/api/x?y=/../z", "/v3/x?y=/../z", "/api"],
    ["/%61pi/x", "/v3/x", "/api"],
    ["/new", "/v3/app/deep", "/new"],
    ["/new/", "/v3/app/deep/", "/new"],
    ["/new/x?", "/v3/app/deep/x?", "/new"],
    ["/new//x", "/v3/app/deep//x", "/new"],
    ["/new/..%2fx", "/v3/app/deep/..%2Fx", "/new"],
    ["/newer", "/newer", ""],
    ["/a/b/c", "/a/b/b/c", "/a"],
    ["/just?q", "/only?q", "/just"],
    ["/ruled/x", "/by-rule/x", "/ruled"],
    ["/whole", "/v3/page", ""],
    ["/whole/x/y?q=1", "/v3/page?q=1", ""],
  ])("%s arrives as %s, and the origin hears of the prefix %s", async (path, url, prefix) => {
    const { url: got, headers } = (await ask(path)).echo();
    expect(got).toBe(url);
    const told = tenant + prefix;
    expect(headers["x-forwarded-prefix"]).toEqual(told === "" ? undefined : [told]);
  });

  test.each([
    ["/new/x", "/v3/app/deep/y?q#f", "/new/y?q#f"],
    ["/new/x", "ORIGIN/v3/app/deep/y", "PUBLIC/new/y"],
    ["/new/x", "/v3/app/deep", "/new"],
    ["/new/x", "y", "y"],
    // What a prefix does not lead to stays what it is.
    ["/new/x", "ORIGIN/elsewhere", "ORIGIN/elsewhere"],
    ["/new/x", "/v3/app/deeper", "/v3/app/deeper"],
    ["/new/x", "https://other.example/v3/app/deep/y", "https://other.example/v3/app/deep/y"],
    // From an origin that heeds X-Forwarded-Prefix.
    ["/new/x", "/new/y", "/new/y"],
    ["/a/x", "/a/b/y", "/a/y"],
    ["/whole/x", "/v3/login", "/login"],
  ])("%s: Location %s is %s outside", async (path, inside, outside) => {
    const isHeeding = inside === "/new/y";
    const named = (isHeeding ? tenant : "") + inside.replace("ORIGIN", one.url);
    const answer = await ask(`${path}?say=${encodeURIComponent(`Location:${named}`)}`);
    const prefix = outside.startsWith("/") && outside !== inside ? tenant : "";
    const expected = (isHeeding ? named : prefix + outside)
      .replace("PUBLIC", `http://${host}${tenant}`)
      .replace("ORIGIN", one.url);
    expect(answer.header("location")).toBe(expected);
  });

  test("a cookie's path leads out of the rewrite, and what leads out of it stays", async () => {
    const say = ["a=1; Path=/v3/app/deep", "b=2; Path=/v3/app/deep/x; HttpOnly", "c=3; Path=/"]
      .map((cookie) => `say=${encodeURIComponent(`Set-Cookie:${cookie}`)}`)
      .join("&");
    const answer = await ask(`/new/x?${say}`);
    expect(answer.headers["set-cookie"]).toEqual([
      `a=1; Path=${tenant}/new`,
      `b=2; Path=${tenant}/new/x; HttpOnly`,
      `c=3; Path=${tenant || "/"}`,
    ]);
  });

  test("a WebSocket goes where a page would", async () => {
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}${tenant}/socket/room?id=7`, {
      headers: { host },
    });
    const [said] = (await once(socket, "message")) as [Buffer];
    expect(said.toString()).toBe("/chat/room?id=7");
    socket.terminate();
  });

  test("Destination is where a request for it would arrive (RFC 4918 §10.3)", async () => {
    const moved = async (path: string, destination: string) => {
      one.forget();
      const fields = [`Destination: ${tenant}${destination}`];
      await sendRaw(gateway.port, requestBytes(tenant + path, { method: "MOVE", host, fields }));
      return one.requests[0]?.headers["destination"];
    };
    expect(await moved("/new/x", "/new/y?q")).toEqual(["/v3/app/deep/y?q"]);
    expect(await moved("/whole/x", "/whole/y")).toEqual(["/v3/page"]);
    expect(await moved("/new/x", "/a/y")).toEqual([`http://${host}${tenant}/a/y`]);
  });
});

describe("each origin gets the path as it is rewritten for it", () => {
  const ask = (path: string) => visit(gateway.url, { host: HOST, path });
  const urls = () => [one, two, shadow].map(({ requests }) => requests.map(({ url }) => url));

  test("the rescuer and the fallback", async () => {
    const answer = await ask("/spread/fail?q");
    expect(answer.status).toBe(200);
    expect(urls().slice(0, 2)).toEqual([["/canary/fail?q"], ["/stable/fail?q", "/back/sorry?q"]]);
    await expect.poll(() => urls()[2]).toEqual(["/canary/fail?q"]);
    const told = (origin: Origin) =>
      origin.requests.map(({ headers }) => headers["x-forwarded-prefix"]);
    expect([told(one), told(two)]).toEqual([[["/spread"]], [["/spread"], undefined]]);
  });

  test("the fallback of a policy without variants", async () => {
    expect((await ask("/fallen/x?q")).echo()).toMatchObject({
      origin: "two",
      url: "/back/sorry?q",
    });
    expect(urls()[0]).toEqual(["/fail/x?q"]);
  });

  test("the variant that has a missing asset; its answer leads out of its own rewrite", async () => {
    const path = "/spread/lost.3f9c2b1a.js";
    const say = encodeURIComponent("Location:/stable/y");
    const answer = await ask(`${path}?say=${say}`);
    expect([answer.status, answer.text(), answer.header("location")]).toEqual([
      200,
      "two",
      "/spread/y",
    ]);
    expect(urls()[0]?.[0]).toMatch(/^\/canary\/lost/);
    expect(urls()[1]?.[0]).toMatch(/^\/stable\/lost/);
    await expect.poll(() => urls()[2]?.length).toBe(1);
  });

  test("the mirror, which else gets the path of the variant", async () => {
    await ask("/copied/x?q");
    await expect.poll(() => urls()[2]).toEqual(["/base/copy/x?q"]);
    expect(urls()[0]).toEqual(["/main/x?q"]);
  });
});
