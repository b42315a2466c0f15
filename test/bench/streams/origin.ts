/**
 * An origin of long bodies and long connections, in a process of its own; started by `startStreamOrigin` in
 * origin-client.ts, with which it speaks over Node's IPC.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WebSocketServer } from "ws";

const CHUNK = Buffer.alloc(65_536, "x");

/** Streams of events that are open. */
const listeners = new Set<ServerResponse>();

function* chunks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length)
    yield left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
}

async function send(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": bytes,
  });
  await pipeline(Readable.from(chunks(bytes)), response);
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bytes = 0;
  for await (const chunk of request) {
    if (bytes === 0) process.send?.({ began: true });
    bytes += (chunk as Buffer).length;
  }
  response.end(String(bytes));
}

function listen(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write("data: open\n\n");
  listeners.add(response);
  response.on("close", () => listeners.delete(response));
}

const server = createServer((request, response) => {
  const [, what, size] = (request.url ?? "").split("/");
  if (what === "send") void send(response, Number(size)).catch(() => {});
  else if (what === "receive") void receive(request, response).catch(() => response.destroy());
  else if (what === "events") listen(response);
  else response.writeHead(404).end();
});
new WebSocketServer({ server }).on("connection", (socket) => {
  socket.on("message", (data) => socket.send(data));
  socket.on("error", () => socket.terminate());
});

process.on("message", () => {
  for (const response of listeners) response.write("data: news\n\n");
  process.send?.({ told: listeners.size });
});
process.on("disconnect", () => process.exit(0));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
process.send?.({ port: (server.address() as AddressInfo).port });
