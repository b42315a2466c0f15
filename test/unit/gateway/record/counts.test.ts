import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { encodeVisitor, pinOf } from "../../../../src/decide/visitor.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { HOST, linesIn, measured, type Visit } from "./world.ts";

/** For origins that are well: far more than they take, on a busy machine too. */
const WELL_MS = 20_000;

/** For those that never answer, and for who helps them out. */
const TIMEOUT_MS = 1000;

/** `a` fails where its paths say so; `b` is always well. */
let a: Origin;
let b: Origin;

beforeAll(async () => {
  a = await startOrigin("a", (request, response, next) => {
    const path = request.url ?? "";
    if (path.startsWith("/network")) request.socket.resetAndDestroy();
    else if (path.startsWith("/503")) response.writeHead(503).end();
    else if (path.startsWith("/500")) response.writeHead(500).end();
    else if (path.startsWith("/asset/")) response.writeHead(404).end();
    else if (!path.startsWith("/timeout")) next();
  });
  b = await startOrigin("b");
});

afterAll(async () => Promise.all([a.close(), b.close()]));

/** Everybody gets `a` by a draw, and `b` is there to help. */
const split = (fields: object = {}) => ({
  strategy: "weighted",
  variants: [
    { name: "a", origin: a.url, weight: 1 },
    { name: "b", origin: b.url, weight: 0 },
  ],
  sticky: { by: [{ header: "x-user" }, "cookie"] },
  timeoutMs: WELL_MS,
  ...fields,
});

/** Everybody is drawn to a canary that fails where paths say so, and the stable origin is well. */
const canary = (fields: object = {}) => ({
  strategy: "canary",
  stable: b.url,
  canary: a.url,
  percent: 100,
  sticky: { by: [{ header: "x-user" }] },
  timeoutMs: WELL_MS,
  ...fields,
});

const USER = { headers: { "x-user": "anna" } };

const NOBODY = "AAAAAAAAAAAAAAAAAAAAAA";

const pinned = (pin: object) =>
  encodeVisitor({
    id: NOBODY,
    seenAt: 1,
    sentAt: Date.UTC(2026, 10, 28, 12),
    pins: [{ ...pinOf(HOST, "b"), ...pin }],
  });

const withCookie = (value: string): Visit => ({ headers: { cookie: `sy=${value}` } });

const byCookie = { sticky: { by: ["cookie"], mode: "pin" } };

/** What is told of one request. */
async function told(policy: object, path: string, visit: Visit = USER) {
  const world = measured({ [HOST]: policy });
  await world.visit(path, visit);
  const reports = await world.reports();
  const routes = reports.flatMap(({ routes: each }) => each);
  expect(routes.reduce((sum, { requests = 0 }) => sum + requests, 0)).toBe(1);
  const ends = routes.flatMap(({ ends: each = {} }) => Object.entries(each));
  return [...linesIn(reports), ...ends.map(([done, count]) => `${done}: ${count}`)];
}

describe("one request counts as", () => {
  const cases: [what: string, policy: () => object, path: string, visit: Visit, line: string][] = [
    ["drawn", split, "/", USER, "a: 1 counted, 1 2xx, 1 split"],
    ["answered 404", split, "/status/404", USER, "a: 1 counted, 1 4xx, 1 split"],
    ["answered 304", split, "/status/304", USER, "a: 1 counted, 1 3xx, 1 split"],
    ["a network failure", split, "/network", USER, "a: 1 counted, 1 5xx, 1 network, 1 split"],
    [
      "a network failure, rescued",
      () => canary(),
      "/network",
      USER,
      "canary: 1 counted, 1 2xx, 1 network, 1 rescued, 1 split",
    ],
    [
      "a network failure, answered by the fallback",
      () => split({ fallback: b.url }),
      "/network",
      USER,
      "a: 1 counted, 1 2xx, 1 network, 1 rescued, 1 split",
    ],
    [
      "a network failure that nobody could help",
      () => canary({ stable: a.url, rescue: true }),
      "/network",
      USER,
      "canary: 1 counted, 1 5xx, 1 network, 1 split",
    ],
    [
      "a timeout",
      () => split({ timeoutMs: TIMEOUT_MS }),
      "/timeout",
      USER,
      "a: 1 counted, 1 5xx, 1 timeout, 1 split",
    ],
    [
      "a timeout, rescued",
      () => canary({ timeoutMs: TIMEOUT_MS }),
      "/timeout",
      USER,
      "canary: 1 counted, 1 2xx, 1 timeout, 1 rescued, 1 split",
    ],
    ["a 503 that is passed on", split, "/503", USER, "a: 1 counted, 1 5xx, 1 status, 1 split"],
    [
      "a 503, rescued",
      () => canary(),
      "/503",
      USER,
      "canary: 1 counted, 1 2xx, 1 status, 1 rescued, 1 split",
    ],
    [
      "a 500, which no rescue is for",
      () => split({ rescue: true }),
      "/500",
      USER,
      "a: 1 counted, 1 5xx, 1 status, 1 split",
    ],
    [
      "an asset of another build",
      () => split({ assetRescue: true }),
      "/asset/app.3f9c2b1a.js",
      USER,
      "a: 1 counted, 1 2xx, 1 rescued, 1 split",
    ],
    ["a HEAD", split, "/", { ...USER, method: "HEAD" }, "a: 1 others, 1 2xx, 1 split"],
    [
      "a prefetch",
      split,
      "/",
      { headers: { ...USER.headers, "sec-purpose": "prefetch" } },
      "a: 1 others, 1 2xx, 1 split",
    ],
    [
      "a crawler, drawn",
      split,
      "/",
      { headers: { ...USER.headers, "user-agent": "Googlebot/2.1" } },
      "a: 1 others, 1 2xx, 1 split",
    ],
    [
      "a crawler with a place of its own",
      () => split({ bots: "b" }),
      "/",
      { headers: { ...USER.headers, "user-agent": "Googlebot/2.1" } },
      "b: 1 others, 1 2xx, 1 bot",
    ],
    [
      "an override",
      () => split({ override: "open" }),
      "/",
      { headers: { ...USER.headers, "x-switchyard-force": "b" } },
      "b: 1 others, 1 2xx, 1 override",
    ],
    ["forced", () => split({ force: "b" }), "/", USER, "b: 1 others, 1 2xx, 1 forced"],
    [
      "without consent",
      () => split({ consent: { cookie: "ok" } }),
      "/",
      USER,
      "a: 1 others, 1 2xx, 1 no-consent",
    ],
    ["uncovered", () => split({ coverage: 0 }), "/", USER, "a: 1 others, 1 2xx, 1 not-covered"],
    [
      "a rule's",
      () => split({ rules: [{ match: { path: "/x" }, variant: "b" }] }),
      "/x",
      USER,
      "b: 1 others, 1 2xx, 1 rule",
    ],
    [
      "pinned by a draw of another time",
      () => split(byCookie),
      "/",
      withCookie(pinned({})),
      "b: 1 counted, 1 2xx, 1 pinned",
    ],
    [
      "pinned by a rule",
      () => split(byCookie),
      "/",
      withCookie(pinned({ byRule: true })),
      "b: 1 others, 1 2xx, 1 pinned",
    ],
    [
      "drawn for this request alone",
      () => split({ sticky: false }),
      "/",
      USER,
      "a: 1 others, 1 2xx, 1 split",
    ],
    ["a single origin's", () => ({ origin: a.url }), "/", USER, "origin: 1 others, 1 2xx, 1 only"],
    ["a redirect", () => ({ strategy: "redirect", scheme: "http" }), "/", USER, "redirect: 1"],
    [
      "a redirect that would lead in a circle",
      () => ({ strategy: "redirect", scheme: "https" }),
      "/here",
      USER,
      "loop-detected: 1",
    ],
    [
      "an answer of the policy's own",
      () => ({ strategy: "respond", status: 410 }),
      "/",
      USER,
      "respond: 1",
    ],
    [
      "a path that is not mapped",
      () => ({ strategy: "path-map", paths: { "/x": a.url } }),
      "/y",
      USER,
      "path-not-mapped: 1",
    ],
    [
      "a preflight",
      () => split({ cors: { origins: ["https://page.example"] } }),
      "/",
      {
        method: "OPTIONS",
        headers: {
          ...USER.headers,
          origin: "https://page.example",
          "access-control-request-method": "PUT",
        },
      },
      "preflight: 1",
    ],
  ];

  test.each(cases)("%s", async (_what, policy, path, visit, expected) => {
    expect(await told(policy(), path, visit)).toEqual([expected]);
  });

  test("down, once its origin is left out, and only then", async () => {
    const world = measured({ [HOST]: canary() });
    for (let visitor = 0; visitor < 12; visitor += 1)
      await world.visit("/network", { headers: { "x-user": `visitor ${visitor}` } });
    const [only = ""] = linesIn(await world.reports());
    const of = (kind: string) => Number(new RegExp(`(\\d+) ${kind}`).exec(only)?.[1] ?? 0);
    expect(of("network") + of("timeout") + of("down")).toBe(12);
    expect(of("down")).toBeGreaterThan(0);
    expect(of("rescued")).toBe(12);
    expect(only).toMatch(/^canary: 12 counted, 12 2xx, /);
  });
});
