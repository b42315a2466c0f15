import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaulty, type Faulty } from "../../support/faulty.ts";
import { visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin, type OriginHandler } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { see } from "./seen.ts";

/** A build has the assets whose names carry its own hash, and no others. */
const build =
  (hash: string): OriginHandler =>
  (request, response, next) => {
    const asset = /^\/asset\/(.*)$/.exec(request.url ?? "")?.[1];
    if (asset === undefined) next();
    else if (asset.includes(hash) && request.headers["if-none-match"] === undefined) next();
    else if (asset.includes(hash)) response.writeHead(304).end();
    else response.writeHead(404, { "content-type": "text/plain" }).end("no such asset");
  };

const OLD = "/asset/app.0ld0ld00.js";
const NEW = "/asset/app.9e9e9e90.js";
const NOBODYS = "/asset/app.deadbeef0.js";

let blue: Origin;
let green: Origin;
let spare: Origin;
let calm: Faulty;
let gateway: BareGateway;

beforeAll(async () => {
  [blue, green, spare, calm] = await Promise.all([
    startOrigin("blue", build("0ld0ld00")),
    startOrigin("green", build("9e9e9e90")),
    startOrigin("spare"),
    startFaulty("calm"),
  ]);
  const colours = { strategy: "blue-green", blue: blue.url, green: green.url, active: "green" };
  const split = { strategy: "canary", stable: blue.url, canary: green.url };
  gateway = await startBare({
    policies: {
      "shop.example.com": { ...colours, assetRescue: true },
      "plain.example.com": colours,
      "canary.example.com": { ...split, percent: 100, assetRescue: true },
      "stable.example.com": { ...split, percent: 0, assetRescue: true },
      "edge.example.com": { origin: spare.url },
      "saved.example.com": { origin: spare.url, fallback: calm.url },
    },
  });
});
afterAll(() =>
  Promise.all([gateway?.close(), blue?.close(), green?.close(), spare?.close(), calm?.close()]),
);

const ask = (host: string, path: string, options: VisitOptions = {}) =>
  visit(gateway.url, { host: `${host}.example.com`, path, ...options });

describe("assets of one build, HTML of the other", () => {
  test.each([
    ["shop", OLD, "blue", "green"],
    ["shop", NEW, "green", undefined],
    ["canary", OLD, "stable", "canary"],
    ["stable", NEW, "canary", "stable"],
  ])("%s %s comes from %s", async (host, path, by, insteadOf) => {
    const answer = await ask(host, path);
    expect([answer.status, answer.header("x-variant"), answer.header("x-rescued-from")]).toEqual([
      200,
      by,
      insteadOf,
    ]);
    expect(answer.text()).toContain(path.split("/").at(-1));
    expect(answer.header("cache-control")).toContain("max-age=31536000");
  });

  test("HEAD is answered as GET would be", async () => {
    const answer = await ask("shop", OLD, { method: "HEAD" });
    expect([answer.status, answer.header("x-variant")]).toEqual([200, "blue"]);
    expect((await ask("shop", NOBODYS, { method: "HEAD" })).status).toBe(404);
  });

  test("what nobody has stays a 404 of the visitor's variant", async () => {
    const answer = await ask("shop", NOBODYS);
    expect([answer.status, answer.header("x-variant")]).toEqual([404, "green"]);
    expect(answer.text()).toBe("no such asset");
  });

  test("conditional: an unchanged asset of the other build is a 304", async () => {
    const etag = (await ask("shop", OLD)).header("etag") ?? "";
    expect(etag).toMatch(/^"blue-/);
    const answer = await ask("shop", OLD, { headers: { "if-none-match": etag } });
    expect([answer.status, answer.header("x-variant")]).toEqual([304, "blue"]);
  });

  test.each([
    ["without the field", "plain", OLD, {}],
    ["for a name without a fingerprint", "shop", "/asset/app.js", {}],
    ["for POST", "shop", OLD, { body: "an order" }],
  ])("nobody else is asked %s", async (_, host, path, options) => {
    blue.forget();
    expect((await ask(host, path, options)).status).toBe(404);
    expect(blue.requests).toHaveLength(0);
  });
});

describe("statuses with which Cloudflare's edge says that it reached no origin", () => {
  const FAILURES: readonly (readonly [number, string])[] = [
    [520, "502 origin-unreachable"],
    [521, "502 origin-unreachable"],
    [522, "504 origin-timeout"],
    [523, "502 origin-unreachable"],
    [524, "504 origin-timeout"],
    [525, "502 origin-unreachable"],
    [526, "502 origin-unreachable"],
    [530, "502 origin-unreachable"],
  ];

  test.each(FAILURES)("%i becomes %s, and a fallback saves it", async (status, expected) => {
    const path = `/status/${status}`;
    const plain = await see(gateway.url, { host: "edge.example.com", path });
    expect(plain.answer).toBe(expected);
    expect(plain.text).not.toContain("status 5");
    const { answer, by } = await see(gateway.url, { host: "saved.example.com", path });
    expect([answer, by]).toEqual(["200", "fallback"]);
  });
});
