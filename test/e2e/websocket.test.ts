import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer, type ClientOptions } from "ws";
import { startBare, type BareGateway } from "./hostile/bare.ts";

const MEBIBYTE = 1024 * 1024;

interface Talker {
  readonly url: string;
  /** The last handshake that came. */
  last(): IncomingMessage | undefined;
  /** Close codes and reasons that came from visitors. */
  readonly closes: readonly (readonly [number, string])[];
  close(): void;
}

/** A WebSocket origin that echoes, says its name first, refuses below /refuse and hangs up where it is told to. */
async function startTalker(name: string): Promise<Talker> {
  const closes: [number, string][] = [];
  let last: IncomingMessage | undefined;
  const server: Server = createServer((_, response) => response.writeHead(426).end("upgrade"));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * MEBIBYTE,
    handleProtocols: (offered) => (offered.has("chat.v2") ? "chat.v2" : false),
  });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    last = request;
    const refused = /^\/refuse\/(\d+)/.exec(request.url ?? "")?.[1];
    if (refused !== undefined) {
      socket.end(
        `HTTP/1.1 ${refused} Refused\r\nContent-Length: 6\r\nX-Why: ${name}\r\nConnection: close\r\n\r\nreason`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (peer) => {
      peer.on("close", (code, reason) => closes.push([code, reason.toString()]));
      peer.on("message", (data, isBinary) => {
        const text = isBinary || !Buffer.isBuffer(data) ? "" : data.toString();
        const code = /^close (\d+) (.*)$/.exec(text);
        if (code === null) peer.send(data, { binary: isBinary });
        else peer.close(Number(code[1]), code[2]);
      });
      peer.send(name);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    last: () => last,
    closes,
    close() {
      for (const peer of sockets.clients) peer.terminate();
      server.close();
    },
  };
}

let one: Talker;
let two: Talker;
let gateway: BareGateway;

beforeAll(async () => {
  [one, two] = await Promise.all([startTalker("one"), startTalker("two")]);
  const canary = { strategy: "canary", stable: one.url, canary: two.url };
  gateway = await startBare({
    policies: {
      "single.example.com": { origin: one.url },
      "weighted.example.com": {
        strategy: "weighted",
        variants: [
          { name: "a", origin: one.url, weight: 1 },
          { name: "b", origin: two.url, weight: 1 },
        ],
      },
      "canary.example.com": { ...canary, percent: 50 },
      "blue-green.example.com": {
        strategy: "blue-green",
        blue: one.url,
        green: two.url,
        active: "green",
      },
      "path-map.example.com": {
        strategy: "path-map",
        paths: { "/store": { ...canary, percent: 100 } },
      },
      storefrontA: { ...canary, percent: 0 },
      "dead.example.com": { origin: "http://127.0.0.1:1" },
    },
  });
});

afterAll(async () => {
  await gateway?.close();
  one?.close();
  two?.close();
});

interface Open {
  readonly socket: WebSocket;
  /** What the origin said first: its name. */
  readonly name: string;
  /** The head of the 101. */
  readonly head: IncomingMessage;
}

/** Opens a WebSocket through the gateway, and waits for the origin's first word. */
async function open(
  host: string,
  path = "/socket",
  options: ClientOptions = {},
  protocols: string[] = [],
): Promise<Open> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, protocols, {
    ...options,
    headers: { host, ...options.headers },
  });
  const [[head], [name]] = (await Promise.all([
    once(socket, "upgrade"),
    once(socket, "message"),
  ])) as [[IncomingMessage], [Buffer]];
  return { socket, head, name: name.toString() };
}

async function shut({ socket }: Open): Promise<void> {
  socket.close();
  await once(socket, "close");
}

describe("through every strategy", () => {
  test.each([
    ["single", "single.example.com", "/socket", { origin: "one" }, false],
    ["weighted", "weighted.example.com", "/socket", { a: "one", b: "two" }, true],
    ["canary", "canary.example.com", "/socket", { stable: "one", canary: "two" }, true],
    ["blue-green", "blue-green.example.com", "/socket", { green: "two" }, false],
    ["path-map", "path-map.example.com", "/store/socket", { canary: "two" }, true],
    ["a tenant by path", "any.example", "/storefrontA/socket", { stable: "one" }, true],
  ])("%s, with the sticky cookie on the 101", async (_, host, path, names, splits) => {
    for (let visitor = 0; visitor < 5; visitor++) {
      const first = await open(host, path);
      const variant = String(first.head.headers["x-variant"]);
      expect(first.name).toBe((names as Record<string, string>)[variant]);
      expect(first.head.statusCode).toBe(101);
      const [cookie = ""] = first.head.headers["set-cookie"] ?? [];
      expect(cookie.startsWith("sy=1.")).toBe(splits);
      const again = await open(host, path, { headers: { cookie: cookie.split(";", 1)[0] ?? "" } });
      expect(again.head.headers["x-variant"]).toBe(variant);
      await Promise.all([shut(first), shut(again)]);
    }
  });

  test("the origin gets the handshake as from any client, and who sent it", async () => {
    const opened = await open("single.example.com", "/socket?room=7", {
      headers: { cookie: "sy=x; a=1" },
    });
    expect(one.last()?.url).toBe("/socket?room=7");
    expect(one.last()?.headers).toMatchObject({
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "x-forwarded-host": "single.example.com",
      "x-switchyard-variant": "origin",
      via: "1.1 switchyard",
      cookie: "a=1",
    });
    await shut(opened);
  });
});

describe("messages", () => {
  const roundTrip = async (socket: WebSocket, data: string | Buffer) => {
    socket.send(data);
    const [back, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
    return { back, isBinary };
  };

  test("text, binary, empty ones and a mebibyte come back as they were", async () => {
    const opened = await open("single.example.com");
    const large = Buffer.from(Uint8Array.from({ length: MEBIBYTE }, (_, i) => (i * 31) % 251));
    for (const data of ["grün ✓", "", large.toString("latin1")]) {
      const { back, isBinary } = await roundTrip(opened.socket, data);
      expect([isBinary, back.toString() === data]).toEqual([false, true]);
    }
    for (const data of [Buffer.from([0, 255, 1]), Buffer.alloc(0), large]) {
      const { back, isBinary } = await roundTrip(opened.socket, data);
      expect([isBinary, back.equals(data)]).toEqual([true, true]);
    }
    await shut(opened);
  });

  test("a hundred at once keep their order", async () => {
    const opened = await open("single.example.com");
    const got: string[] = [];
    const all = new Promise<void>((resolve) => {
      opened.socket.on("message", (data: Buffer) => {
        if (got.push(data.toString()) === 100) resolve();
      });
    });
    for (let i = 0; i < 100; i++) opened.socket.send(String(i));
    await all;
    expect(got).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    await shut(opened);
  });

  test("the subprotocol is the origin's choice", async () => {
    const chosen = await open("single.example.com", "/", {}, ["chat.v1", "chat.v2"]);
    expect(chosen.socket.protocol).toBe("chat.v2");
    expect(one.last()?.headers["sec-websocket-protocol"]).toBe("chat.v1,chat.v2");
    await shut(chosen);
  });
});

describe("the end", () => {
  test.each([
    [1000, "done"],
    [1001, "away"],
    [3000, ""],
    [4999, "own reason, ünïcode"],
  ])("the origin's close code %i reaches the visitor", async (code, reason) => {
    const { socket } = await open("single.example.com");
    socket.send(`close ${code} ${reason}`);
    const [got, why] = (await once(socket, "close")) as [number, Buffer];
    expect([got, why.toString()]).toEqual([code, reason]);
  });

  test.each([
    [1000, "done"],
    [4001, "own reason"],
  ])("the visitor's close code %i reaches the origin", async (code, reason) => {
    const opened = await open("single.example.com");
    const before = one.closes.length;
    opened.socket.close(code, reason);
    await once(opened.socket, "close");
    await expect.poll(() => one.closes.length).toBeGreaterThan(before);
    expect(one.closes.at(-1)).toEqual([code, reason]);
  });

  test("a visitor who is cut off is gone at the origin", async () => {
    const { socket } = await open("single.example.com");
    const before = one.closes.length;
    socket.terminate();
    await expect.poll(() => one.closes.length, { timeout: 5000 }).toBeGreaterThan(before);
  });
});

describe("no upgrade", () => {
  async function refused(host: string, path: string) {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, { headers: { host } });
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, headers: response.headers, body };
  }

  test.each([401, 403, 404, 503])("the origin's %i is passed on", async (status) => {
    const answer = await refused("single.example.com", `/refuse/${status}`);
    expect([answer.status, answer.headers["x-why"], answer.body]).toEqual([
      status,
      "one",
      "reason",
    ]);
  });

  test("an origin that is down is a 502 problem", async () => {
    const answer = await refused("dead.example.com", "/x");
    expect([answer.status, answer.body]).toMatchObject([
      502,
      expect.stringContaining("origin-unreachable"),
    ]);
  });

  test("an ordinary request to the same origin is an ordinary one", async () => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/storefrontA/x`);
    expect([answer.status, await answer.text()]).toEqual([426, "upgrade"]);
  });
});

test("nothing went wrong inside, in any of these", () => {
  expect(gateway.log()).not.toMatch(/unhandled rejection|a request failed inside/);
});
