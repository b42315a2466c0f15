import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, test, vi } from "vitest";

import { Complaints } from "../../../../src/demo/traffic/complaints.ts";
import { startTraffic, type Traffic } from "../../../../src/demo/traffic/traffic.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A server in the gateway's place. */
async function serve(handler: Handler): Promise<number> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  ended.push(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

function start(port: number, keys: readonly string[], told: string[] = []): Traffic {
  const traffic = startTraffic({ port, keys, seed: 1, tell: (line) => told.push(line) });
  ended.unshift(() => traffic.stop());
  return traffic;
}

describe("the demo's own traffic", () => {
  test("navigates as browsers do, each visitor from an address and with cookies of their own", async () => {
    const seen: IncomingMessage[] = [];
    const again = Promise.withResolvers<IncomingMessage>();
    const port = await serve((request, response) => {
      seen.push(request);
      if (request.headers.cookie !== undefined) again.resolve(request);
      const id = String(request.headers["cf-connecting-ip"]).replaceAll(/\W/g, "_");
      response.setHeader("x-variant", "bold");
      response.setHeader("set-cookie", `sy=${id}; Path=/; HttpOnly`);
      response.end("a page");
    });
    start(port, ["ab.localhost"]);
    const { headers, url } = await again.promise;
    const address = String(headers["cf-connecting-ip"]);
    expect(headers.cookie).toBe(`sy=${address.replaceAll(/\W/g, "_")}`);
    expect(headers.host).toBe(`ab.localhost:${port}`);
    expect(headers["sec-fetch-dest"]).toBe("document");
    expect(url).toMatch(/^\/(?:checkout\/done\?order=\d+)?$/);
    const first = seen.filter(({ headers: { cookie } }) => cookie === undefined);
    const addresses = first.map((request) => request.headers["cf-connecting-ip"]);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test("lets nobody in while 128 visitors wait for an answer, and ends with all of them", async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    let arrived = 0;
    const port = await serve((_request, response) => {
      held.push(response);
      arrived += 1;
      most = Math.max(most, held.length);
      response.once("close", () => held.splice(held.indexOf(response), 1));
    });
    const keys = Array.from({ length: 300 }, (_, n) => `route${n}.localhost`);
    const traffic = start(port, keys);
    await expect.poll(() => arrived).toBe(128);
    for (let more = 1; more <= 3; more += 1) {
      // Cut off, so that this visitor asks for nothing more.
      held[0]?.destroy();
      await expect.poll(() => arrived).toBe(128 + more);
    }
    expect(most).toBe(128);
    traffic.stop();
    // Well before a visitor would lose patience.
    await expect.poll(() => held.length, { timeout: 5_000 }).toBe(0);
  });

  test("goes on where nothing answers, and says so in one line", () => {
    vi.useFakeTimers();
    ended.push(() => void vi.useRealTimers());
    const told: string[] = [];
    const complaints = new Complaints((line) => told.push(line));
    const refused = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    for (let n = 0; n < 3; n += 1) complaints.add("ab.localhost", refused);
    vi.advanceTimersByTime(9_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    const line = (requests: string) =>
      `The demo's own traffic: ${requests} in 10 s had no answer; the first, to ab.localhost: connect ECONNREFUSED`;
    expect(told).toEqual([line("3 requests")]);
    complaints.add("ab.localhost", refused);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([line("3 requests"), line("1 request")]);
    complaints.add("ab.localhost", refused);
    complaints.end();
    vi.advanceTimersByTime(10_000);
    expect(told).toHaveLength(2);
  });

  test("counts requests that were cut off as failed, and never throws", async () => {
    const told: string[] = [];
    let cut = 0;
    const port = await serve((_request, response) => {
      cut += 1;
      // After the head, before the head.
      if (cut % 2 === 0) response.write("half", () => response.destroy());
      else response.destroy();
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    ended.push(() => void vi.useRealTimers());
    start(port, ["ab.localhost"], told);
    await expect.poll(() => cut).toBeGreaterThan(6);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual([expect.stringMatching(/^The demo's own traffic: \d+ requests in 10 s/)]);
  });
});
