import type { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signToken, tokenKey } from "../../../src/override/token.ts";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { startNginx, type SharedCache } from "./nginx.ts";

const SECRET = "a secret for the links of these tests";
const VISITORS = 20;

/** What an origin says of caching, by path. All but the last two are invitations to a shared cache. */
const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/public": { "cache-control": "public, max-age=600" },
  "/shared": { "cache-control": "max-age=0, s-maxage=600" },
  "/silent": {},
  "/expires": { expires: new Date(Date.now() + 600_000).toUTCString() },
  "/accel": { "x-accel-expires": "600" },
  "/accel-and-more": { "x-accel-expires": "600", "cache-control": "public, max-age=600" },
  "/surrogate": { "surrogate-control": "max-age=600", "cdn-cache-control": "max-age=600" },
  "/cookie": { "cache-control": "public, max-age=600", "set-cookie": "theirs=1; Path=/" },
};
const PATHS = Object.keys(PAGES);

let one: Origin;
let two: Origin;
let gateway: BareGateway;
let cache: SharedCache;

beforeAll(async () => {
  [one, two] = (await Promise.all(
    ["one", "two"].map((name) =>
      startOrigin(name, (request, response) => {
        const [path = ""] = (request.url ?? "").split("?", 1);
        response.writeHead(200, { "x-origin": name, ...PAGES[path] });
        response.end(name);
      }),
    ),
  )) as [Origin, Origin];
  const halves = {
    strategy: "weighted",
    variants: [
      { name: "a", origin: one.url, weight: 1 },
      { name: "b", origin: two.url, weight: 1 },
    ],
  };
  gateway = await startBare({
    policies: {
      "cookie.example.com": halves,
      "pin.example.com": { ...halves, sticky: { mode: "pin" } },
      "none.example.com": { ...halves, sticky: false },
      "ip.example.com": { ...halves, sticky: { by: ["ip"] } },
      "header.example.com": { ...halves, sticky: { by: [{ header: "x-user-id" }] } },
      "consent.example.com": { ...halves, consent: { cookie: "ok" } },
      "single.example.com": { origin: one.url },
      "colour.example.com": {
        strategy: "blue-green",
        blue: one.url,
        green: two.url,
        active: "blue",
      },
      "rule.example.com": {
        strategy: "blue-green",
        blue: one.url,
        green: two.url,
        active: "blue",
        rules: [{ match: { header: { "x-beta": "1" } }, variant: "green" }],
      },
      "country.example.com": {
        strategy: "blue-green",
        blue: one.url,
        green: two.url,
        active: "blue",
        rules: [{ match: { country: "DE" }, variant: "green" }],
      },
      "open.example.com": {
        strategy: "blue-green",
        blue: one.url,
        green: two.url,
        active: "blue",
        override: "open",
      },
      storefrontA: halves,
    },
    vars: { OVERRIDE_SECRET: SECRET },
  });
  cache = await startNginx(gateway.port);
});

afterAll(async () => {
  await Promise.all([cache?.close(), gateway?.close(), one?.close(), two?.close()]);
});

interface Seen {
  readonly variant: string;
  /** Ours, where it was set. */
  readonly cookie: string | undefined;
  readonly hit: boolean;
}

async function look(
  host: string,
  path: string,
  jar?: CookieJar,
  headers: Record<string, string> = {},
): Promise<Seen> {
  const answer = await visit(cache.url, { host, path, headers, ...(jar && { jar }) });
  expect(answer.status).toBe(200);
  return {
    variant: answer.text(),
    cookie: answer.headers["set-cookie"]?.find((line) => line.startsWith("sy=")),
    hit: answer.header("x-cache") === "HIT",
  };
}

describe("two visitors never share a draw or a cookie", () => {
  describe.each([
    ["by cookie", "cookie.example.com", ""],
    ["by pin", "pin.example.com", ""],
    ["below a tenant's path", "any.example", "/storefrontA"],
  ])("%s", (_, host, prefix) => {
    test.each(PATHS)("%s", async (page) => {
      const path = prefix + page;
      const cookies = new Set<string>();
      const variants = new Set<string>();
      for (let visitor = 0; visitor < VISITORS; visitor++) {
        const jar = openJar();
        const first = await look(host, path, jar);
        expect(first.hit).toBe(false);
        cookies.add(first.cookie ?? "none");
        variants.add(first.variant);
        const again = await look(host, path, jar);
        expect([again.variant, again.cookie]).toEqual([first.variant, undefined]);
      }
      expect(cookies.size).toBe(VISITORS);
      expect([...variants].toSorted()).toEqual(["one", "two"]);
    });
  });

  test.each(PATHS)("without stickiness %s is drawn anew for everybody", async (path) => {
    const all: Seen[] = [];
    for (let visitor = 0; visitor < VISITORS; visitor++)
      all.push(await look("none.example.com", path));
    expect(all.filter(({ hit }) => hit)).toEqual([]);
    expect(new Set(all.map(({ variant }) => variant)).size).toBe(2);
  });

  test.each(PATHS)("by address %s is nobody else's", async (path) => {
    const variants = new Map<string, string>();
    for (let round = 0; round < 2; round++) {
      for (let visitor = 1; visitor <= VISITORS; visitor++) {
        const ip = `203.0.113.${visitor}`;
        const seen = await look("ip.example.com", path, undefined, { "cf-connecting-ip": ip });
        expect(seen.hit).toBe(false);
        expect(seen.variant).toBe(variants.get(ip) ?? seen.variant);
        variants.set(ip, seen.variant);
      }
    }
    expect(new Set(variants.values()).size).toBe(2);
  });

  test("a rule by country is nobody else's", async () => {
    expect((await look("country.example.com", "/public")).hit).toBe(false);
    expect((await look("country.example.com", "/public")).hit).toBe(false);
  });

  test("a tester's variant is nobody else's", async () => {
    const claim = { route: "colour.example.com", variant: "green", expiresAt: Date.now() + 60_000 };
    const token = await signToken(claim, await tokenKey(SECRET));
    const jar = openJar();
    const link = await look("colour.example.com", `/public?qa&sy=${token}`, jar);
    expect([link.variant, link.hit]).toEqual(["two", false]);
    const session = await look("colour.example.com", "/public?qa", jar);
    expect([session.variant, session.hit]).toEqual(["two", false]);
    const other = await look("colour.example.com", "/public?qa");
    expect([other.variant, other.hit]).toEqual(["one", false]);
  });

  test("an open override is nobody else's", async () => {
    const forced = await look("open.example.com", "/public", undefined, {
      "x-switchyard-force": "green",
    });
    const other = await look("open.example.com", "/public");
    expect([forced.variant, other.variant]).toEqual(["two", "one"]);
  });

  test("an error is not kept", async () => {
    const ask = async () => visit(cache.url, { path: "/nobody/x" });
    const answers = [await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers.map((answer) => answer.header("x-cache"))).toEqual(["MISS", "MISS"]);
  });
});

describe("what is cacheable stays cacheable", () => {
  test.each(
    ["single.example.com", "colour.example.com"].flatMap((host) =>
      PATHS.map((path) => [host, path] as const),
    ),
  )("%s%s is stored, and served to the next visitor", async (host, path) => {
    await look(host, path, openJar());
    const next = await look(host, path, openJar());
    expect([next.variant, next.hit]).toEqual(["one", true]);
  });

  test("by header: each user has their own copy, and keeps it", async () => {
    const path = "/public";
    const first = new Map<string, string>();
    for (let user = 0; user < VISITORS; user++) {
      const headers = { "x-user-id": `u${user}` };
      const seen = await look("header.example.com", path, undefined, headers);
      expect(seen.hit).toBe(false);
      first.set(`u${user}`, seen.variant);
    }
    expect(new Set(first.values()).size).toBe(2);
    const again = await look("header.example.com", path, undefined, { "x-user-id": "u1" });
    expect(again.variant).toBe(first.get("u1"));
  });

  test("a rule by header: one copy for those who send it, another for those who do not", async () => {
    const beta = { "x-beta": "1" };
    for (const [headers, variant] of [
      [{}, "one"],
      [beta, "two"],
      [{}, "one"],
      [beta, "two"],
    ] as const) {
      expect((await look("rule.example.com", "/public", undefined, headers)).variant).toBe(variant);
    }
    expect((await look("rule.example.com", "/public", undefined, beta)).hit).toBe(true);
  });

  test("before consent everybody shares the default variant's copy, and nobody gets a cookie", async () => {
    const before = await look("consent.example.com", "/public");
    const next = await look("consent.example.com", "/public");
    expect([before.variant, next.variant, next.hit]).toEqual(["one", "one", true]);
    expect([before.cookie, next.cookie]).toEqual([undefined, undefined]);
    const cookies = new Set<string | undefined>();
    for (let visitor = 0; visitor < VISITORS; visitor++) {
      const consenting = await look("consent.example.com", "/public", undefined, {
        cookie: "ok=1",
      });
      expect(consenting.hit).toBe(false);
      cookies.add(consenting.cookie);
    }
    expect(cookies.size).toBe(VISITORS);
  });

  test("what an origin keeps private stays so, and its words are its own", async () => {
    const answer = await visit(gateway.url, {
      host: "single.example.com",
      path: "/accel-and-more",
    });
    expect(answer.header("cache-control")).toBe("public, max-age=600");
    expect(answer.header("x-accel-expires")).toBe("600");
    expect(answer.header("vary")).toBeUndefined();
  });
});
