import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  MAX_MIRROR_BODY_BYTES,
  MIRROR_HEADER,
  MIRROR_TIMEOUT_MS,
  mirrorBody,
  sendMirror,
  type Shadow,
} from "../../../../src/gateway/forward/mirror.ts";
import { startFaulty } from "../../../support/faulty.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { decisionOf, nodePlatform } from "./upstream.ts";

describe("which bodies are copied", () => {
  function posted(bytes: number, headers: Record<string, string> = {}) {
    const body = new Uint8Array(bytes);
    const request = new Request("http://shop.example.com", { method: "POST", body, headers });
    return mirrorBody(request, request.body);
  }
  const read = async (body: ReadableStream | null | undefined) =>
    (await new Response(body).arrayBuffer()).byteLength;

  test("one at the limit, on both ways", async () => {
    const { main, copy } = posted(MAX_MIRROR_BODY_BYTES, {
      "content-length": String(MAX_MIRROR_BODY_BYTES),
    });
    expect(copy).toBeInstanceOf(ReadableStream);
    expect([await read(main), await read(copy)]).toEqual([
      MAX_MIRROR_BODY_BYTES,
      MAX_MIRROR_BODY_BYTES,
    ]);
  });

  test.each([
    ["a byte above it", { "content-length": String(MAX_MIRROR_BODY_BYTES + 1) }],
    ["of unknown length", {}],
    ["of a length that is none", { "content-length": "many" }],
  ])("not one %s; the main way has it whole", async (_, headers) => {
    const { main, copy } = posted(100, headers);
    expect(copy).toBeUndefined();
    expect(await read(main)).toBe(100);
  });

  test("no body is a copy at no cost", () => {
    const request = new Request("http://shop.example.com", { method: "DELETE" });
    expect(mirrorBody(request, null)).toEqual({ main: null, copy: null });
  });

  test("a WebSocket is not mirrored", () => {
    const request = new Request("http://shop.example.com", { headers: { upgrade: "websocket" } });
    expect(mirrorBody(request, null)).toEqual({ main: null, copy: undefined });
  });
});

describe("the shadow copy", () => {
  let shadow: Origin;
  beforeEach(async () => {
    shadow = await startOrigin("shadow");
  });
  afterEach(() => shadow.close());

  function copyTo(origin: unknown, changes: Partial<Shadow> = {}): Shadow {
    const { node } = decisionOf({
      origin: "http://127.0.0.1:1",
      mirror: { origin, percent: 100 },
    });
    const [only] = node.mirror ?? [];
    if (only === undefined) throw new Error("the policy has a mirror");
    return {
      to: only.to,
      path: "/cart",
      search: "?a=1",
      method: "GET",
      headers: new Headers({ "x-own": "kept" }),
      body: null,
      connected: {},
      ...changes,
    };
  }

  test("is marked, and has what the request had", async () => {
    const body = new Response("an order").arrayBuffer();
    await sendMirror(nodePlatform(), copyTo(`${shadow.url}/base`, { method: "POST", body }));
    const [request] = shadow.requests;
    expect([request?.method, request?.url, request?.bytes]).toEqual(["POST", "/base/cart?a=1", 8]);
    expect(request?.headers).toMatchObject({
      [MIRROR_HEADER]: ["true"],
      "x-own": ["kept"],
      "content-length": ["8"],
    });
  });

  // That no edit may touch the mark is the policy's own rule.
  test("gets its own origin's header changes, and its mark", async () => {
    const set = { "x-shadow": "yes" };
    await sendMirror(nodePlatform(), copyTo({ url: shadow.url, headers: { request: { set } } }));
    expect(shadow.requests[0]?.headers).toMatchObject({
      "x-shadow": ["yes"],
      [MIRROR_HEADER]: ["true"],
    });
  });

  test("is not followed and not retried", async () => {
    const platform = nodePlatform();
    await sendMirror(platform, copyTo(shadow.url, { path: "/redirect", search: "?to=/elsewhere" }));
    await sendMirror(platform, copyTo(shadow.url, { path: "/status/503", search: "" }));
    expect(shadow.requests.map(({ url }) => url)).toEqual([
      "/redirect?to=/elsewhere",
      "/status/503",
    ]);
  });

  test.each(["refuse", "reset-before-head", "garbage", "wrong-length"] as const)(
    "%s is nobody's error",
    async (fault) => {
      const origin = await startFaulty("shadow", { fault });
      try {
        await expect(sendMirror(nodePlatform(), copyTo(origin.url))).resolves.toBeUndefined();
      } finally {
        await origin.close();
      }
    },
  );

  test("is given up after the time-out of its origin, and after MIRROR_TIMEOUT_MS", async () => {
    const origin = await startFaulty("shadow", { fault: "hang" });
    try {
      const begin = performance.now();
      await sendMirror(nodePlatform(), copyTo({ url: origin.url, timeoutMs: 50 }));
      expect(performance.now() - begin).toBeLessThan(500);
      // A Worker may run on for 30 s after its response.
      expect(MIRROR_TIMEOUT_MS).toBeLessThan(30_000);
    } finally {
      await origin.close();
    }
  });

  test("a body that breaks off is nobody's error", async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.error(new Error("the visitor hung up")),
    });
    const body = new Response(stream).arrayBuffer();
    await sendMirror(nodePlatform(), copyTo(shadow.url, { method: "POST", body }));
    expect(shadow.requests).toHaveLength(0);
  });
});
