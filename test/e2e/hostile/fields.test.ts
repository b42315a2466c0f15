import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

const KEY = /^(?:\*|[A-Za-z0-9][A-Za-z0-9_-]{0,62}|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/;

let shop: Origin;
let other: Origin;
let rest: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  [shop, other, rest] = (await Promise.all(
    ["shop", "other", "rest"].map((name) =>
      startOrigin(name, (request, response, next) => {
        if (request.headers["x-set"] !== undefined) response.setHeader("set-cookie", "theirs=1");
        next();
      }),
    ),
  )) as [Origin, Origin, Origin];
  gateway = await startBare({
    policies: {
      "shop.example.com": {
        strategy: "weighted",
        variants: [
          { name: "a", origin: shop.url, weight: 1 },
          { name: "b", origin: shop.url, weight: 1 },
        ],
      },
      "other.example.com": { origin: other.url },
      storefrontA: { origin: other.url },
      "*": { origin: rest.url },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), shop?.close(), other?.close(), rest?.close()]);
});

afterEach(() => {
  for (const origin of [shop, other, rest]) origin.forget();
});

const reached = () =>
  [shop, other, rest].flatMap(({ name, requests }) => requests.map(({ url }) => `${name} ${url}`));

describe("Host games", () => {
  test.each([
    ["none (RFC 9112 §3.2)", []],
    ["an empty one", [""]],
    ["two (RFC 9112 §3.2)", ["shop.example.com", "other.example.com"]],
    ["spaces", ["shop example.com"]],
    ["a port out of range", ["shop.example.com:99999"]],
    ["a port that is none", ["shop.example.com:80a"]],
    ["a wildcard key", ["*.example.com"]],
    ["the key of everything", ["*"]],
    ["a quote, which would break out of Forwarded", ['a";for=6.6.6.6;x="b']],
    ["markup", ["<script>alert(1)</script>"]],
    ["a broken address", ["[::1"]],
    ["an encoded dot that decodes to a forbidden byte", ["shop%00.example.com"]],
    ["a list", ["shop.example.com, other.example.com"]],
  ])("%s is a 400", async (_, host) => {
    const { status, body } = await sendRaw(gateway.port, requestBytes("/x", { host }));
    expect([status, reached()]).toEqual([400, []]);
    expect(body).not.toContain("<script>");
  });

  test.each([
    ["SHOP.Example.COM", "shop /x"],
    ["shop.example.com.", "shop /x"],
    ["shop.example.com:8443", "shop /x"],
    // Decoded and mapped as the URL standard says, before a key is made of it.
    ["shop%2Eexample%2Ecom", "shop /x"],
    ["shop。example。com", "shop /x"],
    ["evil.example", "rest /x"],
    ["shop.example.com.evil.example", "rest /x"],
    ["storefrontA", "rest /x"],
    ["storefronta", "rest /x"],
    ["[::1]", "rest /x"],
    ["127.1", "rest /x"],
  ])("%s leads to %s", async (host, expected) => {
    const bytes = Buffer.from(requestBytes("/x", { host }), "utf8").toString("latin1");
    await sendRaw(gateway.port, bytes);
    expect(reached()).toEqual([expected]);
  });

  test("credentials before the host choose nothing, and go nowhere", async () => {
    const host = "other.example.com:x@shop.example.com";
    await sendRaw(gateway.port, requestBytes("/x", { host }));
    expect(reached()).toEqual(["shop /x"]);
    expect(JSON.stringify(shop.requests[0]?.headerPairs)).not.toContain("other");
  });

  test("X-Forwarded-Host, X-Host and their like choose no tenant, and reach no origin", async () => {
    const names = [
      "x-forwarded-host",
      "x-host",
      "x-original-host",
      "x-http-host-override",
      "forwarded",
    ];
    const headers = Object.fromEntries(names.map((name) => [name, "other.example.com"]));
    const { headers: got } = (
      await visit(gateway.url, { host: "shop.example.com", path: "/x", headers })
    ).echo();
    expect(got["x-forwarded-host"]).toEqual(["shop.example.com"]);
    expect(JSON.stringify(got)).not.toContain("other.example.com");
  });
});

describe("forged fields", () => {
  const forge = async (headers: Record<string, string>) =>
    (await visit(gateway.url, { host: "other.example.com", path: "/x", headers })).echo().headers;

  test("in their underscore spelling (CVE-2015-0219)", async () => {
    const got = await forge({
      x_forwarded_for: "6.6.6.6",
      "x-switchyard_variant": "z",
      X_Real_IP: "6.6.6.6",
    });
    expect(Object.keys(got).filter((name) => name.includes("_"))).toEqual([]);
  });

  test("X-Original-URL and X-Rewrite-URL (CVE-2018-14773)", async () => {
    const got = await forge({ "x-original-url": "/admin", "x-rewrite-url": "/admin" });
    expect(JSON.stringify(got)).not.toContain("/admin");
  });

  test("Proxy (CVE-2016-5385)", async () => {
    expect(await forge({ proxy: "http://evil.example" })).not.toHaveProperty("proxy");
  });

  test("X-Forwarded-Prefix leads no redirect elsewhere (CVE-2020-15129)", async () => {
    const headers = { "x-forwarded-prefix": "//evil.example" };
    const answer = await visit(gateway.url, { path: "/storefrontA/redirect?to=/x", headers });
    expect(answer.header("location")).toBe("/storefrontA/x");
    expect(other.requests[0]?.headers["x-forwarded-prefix"]).toEqual(["/storefrontA"]);
  });

  test("Connection takes away nothing that the gateway adds (CVE-2021-33197, CVE-2022-31813)", async () => {
    const connection = "close, via, x-forwarded-for, x-forwarded-host, x-switchyard-route, host";
    expect(await forge({ connection })).toMatchObject({
      via: ["1.1 switchyard"],
      "x-forwarded-host": ["other.example.com"],
      "x-switchyard-route": ["other.example.com"],
    });
  });

  test("what a target or a query encodes injects no header (CWE-113)", async () => {
    const answer = await visit(gateway.url, {
      path: "/storefrontA/redirect?to=%2Fx%0d%0aSet-Cookie:%20a=b",
    });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.status).toBeGreaterThanOrEqual(300);
  });

  test("an error repeats nothing of the request (CWE-79)", async () => {
    const alone = await startBare({ policies: {} });
    try {
      const bytes = requestBytes("/-alert(1)/x?alert(2)", { fields: ["Accept: text/html"] });
      const answer = await sendRaw(alone.port, bytes);
      expect(answer.body).toContain("<p>No route for this request (route-not-found)<p>");
      expect(answer.body).not.toContain("alert");
      expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
      expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    } finally {
      await alone.close();
    }
  });

  test.each(["1.1 switchyard", "1.0 a, HTTP/1.1 SWITCHYARD (x)", "1.1 b , 1.1 switchyard"])(
    "a request that comes round again is a 508: %s",
    async (via) => {
      const answer = await visit(gateway.url, { path: "/storefrontA/x", headers: { via } });
      expect([answer.status, answer.json()]).toMatchObject([508, { code: "loop-detected" }]);
      expect(reached()).toEqual([]);
    },
  );

  test("an origin that is the gateway itself is found out in one round", async () => {
    gateway.put("ouroboros", { origin: `${gateway.url}/ouroboros` });
    const answer = await visit(gateway.url, { path: "/ouroboros/x" });
    expect([answer.status, answer.json()]).toMatchObject([508, { code: "loop-detected" }]);
  });
});

describe("behind a proxy that is trusted (TRUST_FORWARDED)", () => {
  test("its word about host, scheme, address and prefix counts; what has no such form does not", async () => {
    const trusting = await startBare({
      policies: { storefrontA: { origin: other.url } },
      vars: { TRUST_FORWARDED: "true" },
    });
    const to = encodeURIComponent(`${other.url}/x`);
    const path = `/storefrontA/redirect?to=${to}`;
    try {
      const told = {
        "x-forwarded-host": "outer.example",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "203.0.113.7",
        "x-forwarded-prefix": "/mount",
        forwarded: "for=203.0.113.7",
      };
      const answer = await visit(trusting.url, { path, headers: told });
      expect(answer.header("location")).toBe("https://outer.example/storefrontA/x");
      expect(other.requests[0]?.headers).toMatchObject({
        "x-forwarded-host": ["outer.example"],
        "x-forwarded-prefix": ["/mount/storefrontA"],
        forwarded: ['for=203.0.113.7, for=203.0.113.7;host="outer.example";proto=https'],
      });
      const odd = { "x-forwarded-host": 'evil.example/"', "x-forwarded-proto": "javascript" };
      const again = await visit(trusting.url, { path, headers: odd });
      expect(again.header("location")).toBe(`http://127.0.0.1:${trusting.port}/storefrontA/x`);
    } finally {
      await trusting.close();
    }
  });
});

test("a cookie without a path is its tenant's alone, also where the page is the tenant's first", async () => {
  const jar = openJar();
  await visit(gateway.url, { path: "/storefrontA", jar, headers: { "x-set": "1" } });
  const cookies = async (path: string) => jar.getCookieString(`${gateway.url}${path}`);
  expect(await cookies("/storefrontA/cart")).toBe("theirs=1");
  expect(await cookies("/storefrontB/cart")).toBe("");
});

describe("cookies", () => {
  const ask = (cookie: string | string[]) =>
    visit(gateway.url, { host: "shop.example.com", path: "/x", headers: { cookie } });

  test("a thousand go through, ours taken out", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `c${i}=${i}`);
    const answer = await ask([...many, "sy=1.AAAAAAAAAAAAAAAAAAAAAA.0.0"].join("; "));
    expect(answer.echo().headers["cookie"]).toEqual([many.join("; ")]);
  });

  test.each([
    ["another version", "sy=2.AAAAAAAAAAAAAAAAAAAAAA.0.0"],
    ["too short", "sy=1.AAAA.0.0"],
    ["too long", `sy=1.AAAAAAAAAAAAAAAAAAAAAA.0.0.${"a-b.".repeat(500)}`],
    ["not ours", "sy=<script>"],
    ["empty", "sy="],
    ["a name that objects have", "__proto__=1; constructor=2; sy=toString"],
    ["encoded wrongly", "sy=%E0%A4%A"],
  ])("a cookie that is %s counts as absent, and is replaced", async (_, cookie) => {
    const answer = await ask(cookie);
    expect(answer.status).toBe(200);
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/^sy=1\.[\w-]{22}\./);
    expect(JSON.stringify(answer.echo().headers["cookie"] ?? [])).not.toContain("sy=");
  });

  test("of several the first valid one counts, and none reaches the origin", async () => {
    const [one, two] = ["A", "B"].map(
      (letter) => `sy=1.${letter.repeat(22)}.${Date.now().toString(36)}.${Date.now().toString(36)}`,
    );
    const alone = await ask(one ?? "");
    const both = await ask(`sy=bad; ${one}; ${two}; keep=1`);
    expect(both.header("x-variant")).toBe(alone.header("x-variant"));
    expect(both.headers["set-cookie"]).toBeUndefined();
    expect(both.echo().headers["cookie"]).toEqual(["keep=1"]);
  });
});

test("KV was asked for keys of the contract's shapes and no others", () => {
  expect(gateway.keysRead.length).toBeGreaterThan(10);
  expect(gateway.keysRead.filter((key) => !KEY.test(key))).toEqual([]);
});

test("nothing went wrong inside, in any of these", () => {
  expect(gateway.log()).not.toMatch(/unhandled rejection|a request failed inside/);
});
