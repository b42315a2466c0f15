import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signToken, tokenKey } from "../../../src/override/token.ts";
import { startFaulty, type Faulty } from "../../support/faulty.ts";
import { openJar, visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const SECRET = "a secret for the links of these tests";
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const HOST = "shop.example.com";

let origin: Origin;
let broken: Faulty;
let gateway: BareGateway;

beforeAll(async () => {
  [origin, broken] = await Promise.all([
    startOrigin("shop"),
    startFaulty("broken", { fault: "reset-before-head" }),
  ]);
  const half = (weights: readonly [number, number], fields: object = {}) => ({
    strategy: "weighted",
    variants: [
      { name: "control", origin: origin.url, weight: weights[0] },
      { name: "treatment", origin: origin.url, weight: weights[1] },
    ],
    ...fields,
  });
  gateway = await startBare({
    policies: {
      [HOST]: {
        strategy: "path-map",
        paths: {
          "/a": half([0, 1], {
            rules: [{ match: { header: { "x-beta": true } }, variant: "control" }],
          }),
          "/b": half([1, 0], { salt: "prices", epoch: 3 }),
          "/out": half([0, 1], { coverage: 0 }),
          "/bots": half([0, 1], { bots: "control" }),
          "/pinned": half([0, 1], { sticky: { mode: "pin" } }),
          "/passing": half([0, 1], { sticky: false }),
          "/rescued": {
            strategy: "canary",
            stable: origin.url,
            canary: broken.url,
            percent: 100,
          },
          "/saved": { origin: broken.url, fallback: origin.url },
        },
        default: origin.url,
      },
    },
    vars: { OVERRIDE_SECRET: SECRET },
  });
});
afterAll(() => Promise.all([gateway?.close(), origin?.close(), broken?.close()]));

/** What the origin was told of the decision. */
async function told(path: string, options: VisitOptions = {}) {
  const before = origin.requests.length;
  await visit(gateway.url, { host: HOST, path, ...options });
  const headers = origin.requests[before]?.headers;
  const field = (name: string) => headers?.[`x-switchyard-${name}`]?.join();
  return {
    experiment: field("experiment"),
    variant: field("variant"),
    reason: field("reason"),
    counted: field("counted"),
  };
}

describe("an origin can tell", () => {
  test("two splits of one route", async () => {
    expect(await told("/a")).toEqual({
      experiment: `${HOST}/a`,
      variant: "treatment",
      reason: "split",
      counted: "1",
    });
    expect(await told("/b")).toEqual({
      experiment: "prices@3",
      variant: "control",
      reason: "split",
      counted: "1",
    });
    expect(await told("/")).toMatchObject({ experiment: undefined, reason: "only", counted: "0" });
  });

  test("control from those who are not in the experiment, and from testers, crawlers and rules", async () => {
    expect(await told("/out")).toMatchObject({
      experiment: `${HOST}/out`,
      variant: "control",
      reason: "not-covered",
      counted: "0",
    });
    const claim = { route: HOST, variant: "control", expiresAt: Date.now() + 60_000 };
    const token = await signToken(claim, await tokenKey(SECRET));
    expect(await told(`/a?sy=${token}`)).toMatchObject({ reason: "override", counted: "0" });
    const headers = { "user-agent": CRAWLER };
    expect(await told("/bots", { headers })).toMatchObject({ reason: "bot", counted: "0" });
    expect(await told("/a", { headers })).toMatchObject({ reason: "split", counted: "0" });
    expect(await told("/a", { headers: { "x-beta": "1" } })).toMatchObject({
      reason: "rule",
      counted: "0",
    });
  });

  test("a pinned visitor's page views from what nobody looks at", async () => {
    const jar = openJar();
    expect(await told("/pinned", { jar })).toMatchObject({ reason: "split", counted: "1" });
    expect(await told("/pinned", { jar })).toMatchObject({ reason: "pinned", counted: "1" });
    const again = (options: VisitOptions) => told("/pinned", { jar, ...options });
    expect(await again({ method: "POST" })).toMatchObject({ reason: "pinned", counted: "1" });
    for (const options of [
      { method: "HEAD" },
      { method: "OPTIONS" },
      { headers: { "sec-purpose": "prefetch;prerender" } },
    ])
      expect(await again(options)).toMatchObject({ reason: "pinned", counted: "0" });
  });

  test("whom it may meet again from whom it never will", async () => {
    expect(await told("/passing")).toMatchObject({ reason: "split", counted: "0" });
    expect(await told("/a", { method: "POST" })).toMatchObject({ reason: "split", counted: "0" });
  });
});

describe("where another variant answers than the one decided", () => {
  test.each([
    ["/rescued", "stable", "canary", "split"],
    ["/saved", "fallback", "origin", "only"],
  ])("%s: it hears its own name, and in whose place", async (path, serves, decided, reason) => {
    const answer = await visit(gateway.url, { host: HOST, path });
    const { headers } = answer.echo();
    expect([
      answer.header("x-variant"),
      headers["x-switchyard-variant"]?.join(),
      headers["x-switchyard-decided"]?.join(),
      headers["x-switchyard-reason"]?.join(),
    ]).toEqual([serves, serves, decided, reason]);
  });

  test("and nothing where the decided one serves", async () => {
    const answer = await visit(gateway.url, { host: HOST, path: "/a" });
    expect(answer.echo().headers["x-switchyard-decided"]).toBeUndefined();
  });
});
