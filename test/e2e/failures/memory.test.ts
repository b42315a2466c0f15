import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EJECTION_MS, FAILURES_TO_EJECT } from "../../../src/gateway/forward/health.ts";
import { startFaulty, type Faulty } from "../../support/faulty.ts";
import { openJar } from "../../support/jar.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { see } from "./seen.ts";

const TIMEOUT_MS = 600;
/** An answer faster than this has waited for no time-out. */
const QUICK_MS = TIMEOUT_MS;

let stable: Faulty;
let canary: Faulty;
let gateway: BareGateway;
let shadow: Faulty;

beforeAll(async () => {
  [stable, canary, shadow] = await Promise.all([
    startFaulty("stable"),
    startFaulty("canary"),
    startFaulty("shadow"),
  ]);
  const split = {
    strategy: "canary",
    stable: stable.url,
    canary: canary.url,
    percent: 100,
    timeoutMs: TIMEOUT_MS,
  };
  gateway = await startBare({
    policies: {
      split,
      pinned: { ...split, sticky: { mode: "pin" } },
      mirrored: { ...split, mirror: { origin: shadow.url, percent: 100 } },
      only: { origin: canary.url, timeoutMs: TIMEOUT_MS },
    },
  });
});
afterAll(() => Promise.all([gateway?.close(), stable?.close(), canary?.close(), shadow?.close()]));

/** One good answer, which it gives where it is the only way, and the canary's past is forgotten. */
beforeEach(async () => {
  await Promise.all([canary.set("good"), stable.set("refuse")]);
  for (const route of ["split", "pinned", "mirrored"]) await see(`${gateway.url}/${route}/`);
  await stable.set("good");
});

let visitors = 0;
/** An address that nobody before has come from. */
function newAddress(): string {
  visitors += 1;
  return `198.51.${visitors >> 8}.${visitors & 255}`;
}

/** A visitor of their own for each visit. */
const visitSplit = (options = {}) =>
  see(`${gateway.url}/split/`, { ...options, headers: { "cf-connecting-ip": newAddress() } });

/** Visitors one after the other, until the canary is known to be down. */
async function untilDown(): Promise<number[]> {
  const waits: number[] = [];
  for (let i = 0; i < FAILURES_TO_EJECT; i++) {
    const { answer, by, insteadOf, headMs } = await visitSplit();
    expect([answer, by, insteadOf]).toEqual(["200", "stable", "canary"]);
    waits.push(headMs);
  }
  return waits;
}

describe("a canary that hangs", () => {
  test("costs the first few visitors a time-out, and nobody after them", async () => {
    await canary.set("hang");
    const waits = await untilDown();
    expect(Math.min(...waits)).toBeGreaterThan(TIMEOUT_MS * 0.9);
    const before = canary.connections;
    for (let i = 0; i < 20; i++) {
      const { answer, by, insteadOf, headMs } = await visitSplit();
      expect([answer, by, insteadOf]).toEqual(["200", "stable", "canary"]);
      expect(headMs).toBeLessThan(QUICK_MS);
    }
    expect(canary.connections).toBe(before);
    await expect
      .poll(() => gateway.log())
      .toMatch(/an origin is down; other ways go first.*"failure":"timeout"/);
  });

  test("saves orders too, once it is known: they go to the rescuer at once", async () => {
    await canary.set("hang");
    await untilDown();
    const { answer, by, headMs } = await visitSplit({ body: "an order" });
    expect([answer, by]).toEqual(["200", "stable"]);
    expect(headMs).toBeLessThan(QUICK_MS);
    expect(canary.requests).not.toContain("POST /");
  });

  test("is probed by one visitor, never by an order, and comes back when that goes well", async () => {
    await canary.set("hang");
    await untilDown();
    await sleep(EJECTION_MS);
    const before = canary.requests.length;
    const order = await visitSplit({ body: "an order" });
    expect([order.answer, order.by]).toEqual(["200", "stable"]);
    expect(canary.requests).toHaveLength(before);

    canary.next("slow-head");
    await canary.set("good");
    const seen = await Promise.all(Array.from({ length: 10 }, () => visitSplit()));
    expect(canary.requests).toHaveLength(before + 1);
    expect(seen.filter(({ by }) => by === "canary")).toHaveLength(1);
    expect(seen.every(({ answer }) => answer === "200")).toBe(true);

    const after = await visitSplit();
    expect([after.answer, after.by, after.insteadOf]).toEqual(["200", "canary", undefined]);
    await expect.poll(() => gateway.log()).toMatch(/an origin answers again/);
  });

  test("is tried after all where stable fails as well", async () => {
    await canary.set("refuse");
    await untilDown();
    await Promise.all([canary.set("good"), stable.set("refuse")]);
    const { answer, by } = await visitSplit();
    await stable.set("good");
    expect([answer, by]).toEqual(["200", "canary"]);
  });
});

test("an only origin is always tried, and works the moment it is back", async () => {
  await canary.set("refuse");
  for (let i = 0; i < 3 * FAILURES_TO_EJECT; i++) {
    expect((await see(`${gateway.url}/only/`)).answer).toBe("502 origin-unreachable");
  }
  await canary.set("good");
  expect((await see(`${gateway.url}/only/`)).answer).toBe("200");
});

test("a rescued visitor stays the canary's: the pin names it, and it serves again", async () => {
  const jar = openJar();
  const url = `${gateway.url}/pinned/`;
  await canary.set("refuse");
  const rescued = await see(url, { jar });
  expect([rescued.by, rescued.insteadOf]).toEqual(["stable", "canary"]);
  const cookie = await jar.getCookieString(url);
  await canary.set("good");
  const again = await see(url, { jar });
  expect([again.by, again.head.header("x-reason")]).toEqual(["canary", "pinned"]);
  expect(await jar.getCookieString(url)).toBe(cookie);
});

describe("a visitor cannot declare an origin dead", () => {
  test("by asking for what fails, however often, with or without a cookie", async () => {
    await canary.set("503");
    const headers = { "cf-connecting-ip": newAddress() };
    for (let i = 0; i < 4 * FAILURES_TO_EJECT; i++)
      expect((await see(`${gateway.url}/split/`, { headers })).by).toBe("stable");
    const jar = openJar();
    for (let i = 0; i < 4 * FAILURES_TO_EJECT; i++)
      await see(`${gateway.url}/split/`, { jar, headers });
    await canary.set("good");
    expect((await visitSplit()).by).toBe("canary");
  });

  test("of another route: that one's failures are its own", async () => {
    await canary.set("503");
    await untilDown();
    await canary.set("good");
    const other = { headers: { "cf-connecting-ip": newAddress() } };
    expect((await see(`${gateway.url}/pinned/`, other)).by).toBe("canary");
    expect((await visitSplit()).by).toBe("stable");
  });

  /** Promises a body and sends a part of it; true once the gateway has answered or `waitMs` is over. */
  function upload(path: string, waitMs: number): Promise<string> {
    return new Promise((resolve) => {
      let answer = "";
      const socket = connect(gateway.port, "127.0.0.1", () => {
        const from = `cf-connecting-ip: ${newAddress()}`;
        const head = `POST ${path} HTTP/1.1\r\nhost: a\r\n${from}\r\ncontent-length: 1000`;
        socket.write(`${head}\r\n\r\nbegun`);
      });
      socket.on("error", () => {});
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
      });
      setTimeout(() => {
        socket.resetAndDestroy();
        resolve(answer.split("\r\n", 1)[0] ?? "");
      }, waitMs);
    });
  }

  test("by WebSocket handshakes that fail, however many visitors try", async () => {
    await canary.set("reset-before-head");
    const shake = async () =>
      see(`${gateway.url}/split/`, {
        headers: {
          "cf-connecting-ip": newAddress(),
          connection: "upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
      });
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++) await shake().catch(() => undefined);
    await canary.set("good");
    expect((await visitSplit()).by).toBe("canary");
  });

  test("by large uploads that it refuses early, however many visitors try", async () => {
    await canary.set("reset-before-head");
    const body = Buffer.alloc(1_000_000, "x");
    for (let i = 0; i < 2 * FAILURES_TO_EJECT; i++)
      await visitSplit({ body }).catch(() => undefined);
    await canary.set("good");
    expect((await visitSplit()).by).toBe("canary");
  });

  test("by a page that hangs and becomes the probe: others come through beside it", async () => {
    await canary.set("503");
    await untilDown();
    await canary.set("good");
    await sleep(EJECTION_MS);
    canary.next("hang");
    const patient = { headers: { "cf-connecting-ip": newAddress() } };
    const poison = see(`${gateway.url}/split/`, patient);
    await expect.poll(async () => (await visitSplit()).by, { timeout: 3000 }).toBe("canary");
    expect((await poison).answer).toBe("200");
    expect((await visitSplit()).by).toBe("canary");
  });

  test.each([
    ["by uploading slowly", "/split/", TIMEOUT_MS * 2, ""],
    ["by hanging up on an upload", "/split/", TIMEOUT_MS / 4, ""],
    ["by hanging up on one that is mirrored", "/mirrored/", TIMEOUT_MS / 4, ""],
  ])("%s", async (_, path, waitMs, status) => {
    const uploads = Array.from({ length: 2 * FAILURES_TO_EJECT }, () => upload(path, waitMs));
    expect(new Set(await Promise.all(uploads))).toEqual(new Set([status]));
    await sleep(TIMEOUT_MS);
    const { answer, by, insteadOf } = await visitSplit();
    expect([answer, by, insteadOf]).toEqual(["200", "canary", undefined]);
  });
});
