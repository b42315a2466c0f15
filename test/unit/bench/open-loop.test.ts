import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { uniform } from "../../bench/draws.ts";
import { arrivals, openLoop } from "../../bench/open-loop.ts";

const REQUEST = Buffer.from("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
const answer = (status: string) => `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`;

let server: Server | undefined;
afterEach(async () => {
  const started = server;
  server = undefined;
  if (started !== undefined) await new Promise((resolve) => void started.close(resolve));
});

/** A server that answers through `respond`; its port. */
async function serve(respond: (socket: Socket) => void): Promise<number> {
  const started = createServer((socket) => {
    socket.on("data", () => respond(socket));
    socket.on("error", () => {});
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  const address = started.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("arrivals", () => {
  test("are in order, within the window, and as many as the rate says", () => {
    const due = arrivals(1000, 10, uniform(1));
    expect(due.every((at, index) => at >= (due[index - 1] ?? 0) && at < 10_000)).toBe(true);
    // 10 000 on average, with a standard deviation of 100.
    expect(Math.abs(due.length - 10_000)).toBeLessThan(400);
  });

  test("are the same for the same seed", () => {
    expect(arrivals(100, 1, uniform(3))).toEqual(arrivals(100, 1, uniform(3)));
  });
});

describe("open-loop load", () => {
  test("has an answer for everything that was due", async () => {
    const port = await serve((socket) => socket.write(answer("200 OK")));
    const seen = await openLoop(port, [REQUEST], arrivals(500, 0.2, uniform(1)));
    expect(seen.latencies).toHaveLength(arrivals(500, 0.2, uniform(1)).length);
    expect(seen.unanswered).toBe(0);
  });

  test("goes on asking while a server stands still, and counts the wait of all who were due meanwhile", async () => {
    const held: Socket[] = [];
    let open = false;
    const port = await serve((socket) => {
      if (open) socket.write(answer("200 OK"));
      else held.push(socket);
      if (held.length < 20 || open) return;
      // The twentieth lets all go: a client that waits for answers would never have sent it.
      open = true;
      for (const one of held) one.write(answer("200 OK"));
    });
    const due = Array.from({ length: 20 }, (_, index) => index * 10);
    const { latencies, unanswered } = await openLoop(port, [REQUEST], due);
    expect(unanswered).toBe(0);
    const sorted = latencies.toSorted((a, b) => b - a);
    // The first was due 190 ms before the twentieth, and the tenth 100 ms before it.
    expect(sorted[0]).toBeGreaterThanOrEqual(190);
    expect(sorted[9]).toBeGreaterThanOrEqual(100);
  });

  test("ends where an answer is not a 200", async () => {
    const port = await serve((socket) => socket.write(answer("503 Service Unavailable")));
    await expect(openLoop(port, [REQUEST], [0, 1])).rejects.toThrow("503");
  });
});
