import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import { HOST } from "../requests.ts";
import type { StreamOrigin } from "./origin-client.ts";

/** Long connections that do nothing until asked. */
export interface Idle {
  /** How many of them still work, asked one and all. */
  answering(): Promise<number>;
  close(): void;
}

/** Opened at a time: an origin accepts no more than its backlog holds. */
const AT_A_TIME = 50;

async function openAll<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < count) {
    const more = Math.min(AT_A_TIME, count - all.length);
    all.push(
      ...(await Promise.all(Array.from({ length: more }, (_, at) => open(at + all.length)))),
    );
  }
  return all;
}

/** So many WebSockets through a Worker. */
export async function idleSockets(port: number, count: number): Promise<Idle> {
  const sockets = await openAll(count, async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: HOST } });
    await once(socket, "open");
    return socket;
  });
  return {
    answering: async () => {
      const echoes = sockets.map(async (socket, index) => {
        const echoed = once(socket, "message") as Promise<[Buffer]>;
        socket.send(`${index}`);
        const [data] = await echoed;
        return data.toString() === `${index}`;
      });
      return (await Promise.all(echoes)).filter(Boolean).length;
    },
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** So many streams of events through a Worker. */
export async function idleEvents(port: number, count: number, origin: StreamOrigin): Promise<Idle> {
  const streams = await openAll(count, async () => {
    const sent = request({ port, host: "127.0.0.1", path: "/events", headers: { host: HOST } });
    const [answer] = (await once(sent.end(), "response")) as [IncomingMessage];
    await once(answer, "data");
    return { sent, answer };
  });
  return {
    answering: async () => {
      const heard = streams.map(async ({ answer }) => {
        const [data] = (await once(answer, "data")) as [Buffer];
        return data.toString().includes("news");
      });
      await origin.tell();
      return (await Promise.all(heard)).filter(Boolean).length;
    },
    close: () => {
      for (const { sent } of streams) sent.on("error", () => {}).destroy();
    },
  };
}
