import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bucket, SEED } from "../../src/lib/hash.ts";
import {
  MAX_MIRROR_BODY_BYTES,
  MIRROR_HEADER,
  MIRROR_TIMEOUT_MS,
} from "../../src/gateway/forward/mirror.ts";
import { startFaulty, type Fault, type Faulty } from "../support/faulty.ts";
import { visit, type VisitOptions } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { startBare, type BareGateway } from "./hostile/bare.ts";

/** How much a broken shadow may add to the median answer (ms): less than any wait for it would. */
const MAX_ADDED_MS = 100;
const PERCENT = 30;

let main: Origin;
let other: Origin;
let shadow: Origin;
let second: Origin;
let broken: Faulty;
let flaky: Faulty;
let gateway: BareGateway;

beforeAll(async () => {
  [main, other, shadow, second, broken, flaky] = await Promise.all([
    startOrigin("main"),
    startOrigin("other"),
    startOrigin("shadow", (request, response, next) => {
      response.setHeader("set-cookie", "shadow=1");
      if (request.url === "/copy/moved") response.writeHead(302, { location: "/elsewhere" }).end();
      else if (request.url === "/copy/busy") response.writeHead(503).end();
      else next();
    }),
    startOrigin("second"),
    startFaulty("broken"),
    startFaulty("flaky"),
  ]);
  const mirror = { origin: `${shadow.url}/copy`, percent: 100 };
  gateway = await startBare({
    levels: true,
    policies: {
      plain: { origin: main.url },
      mirrored: { origin: main.url, mirror },
      retried: { origin: flaky.url, mirror, retry: { attempts: 2 } },
      several: {
        origin: main.url,
        mirror: [
          mirror,
          {
            origin: { url: `${second.url}/two`, headers: { request: { set: { "x-own": "two" } } } },
            percent: 100,
          },
          { origin: { url: other.url, rewrite: { path: "/three" } }, percent: 100 },
          { origin: broken.url, percent: 100 },
        ],
      },
      shares: {
        origin: main.url,
        salt: "shares",
        sticky: { by: [{ header: "x-visitor" }] },
        mirror: [
          { origin: shadow.url, percent: PERCENT },
          { origin: second.url, percent: 2 * PERCENT },
        ],
      },
      broken: { origin: main.url, mirror: { origin: broken.url, percent: 100 } },
      some: {
        strategy: "canary",
        stable: main.url,
        canary: other.url,
        percent: PERCENT,
        salt: "some",
        sticky: { by: [{ header: "x-visitor" }] },
        mirror: { origin: shadow.url, percent: PERCENT },
      },
    },
  });
});
afterAll(() =>
  Promise.all([gateway, main, other, shadow, second, broken, flaky].map((one) => one?.close())),
);
beforeEach(() => {
  for (const origin of [main, other, shadow, second]) origin.forget();
});

const ask = (route: string, options: VisitOptions = {}) =>
  visit(`${gateway.url}/${route}/cart?a=1`, options);

/** The shadow's only request, once it is there whole. */
async function copied() {
  await expect.poll(() => shadow.requests.filter(({ complete }) => complete).length).toBe(1);
  expect(shadow.requests).toHaveLength(1);
  return shadow.requests[0];
}

/** A copy that is not to come has had the time of one that does. */
async function notCopied() {
  await ask("mirrored", { path: "/mirrored/last" });
  const last = await copied();
  expect(last?.url).toBe("/copy/last");
}

describe("what is copied", () => {
  test.each(["GET", "HEAD", "DELETE", "OPTIONS", "POST"])("a %s without a body", async (method) => {
    await ask("mirrored", { method, headers: { "x-own": "kept", cookie: "cart=7" } });
    const copy = await copied();
    expect([copy?.method, copy?.url, copy?.bytes]).toEqual([method, "/copy/cart?a=1", 0]);
    expect(copy?.headers).toMatchObject({ "x-own": ["kept"], cookie: ["cart=7"] });
  });

  test.each([1, MAX_MIRROR_BODY_BYTES])("a body of %i bytes, whole, on both ways", async (size) => {
    const body = randomBytes(size);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const answer = await ask("mirrored", { body });
    expect(answer.echo().body).toEqual({ bytes: size, sha256 });
    const copy = await copied();
    expect([copy?.bytes, copy?.sha256]).toEqual([size, sha256]);
    expect(copy?.headers["content-length"]).toEqual([String(size)]);
    expect(main.requests[0]?.headers["content-length"]).toEqual([String(size)]);
  });

  test("not a body a byte larger; the main way has it whole", async () => {
    const body = randomBytes(MAX_MIRROR_BODY_BYTES + 1);
    const answer = await ask("mirrored", { body });
    expect(answer.echo().body.bytes).toBe(MAX_MIRROR_BODY_BYTES + 1);
    await notCopied();
  });

  test("not a body in chunks, however small", async () => {
    const body = Readable.from(["in ", "chunks"]);
    const answer = await ask("mirrored", { body, headers: { "transfer-encoding": "chunked" } });
    expect(answer.echo().body.bytes).toBe(9);
    await notCopied();
  });

  test("a percentage of visitors, drawn with a seed of its own", async () => {
    const visitors = Array.from({ length: 200 }, (_, i) => `visitor-${i}`);
    const chosen = (seed: number) =>
      visitors.filter((visitor) => bucket(seed, "some", visitor) * 100 < PERCENT).toSorted();
    for (const visitor of visitors) await ask("some", { headers: { "x-visitor": visitor } });
    const asked = (origin: Origin) =>
      origin.requests.map(({ headers }) => headers["x-visitor"]?.[0] ?? "").toSorted();
    await expect.poll(() => asked(shadow)).toEqual(chosen(SEED.mirror));
    expect(asked(other)).toEqual(chosen(SEED.split));
    expect(asked(shadow)).not.toEqual(asked(other));
  });
});

describe("several mirrors", () => {
  test.each(["refuse", "hang"] as const)(
    "each get the body whole while one of them meets: %s",
    async (fault) => {
      await broken.set(fault);
      const body = randomBytes(MAX_MIRROR_BODY_BYTES);
      const sha256 = createHash("sha256").update(body).digest("hex");
      const begin = performance.now();
      const answer = await ask("several", { body, headers: { "x-own": "kept" } });
      expect(performance.now() - begin).toBeLessThan(MIRROR_TIMEOUT_MS / 2);
      expect(answer.echo().body).toEqual({ bytes: body.byteLength, sha256 });
      await copied();
      const got = [shadow, second, other];
      await expect
        .poll(() => got.map(({ requests }) => requests[0]?.sha256))
        .toEqual([sha256, sha256, sha256]);
      expect(got.map(({ requests }) => requests.map(({ url }) => url))).toEqual([
        ["/copy/cart?a=1"],
        ["/two/cart?a=1"],
        ["/three?a=1"],
      ]);
      expect(got.map(({ requests }) => requests[0]?.headers["x-own"])).toEqual([
        ["kept"],
        ["two"],
        ["kept"],
      ]);
    },
  );

  test("each a share of its own by one draw, so that the smaller lies in the larger", async () => {
    const visitors = Array.from({ length: 200 }, (_, i) => `visitor-${i}`);
    const chosen = (percent: number) =>
      visitors.filter((one) => bucket(SEED.mirror, "shares", one) * 100 < percent).toSorted();
    for (const visitor of visitors) await ask("shares", { headers: { "x-visitor": visitor } });
    const asked = (origin: Origin) =>
      origin.requests.map(({ headers }) => headers["x-visitor"]?.[0] ?? "").toSorted();
    await expect.poll(() => asked(shadow)).toEqual(chosen(PERCENT));
    await expect.poll(() => asked(second)).toEqual(chosen(2 * PERCENT));
  });
});

describe("how it is copied", () => {
  test("marked for the shadow, and for nobody else", async () => {
    await ask("mirrored", { headers: { [MIRROR_HEADER]: "forged" } });
    expect((await copied())?.headers[MIRROR_HEADER]).toEqual(["true"]);
    expect(main.requests[0]?.headers[MIRROR_HEADER]).toBeUndefined();
  });

  test("the shadow's answer reaches nobody", async () => {
    const answer = await ask("mirrored");
    expect(answer.echo().origin).toBe("main");
    expect(answer.header("set-cookie")).toBeUndefined();
    // Waited for, so that it does not come into the next test.
    await copied();
  });

  test("not followed", async () => {
    await ask("mirrored", { path: "/mirrored/moved" });
    expect(await copies()).toEqual(["/copy/moved", "/copy/last"]);
  });

  test("not retried", async () => {
    await ask("mirrored", { path: "/mirrored/busy" });
    expect(await copies()).toEqual(["/copy/busy", "/copy/last"]);
  });

  test("once, however often the main request is retried", async () => {
    flaky.next("503", "reset-before-head");
    expect((await ask("retried")).status).toBe(200);
    expect(await copies()).toEqual(["/copy/cart?a=1", "/copy/last"]);
  });

  /** What came to the shadow, once what comes later than all of it has come. */
  async function copies(): Promise<string[]> {
    await expect.poll(() => shadow.requests.length).toBeGreaterThan(0);
    await ask("mirrored", { path: "/mirrored/last" });
    await expect.poll(() => shadow.requests.at(-1)?.url).toBe("/copy/last");
    return shadow.requests.map(({ url }) => url);
  }
});

describe("a shadow that fails", () => {
  const FAULTS: readonly Fault[] = [
    "refuse",
    "reset-before-head",
    "hang",
    "slow-body",
    "garbage",
    "endless-headers",
    "wrong-length",
    "503",
  ];

  async function medianMs(route: string, options: VisitOptions): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 31; i++) {
      const begin = performance.now();
      const answer = await ask(route, options);
      times.push(performance.now() - begin);
      expect([answer.status, answer.echo().origin]).toEqual([200, "main"]);
    }
    return times.toSorted((a, b) => a - b)[15] ?? Number.NaN;
  }

  test.each(FAULTS)("%s: the main request neither fails nor waits", async (fault) => {
    await broken.set(fault);
    for (const options of [{}, { body: randomBytes(10_000) }]) {
      const alone = await medianMs("plain", options);
      expect((await medianMs("broken", options)) - alone).toBeLessThan(MAX_ADDED_MS);
    }
  });

  test("hang, and many visitors at once: all are served", async () => {
    await broken.set("hang");
    const body = randomBytes(MAX_MIRROR_BODY_BYTES);
    const begin = performance.now();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask("broken", { body })));
    expect(answers.every((answer) => answer.echo().body.bytes === body.byteLength)).toBe(true);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test("nobody hears of it: no error and no rejection in the log", () => {
    expect(gateway.logs().filter(({ level }) => level === "error")).toEqual([]);
  });
});
