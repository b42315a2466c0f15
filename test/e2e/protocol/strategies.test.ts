import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

let origins: Record<"one" | "two" | "three", Origin>;
let gateway: BareGateway;

const STRATEGIES = ["single", "weighted", "canary", "blue-green", "path-map"] as const;

beforeAll(async () => {
  const [one, two, three] = await Promise.all(
    ["one", "two", "three"].map((name) => startOrigin(name)),
  );
  if (one === undefined || two === undefined || three === undefined) throw new Error("no origins");
  origins = { one, two, three };
  const policies: Record<(typeof STRATEGIES)[number], unknown> = {
    single: { origin: one.url },
    weighted: {
      strategy: "weighted",
      variants: [
        { name: "a", origin: one.url, weight: 1 },
        { name: "b", origin: `${two.url}/base`, weight: 1 },
      ],
    },
    canary: { strategy: "canary", stable: one.url, canary: { url: two.url }, percent: 50 },
    "blue-green": { strategy: "blue-green", blue: one.url, green: two.url, active: "green" },
    "path-map": {
      strategy: "path-map",
      paths: {
        "/admin": three.url,
        "=/admin/": `${two.url}/just`,
        "=/": `${two.url}/root`,
        "/api": { origin: two.url, stripPrefix: true },
        "/store": { strategy: "canary", stable: one.url, canary: two.url, percent: 50 },
      },
      default: one.url,
    },
  };
  gateway = await startBare({
    policies: {
      ...Object.fromEntries(
        STRATEGIES.flatMap((name) => [
          [`${name}.example.com`, policies[name]],
          [`tenant-${name}`, policies[name]],
        ]),
      ),
      "through.example.com": { origin: { url: one.url, resolve: "host.example.com" } },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), ...Object.values(origins ?? {}).map((one) => one.close())]);
});

/** Where a strategy's variants lead, and how a path arrives there. */
const LEADS: Readonly<
  Record<string, readonly [path: string, ways: Record<string, [keyof typeof origins, string]>]>
> = {
  single: ["/x?q", { origin: ["one", "/x?q"] }],
  weighted: ["/x?q", { a: ["one", "/x?q"], b: ["two", "/base/x?q"] }],
  canary: ["/x?q", { stable: ["one", "/x?q"], canary: ["two", "/x?q"] }],
  "blue-green": ["/x?q", { green: ["two", "/x?q"] }],
  "path-map": ["/store/x?q", { stable: ["one", "/store/x?q"], canary: ["two", "/store/x?q"] }],
};

test("where there are no zones, an origin's `resolve` is ignored, and its URL's host connected to", async () => {
  const answer = await visit(gateway.url, { host: "through.example.com", path: "/x" });
  expect(answer.status).toBe(200);
  expect(origins.one.requests.at(-1)?.headers["host"]).toEqual([new URL(origins.one.url).host]);
});

describe.each([
  ["by host", (name: string) => ({ host: `${name}.example.com`, prefix: "" })],
  ["by path", (name: string) => ({ host: "any.example", prefix: `/tenant-${name}` })],
] as const)("a tenant %s", (_, at) => {
  test.each(STRATEGIES)("%s leads where it says, every visitor to one variant", async (name) => {
    const { host, prefix } = at(name);
    const [path, ways] = LEADS[name] ?? ["", {}];
    const met = new Set<string>();
    for (let visitor = 0; visitor < 20; visitor++) {
      const jar = openJar();
      const first = await visit(gateway.url, { host, jar, path: prefix + path });
      const variant = first.header("x-variant") ?? "";
      met.add(variant);
      const [origin, url] = ways[variant] ?? [];
      expect(first.echo()).toMatchObject({ origin, url });
      expect(first.echo().headers).toMatchObject({
        "x-switchyard-variant": [variant],
        "x-forwarded-host": [host],
        via: ["1.1 switchyard"],
      });
      expect(first.echo().headers["x-forwarded-prefix"]).toEqual(
        prefix === "" ? undefined : [prefix],
      );
      const again = await visit(gateway.url, { host, jar, path: prefix + path });
      expect(again.header("x-variant")).toBe(variant);
      expect(again.echo().headers).not.toHaveProperty("cookie");
    }
    expect([...met].toSorted()).toEqual(Object.keys(ways).toSorted());
  });

  test.each([
    ["/admin", "three", "/admin"],
    ["/admin/", "two", "/just/admin/"],
    ["/%61dmin/", "two", "/just/admin/"],
    ["/admin//", "three", "/admin//"],
    ["/about", "one", "/about"],
    ["/%61dmin/x", "three", "/admin/x"],
    ["/administrator", "one", "/administrator"],
    ["/Admin", "one", "/Admin"],
    ["/admin%2Fx", "one", "/admin%2Fx"],
    ["/x/../admin", "three", "/admin"],
    ["/api/v1", "two", "/v1"],
    ["/api", "two", "/"],
    ["/", "two", "/root/"],
  ])("the map leads %s to %s as %s", async (path, origin, url) => {
    const { host, prefix } = at("path-map");
    const answer = await visit(gateway.url, { host, path: prefix + path });
    expect(answer.echo()).toMatchObject({ origin, url });
  });

  test("the visitor's cookie is for this tenant only", async () => {
    const { host, prefix } = at("weighted");
    const answer = await visit(gateway.url, { host, path: `${prefix}/x` });
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(
      new RegExp(
        `^sy=1\\.[\\w-]{22}\\.\\w+\\.\\w+; Max-Age=2592000; Path=${prefix || "/"}; HttpOnly; SameSite=Lax$`,
      ),
    );
    expect(answer.header("cache-control")).toBe("private");
    expect(answer.header("vary")).toBe("cookie");
  });
});

describe("EXPOSE_DECISION=false", () => {
  test("tells the client nothing, and the origin all", async () => {
    const silent = await startBare({
      policies: {
        storefrontA: {
          strategy: "canary",
          stable: origins.one.url,
          canary: origins.two.url,
          percent: 0,
        },
      },
      vars: { EXPOSE_DECISION: "false" },
    });
    try {
      const answer = await visit(silent.url, { path: "/storefrontA/x" });
      const told = Object.keys(answer.headers).filter((name) => /^x-(?!origin)/.test(name));
      expect(told).toEqual([]);
      expect(answer.echo().headers).toMatchObject({
        "x-switchyard-route": ["storefrontA"],
        "x-switchyard-variant": ["stable"],
      });
      const missing = await visit(silent.url, { path: "/nobody/x" });
      expect([missing.status, missing.header("x-served-by")]).toEqual([404, undefined]);
    } finally {
      await silent.close();
    }
  });
});

// Cloudflare's worked example of routing with Workers KV (2025-03-03): its keys and values, and what it promises of them.
describe("data written for Cloudflare's example works unchanged", () => {
  const SEED = {
    storefrontA: '{"origin": "https://storefrontA-server.example.com"}',
    storefrontB: '{"origin": "https://storefrontB-server.example.com"}',
    storefrontC: '{"origin": "https://storefrontC-server.example.com"}',
  };
  let everywhere: Origin;
  let example: BareGateway;

  beforeAll(async () => {
    everywhere = await startOrigin("everywhere");
    example = await startBare({
      policies: SEED,
      vars: { ALLOW_PRIVATE_ORIGINS: "false" },
      outboundPort: everywhere.port,
    });
  });

  afterAll(async () => {
    await Promise.all([example?.close(), everywhere?.close()]);
  });

  test.each(["A", "B", "C"])("storefront%s", async (letter) => {
    const answer = await visit(example.url, {
      path: `/storefront${letter}/cart/7?a=b&c`,
      body: "hi",
    });
    expect(answer.echo()).toMatchObject({
      method: "POST",
      url: "/cart/7?a=b&c",
      body: { bytes: 2 },
    });
    expect(answer.echo().headers["host"]).toEqual([
      `storefront${letter.toLowerCase()}-server.example.com`,
    ]);
    expect(answer.header("x-served-by")).toBe("switchyard");
    expect(answer.header("x-route")).toBe(`storefront${letter}`);
  });

  test.each([
    ["/", 400, "tenant-required"],
    ["/storefrontD/x", 404, "route-not-found"],
    ["/storefronta/x", 404, "route-not-found"],
  ])("%s is a %i", async (path, status, code) => {
    const answer = await visit(example.url, { path });
    expect([answer.status, answer.json()]).toMatchObject([status, { code }]);
  });
});
