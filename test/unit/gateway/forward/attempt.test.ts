import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { attempt, discard } from "../../../../src/gateway/forward/attempt.ts";
import { startFaulty, type Fault, type Faulty } from "../../../support/faulty.ts";
import { startOrigin } from "../../../support/origin.ts";
import { nodePlatform } from "./upstream.ts";

const TIMEOUT_MS = 300;
const STEP_MS = 15;
const platform = nodePlatform();

let origin: Faulty | undefined;
afterEach(async () => origin?.close());

const GOOD = "200 canary is well and answers in full\n";

/**
 * What one try against each fault comes to: the answer where there is one, then the failure. Only a
 * failing head is a failure: what happens to a body after it is between visitor and origin.
 */
const EXPECTED: Readonly<Record<Fault, readonly [answer: string | undefined, failure: unknown]>> = {
  good: [GOOD, undefined],
  refuse: [undefined, "network"],
  "reset-before-head": [undefined, "network"],
  "reset-mid-body": ["200 cut off", undefined],
  "slow-head": [GOOD, undefined],
  hang: [undefined, "timeout"],
  "slow-body": [GOOD, undefined],
  garbage: [undefined, "network"],
  "wrong-length": ["200 cut off", undefined],
  "endless-headers": [undefined, "network"],
  "close-after-continue": [undefined, "network"],
  "500": ["500 500", 500],
  "502": ["502 502", 502],
  "503": ["503 503", 503],
  "504": ["504 504", 504],
};

async function answerOf(response: Response | undefined): Promise<string | undefined> {
  if (response === undefined) return undefined;
  const body = await response.text().catch(() => "cut off");
  return `${response.status} ${body}`;
}

describe("one try against a real origin", () => {
  test.each(Object.entries(EXPECTED))("%s", async (fault, expected) => {
    origin = await startFaulty("canary", { fault: fault as Fault, stepMs: STEP_MS });
    const { response, failure } = await attempt(
      platform,
      { url: origin.url, init: {} },
      TIMEOUT_MS,
    );
    expect([await answerOf(response), failure]).toEqual(expected);
  });

  test("the time-out is until the head: a body may take longer", async () => {
    origin = await startFaulty("canary", { fault: "slow-body", stepMs: STEP_MS });
    const begin = performance.now();
    const { response } = await attempt(platform, { url: origin.url, init: {} }, TIMEOUT_MS);
    expect(await answerOf(response)).toBe(GOOD);
    expect(performance.now() - begin).toBeGreaterThan(TIMEOUT_MS);
  });

  test("a hanging origin costs the time-out and no more", async () => {
    origin = await startFaulty("canary", { fault: "hang" });
    const begin = performance.now();
    await attempt(platform, { url: origin.url, init: {} }, TIMEOUT_MS);
    const took = performance.now() - begin;
    expect(took).toBeGreaterThan(TIMEOUT_MS * 0.9);
    expect(took).toBeLessThan(TIMEOUT_MS * 4);
  });
});

describe("statuses of the edge and of the origin", () => {
  test.each([
    [200, undefined],
    [404, undefined],
    [500, 500],
    [501, 501],
    [505, 505],
    [508, 508],
    [521, "network"],
    [520, "network"],
    [522, "timeout"],
    [523, "network"],
    [524, "timeout"],
    [525, "network"],
    [526, "network"],
    [530, "network"],
    [519, 519],
    [531, 531],
  ])("%i is %s", async (status, expected) => {
    const real = await startOrigin("canary");
    try {
      const request = { url: `${real.url}/status/${status}`, init: {} };
      const { response, failure } = await attempt(platform, request, TIMEOUT_MS * 10);
      expect(failure).toBe(expected);
      expect(response?.status).toBe(typeof expected === "string" ? undefined : status);
      await discard(response);
    } finally {
      await real.close();
    }
  });
});

describe("discard", () => {
  test("lets go of the connection of an answer that never ends", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((_, response) => response.writeHead(200).write("for ever"));
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}`);
      expect(sockets.size).toBe(1);
      await discard(response);
      await expect.poll(() => sockets.size).toBe(0);
    } finally {
      server.close();
    }
  });

  test("takes an answer whose body is broken, empty or absent", async () => {
    origin = await startFaulty("canary", { fault: "wrong-length" });
    const read = new Response("read");
    await read.text();
    for (const response of [await fetch(origin.url), new Response(null), read, undefined]) {
      await expect(discard(response)).resolves.toBeUndefined();
    }
  });
});
