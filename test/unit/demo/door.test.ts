import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { openDoor } from "../../../src/demo/door.ts";

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Who lives behind the door, with what is done for each visitor; gives their port. */
async function behind(serve: (visitor: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return portOf(server);
}

/** A port that is free. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

async function visitorOf(port: number, to: number): Promise<Socket> {
  const door = await openDoor(port, to);
  onTestFinished(door.close);
  const visitor = connect({ port, host: "127.0.0.1" });
  await once(visitor, "connect");
  return visitor;
}

/** How a connection ended: by an error, or without. */
async function endOf(socket: Socket): Promise<string> {
  const broken = once(socket, "error").then(([error]) => (error as NodeJS.ErrnoException).code);
  const closed = once(socket, "close").then(() => "closed");
  socket.resume();
  return (await Promise.race([broken, closed])) ?? "";
}

test("an answer comes after the visitor has said all, byte for byte", async () => {
  const to = await behind((visitor) => void text(visitor).then((all) => visitor.end(`got ${all}`)));
  const visitor = await visitorOf(await freePort(), to);
  const sent = "x".repeat(300_000);
  visitor.end(sent);
  expect(await text(visitor)).toBe(`got ${sent}`);
});

test("where a visitor breaks off, whoever is behind the door is told", async () => {
  const seen = Promise.withResolvers<Socket>();
  const to = await behind((visitor) => seen.resolve(visitor));
  const visitor = await visitorOf(await freePort(), to);
  const inside = await seen.promise;
  const end = endOf(inside);
  visitor.resetAndDestroy();
  expect(await end).toBe("ECONNRESET");
});

test("where an answer breaks off, the visitor does not take it for a whole one", async () => {
  const to = await behind((visitor) => visitor.write("half", () => visitor.resetAndDestroy()));
  const visitor = await visitorOf(await freePort(), to);
  expect(await endOf(visitor)).toBe("ECONNRESET");
});

test("where nobody lives behind it, a visitor is turned away", async () => {
  const visitor = await visitorOf(await freePort(), await freePort());
  expect(await endOf(visitor)).toBe("ECONNRESET");
});

test("a port that is taken is none for a door", async () => {
  const taken = await behind(() => undefined);
  await expect(openDoor(taken, taken)).rejects.toThrow("EADDRINUSE");
});
