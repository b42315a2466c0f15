import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { frames } from "./frames.ts";

export interface Load {
  /** Sends that many requests more of the rotation, one under way per connection; the seconds it took. Rejects unless every answer is a 200. */
  send(count: number): Promise<number>;
  close(): void;
}

interface Lane {
  readonly socket: Socket;
  onAnswer: (head: string, body: string) => void;
  onError: (error: Error) => void;
}

async function openLane(port: number): Promise<Lane> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(opened));
    opened.once("error", reject);
  });
  const lane: Lane = { socket, onAnswer: () => {}, onError: () => {} };
  socket.on(
    "data",
    frames((head, body) => lane.onAnswer(head, body)),
  );
  socket.on("error", (error) => lane.onError(error));
  socket.on("close", () => lane.onError(new Error("the Worker closed a connection in use")));
  return lane;
}

/** workerd closes a connection that has been idle for five seconds. */
const isOpen = ({ socket }: Lane) => socket.readyState === "open";

/** Keep-alive connections to a Worker, opened when first used, for one burst after the other. */
export function openLoad(port: number, requests: readonly Buffer[], connections: number): Load {
  let lanes: Lane[] = [];
  let at = 0;
  return {
    send: async (count) => {
      const kept = lanes.filter(isOpen);
      const opened = Array.from({ length: connections - kept.length }, () => openLane(port));
      lanes = [...kept, ...(await Promise.all(opened))];
      const end = at + count;
      const begun = performance.now();
      const run = (lane: Lane) =>
        new Promise<void>((resolve, reject) => {
          const next = () => {
            const request = requests[at % requests.length];
            if (at === end || request === undefined) return resolve();
            at += 1;
            lane.socket.write(request);
          };
          lane.onAnswer = (head, body) => {
            if (head.startsWith("HTTP/1.1 200")) next();
            else reject(new Error(`not answered with 200: ${head}\n${body}`));
          };
          lane.onError = reject;
          next();
        });
      await Promise.all(lanes.map(run));
      return (performance.now() - begun) / 1000;
    },
    close: () => {
      for (const { socket } of lanes) socket.removeAllListeners("close").destroy();
    },
  };
}
