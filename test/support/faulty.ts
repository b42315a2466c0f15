import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readHead, readToEnd } from "./faulty-reader.ts";

/** Every fault, and what happens to a request under it. */
export const FAULTS = {
  good: "a 200 with a short body of known length",
  refuse: "nobody listens on the port",
  "reset-before-head": "TCP reset once the request's head is read",
  "reset-mid-body": "a 200, the first half of the body, then a TCP reset",
  "slow-head": "the good answer, after stepMs",
  hang: "the request is read, and nothing ever comes back",
  "slow-body": "the head at once, then one byte of the good body each stepMs",
  garbage: "bytes that are not HTTP, then the end of the connection",
  "wrong-length": "a content-length of 1000, 10 bytes, then the end of the connection",
  "endless-headers": "a 200 whose header lines never stop",
  "close-after-continue": "100 Continue, then the end of the connection",
  "500": "a well-formed 500",
  "502": "a well-formed 502",
  "503": "a well-formed 503",
  "504": "a well-formed 504",
} as const;

export type Fault = keyof typeof FAULTS;

/** A fault that one request can meet: a closed port is closed to all. */
type RequestFault = Exclude<Fault, "refuse">;

/** How long slow-head waits, and slow-body between two bytes, unless told otherwise. */
const DEFAULT_STEP_MS = 200;

/** Enough per write that a reader's limit on heads is met within milliseconds. */
const HEADER_FLOOD = "x-more: and more and more and more\r\n".repeat(1000);

export interface FaultyOptions {
  /** The fault of the requests no path or queue decides. Default `good`. */
  readonly fault?: Fault;
  /** Faults by path, the query left out; ahead of `fault`. */
  readonly byPath?: Readonly<Record<string, RequestFault>>;
  readonly stepMs?: number;
}

export interface Faulty {
  /** `http://127.0.0.1:<port>`; the port stays the same through `refuse`. */
  readonly url: string;
  readonly port: number;
  /** Connections accepted since the start. Each serves one request, so attempts can be counted. */
  readonly connections: number;
  /** `METHOD path` of each request whose head was read, in order. */
  readonly requests: readonly string[];
  /** Changes the fault from the next request on; `refuse` cuts open connections too. */
  set(fault: Fault): Promise<void>;
  /** Faults for the next requests, one each, ahead of all others. */
  next(...faults: readonly RequestFault[]): void;
  close(): Promise<void>;
}

/** What `good` answers: long enough to be broken in two. */
const goodBody = (name: string): string => `${name} is well and answers in full\n`;

function head(status: string, length: number, name: string): string {
  return (
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n` +
    `x-origin: ${name}\r\nconnection: close\r\n\r\n`
  );
}

async function flood(socket: Socket): Promise<void> {
  socket.write("HTTP/1.1 200 OK\r\n");
  while (!socket.destroyed) {
    if (!socket.write(HEADER_FLOOD))
      await Promise.race([once(socket, "drain"), once(socket, "close")]);
  }
}

async function drip(socket: Socket, body: string, stepMs: number): Promise<void> {
  for (const byte of body) {
    if (socket.destroyed) return;
    socket.write(byte);
    await sleep(stepMs);
  }
  socket.end();
}

async function misbehave(
  fault: RequestFault,
  socket: Socket,
  name: string,
  stepMs: number,
): Promise<void> {
  const body = goodBody(name);
  const good = head("200 OK", body.length, name) + body;
  switch (fault) {
    case "good":
      socket.end(good);
      return;
    case "slow-head":
      await sleep(stepMs);
      socket.end(good);
      return;
    case "reset-before-head":
      socket.resetAndDestroy();
      return;
    case "reset-mid-body":
      socket.write(good.slice(0, good.length - body.length / 2));
      // A reset overtakes what the peer has not read yet: without the pause it may come before the head.
      await sleep(stepMs);
      socket.resetAndDestroy();
      return;
    case "slow-body":
      socket.write(head("200 OK", body.length, name));
      await drip(socket, body, stepMs);
      return;
    case "garbage":
      socket.end("\u0000\u0001 this is not an answer \r\n\r\n");
      return;
    case "wrong-length":
      socket.end(`${head("200 OK", 1000, name)}ten bytes.`);
      return;
    case "endless-headers":
      await flood(socket);
      return;
    case "close-after-continue":
      socket.end("HTTP/1.1 100 Continue\r\n\r\n");
      return;
    case "500":
    case "502":
    case "503":
    case "504":
      socket.end(`${head(`${fault} Faulty`, fault.length, name)}${fault}`);
      return;
    case "hang":
      return;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/**
 * Starts an origin on a port of 127.0.0.1 that goes wrong on purpose, below HTTP, where node:http would not let it.
 * A request's fault is: the next one queued by `next`, else that of its path, else the one `set`. Each answer ends
 * its connection. While it refuses, its port is free for others to take; the system picks ports at random, so that
 * stays theory.
 */
export async function startFaulty(name: string, options: FaultyOptions = {}): Promise<Faulty> {
  const stepMs = options.stepMs ?? DEFAULT_STEP_MS;
  const sockets = new Set<Socket>();
  const queue: RequestFault[] = [];
  const requests: string[] = [];
  let fault = options.fault ?? "good";
  let connections = 0;

  async function serve(socket: Socket): Promise<void> {
    const request = await readHead(socket);
    if (request === undefined) return;
    requests.push(`${request.method} ${request.path}`);
    const path = request.path.split("?", 1)[0] ?? "";
    const chosen = queue.shift() ?? options.byPath?.[path] ?? fault;
    // Accepted in the very moment the port closed.
    if (chosen === "refuse") {
      socket.resetAndDestroy();
      return;
    }
    const takesBody = chosen !== "reset-before-head" && chosen !== "close-after-continue";
    if (takesBody) await readToEnd(socket, request);
    await misbehave(chosen, socket, name, stepMs);
  }

  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The gateway hangs up on most of these answers, as it should.
    socket.on("error", () => {});
    serve(socket).catch(() => socket.destroy());
  });
  const port = await listen(server, 0);

  async function shut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  if (fault === "refuse") await shut();

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    requests,
    async set(chosen) {
      fault = chosen;
      if (chosen === "refuse") await shut();
      else if (!server.listening) await listen(server, port);
    },
    next(...faults) {
      queue.push(...faults);
    },
    close: shut,
  };
}
