import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { decodeVisitor } from "../../../src/decide/visitor.ts";
import { readKey, type SipKey } from "../../../src/lib/siphash.ts";
import { idCheck, visitorDigest } from "../../../src/lib/visitor-digest.ts";
import { openJar, visit, type VisitOptions } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const HEX = "000102030405060708090a0b0c0d0e0f";
const HOST = "shop.example.com";
const DEAD = "http://127.0.0.1:1";
/** An id of a cookie that an earlier gateway set. */
const ID = "BBBBBBBBBBBBBBBBBBBBBB";
const seen = () => (Date.now() - 1000).toString(36);
const cookieOf = (id: string, mark = "") => `sy=1.${id}${mark}.${seen()}.${seen()}`;

function keyOf(hex: string): SipKey {
  const key = readKey(hex);
  if (key === undefined) throw new Error("no key");
  return key;
}
const KEY = keyOf(HEX);

let origin: Origin;
let shadow: Origin;
/** With the key, and without one. */
let gateway: BareGateway;
let keyless: BareGateway;

beforeAll(async () => {
  [origin, shadow] = await Promise.all([startOrigin("v"), startOrigin("shadow")]);
  const { url } = origin;
  const variants = [
    { name: "a", origin: url, weight: 50 },
    { name: "b", origin: url, weight: 50 },
  ];
  const split = { strategy: "weighted", variants, visitorHeader: true };
  const by = [{ header: "x-user-id" }, { query: "uid" }, "cookie"];
  const policies = {
    [HOST]: split,
    "plain.example.com": { ...split, visitorHeader: false },
    "pins.example.com": { ...split, sticky: { mode: "pin" } },
    "*.named.example.com": { ...split, sticky: { by } },
    "ip.example.com": { ...split, sticky: { by: ["ip"] } },
    "anew.example.com": { ...split, sticky: false },
    "single.example.com": { origin: url, visitorHeader: true },
    "rescue.example.com": {
      strategy: "canary",
      stable: url,
      canary: DEAD,
      percent: 100,
      visitorHeader: true,
    },
    "fallback.example.com": {
      strategy: "weighted",
      variants: [{ name: "a", origin: DEAD, weight: 1 }],
      fallback: url,
      mirror: { origin: shadow.url, percent: 100 },
      visitorHeader: true,
    },
    storefrontA: split,
  };
  [gateway, keyless] = await Promise.all([
    startBare({ policies, vars: { VISITOR_KEY: HEX } }),
    startBare({ policies }),
  ]);
});
beforeEach(() => {
  origin.forget();
  shadow.forget();
});
afterAll(async () => {
  await Promise.all([gateway?.close(), keyless?.close(), origin?.close(), shadow?.close()]);
});

/** What a visit got, and what the origin that answered was told of the visitor. */
async function ask(options: VisitOptions, at = gateway) {
  const answer = await visit(at.url, { host: HOST, path: "/", ...options });
  const told = origin.requests.at(-1)?.headers;
  const [set] = (answer.headers["set-cookie"] ?? []).filter((line) => line.startsWith("sy="));
  const value = set === undefined ? undefined : set.slice("sy=".length, set.indexOf(";"));
  return {
    variant: answer.header("x-variant"),
    value,
    visitor: value === undefined ? undefined : decodeVisitor(value),
    told: told?.["x-switchyard-visitor"],
    cookies: told?.["cookie"],
  };
}

const digestOf = (route: string, visitor: string) => [visitorDigest(KEY, route, visitor)];

describe("X-Switchyard-Visitor", () => {
  test("is the digest of a new id that is being set, and the same when it comes back", async () => {
    const jar = openJar();
    const first = await ask({ jar });
    expect(first.told).toEqual(digestOf(HOST, first.visitor?.id ?? ""));
    expect(first.told?.[0]).toMatch(/^[0-9a-f]{16}$/);
    const second = await ask({ jar });
    expect([second.value, second.told, second.cookies]).toEqual([undefined, first.told, undefined]);
  });

  test.each<[string, VisitOptions, string[] | undefined]>([
    [
      "a header",
      { headers: { "x-user-id": "ada", cookie: cookieOf(ID) } },
      digestOf("*.named.example.com", "ada"),
    ],
    ["the query", { path: "/?uid=eve%20%C3%A9" }, digestOf("*.named.example.com", "eve é")],
    [
      "a cookie behind both",
      { headers: { cookie: cookieOf(ID) } },
      digestOf("*.named.example.com", ID),
    ],
    ["nothing that lasts", { method: "HEAD" }, undefined],
  ])("names who is known by %s", async (_, options, told) => {
    expect((await ask({ host: "a.named.example.com", ...options })).told).toEqual(told);
  });

  test.each<[string, string, VisitOptions]>([
    ["where the policy does not ask for it", "plain.example.com", {}],
    ["for an address", "ip.example.com", { headers: { "cf-connecting-ip": "192.0.2.7" } }],
    ["for a draw for one request", "anew.example.com", {}],
    ["for a newcomer to a single origin", "single.example.com", {}],
  ])("is not sent %s", async (_, host, options) => {
    const headers = { "x-switchyard-visitor": "0123456789abcdef", ...options.headers };
    const { told } = await ask({ host, ...options, headers });
    expect(told).toBeUndefined();
  });

  test("is not sent without a key, whatever the client says", async () => {
    const headers = { cookie: cookieOf(ID), "X-Switchyard-Visitor": "0123456789abcdef" };
    expect((await ask({ headers }, keyless)).told).toBeUndefined();
    expect((await ask({ headers: { ...headers, x_switchyard_visitor: "0" } })).told).toEqual(
      digestOf(HOST, ID),
    );
  });

  test("is of the route's own key, for a tenant's path and a single origin too", async () => {
    const headers = { cookie: cookieOf(ID) };
    const tenant = await ask({ host: "any.example", path: "/storefrontA/x", headers });
    expect(tenant.told).toEqual(digestOf("storefrontA", ID));
    const single = await ask({ host: "single.example.com", headers });
    expect(single.told).toEqual(digestOf("single.example.com", ID));
  });

  test("goes to whoever is asked: the rescuer, the fallback, the mirror", async () => {
    const headers = { cookie: cookieOf(ID) };
    expect((await ask({ host: "rescue.example.com", headers })).told).toEqual(
      digestOf("rescue.example.com", ID),
    );
    const { told } = await ask({ host: "fallback.example.com", headers });
    expect(told).toEqual(digestOf("fallback.example.com", ID));
    await expect.poll(() => shadow.requests[0]?.headers["x-switchyard-visitor"]).toEqual(told);
  });
});

describe("the check behind an id", () => {
  test("stands behind a new one, and is the key's", async () => {
    const { visitor } = await ask({ host: "plain.example.com" });
    expect(visitor?.check).toBe(idCheck(KEY, visitor?.id ?? ""));
    const { value } = await ask({ host: "plain.example.com" }, keyless);
    expect(value).toMatch(/^1\.[\w-]{22}\.[0-9a-z]+\.[0-9a-z]+$/);
  });

  test.each([
    ["without a check", ""],
    ["with a bad one", "AAAAA"],
    ["with a good one", idCheck(KEY, ID)],
  ])("an id %s is served the same variant, and stays as it is", async (_, mark) => {
    const served = await ask({ headers: { cookie: cookieOf(ID) } }, keyless);
    const now = await ask({ headers: { cookie: cookieOf(ID, mark) } });
    expect([now.variant, now.value, now.told]).toEqual([
      served.variant,
      undefined,
      digestOf(HOST, ID),
    ]);
  });

  test.each([
    ["without a check", undefined],
    ["with a bad one", "AAAAA"],
    ["with a good one", idCheck(KEY, ID)],
  ])("a cookie %s that is sent anew, for a pin, says what it said", async (_, mark) => {
    const headers = { cookie: cookieOf(ID, mark) };
    const { visitor, variant } = await ask({ host: "pins.example.com", headers });
    expect([visitor?.id, visitor?.check, visitor?.pins.length]).toEqual([ID, mark, 1]);
    // A gateway without a key leaves it where it is too.
    const without = await ask({ host: "pins.example.com", headers }, keyless);
    expect([without.visitor?.check, without.variant]).toEqual([mark, variant]);
  });

  test("no origin sees it, under whatever name another route gave the cookie", async () => {
    const value = cookieOf(ID, idCheck(KEY, ID)).slice("sy=".length);
    const { cookies } = await ask({ headers: { cookie: `a=1; other=${value}; sy=${value}` } });
    expect(cookies).toEqual(["a=1"]);
  });
});

test("without a key the log says so once, when somebody is counted first", async () => {
  const line = /no VISITOR_KEY/g;
  await expect.poll(() => keyless.log().match(line)?.length).toBe(1);
  for (let n = 0; n < 3; n += 1) await ask({}, keyless);
  expect(keyless.log().match(line)).toHaveLength(1);
  expect(gateway.log()).not.toMatch(line);
});
