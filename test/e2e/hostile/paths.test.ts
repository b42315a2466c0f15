import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

let inner: Origin;
let outer: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  [inner, outer] = await Promise.all([startOrigin("inner"), startOrigin("outer")]);
  gateway = await startBare({
    policies: {
      "shop.example.com": {
        strategy: "path-map",
        paths: {
          "/public": { origin: `${outer.url}/base`, stripPrefix: true },
          "/admin": { origin: inner.url },
        },
        default: `${outer.url}/base`,
      },
      storefrontA: { origin: `${outer.url}/base` },
      storefrontB: { origin: inner.url },
    },
    vars: { MEMORY_TTL_SECONDS: "3600" },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), inner?.close(), outer?.close()]);
});

afterEach(() => {
  inner.forget();
  outer.forget();
});

/** Who got a request for this target, and under which path: `outer /base/x`; the status where nobody did. */
async function reach(target: string, host = "shop.example.com"): Promise<string> {
  const { status, body } = await sendRaw(gateway.port, requestBytes(target, { host }));
  const got = [
    ...inner.requests.map((r) => `inner ${r.url}`),
    ...outer.requests.map((r) => `outer ${r.url}`),
  ];
  expect(got.length).toBeLessThanOrEqual(1);
  expect(status).not.toBe(500);
  expect(body).not.toMatch(/\bat \w+ \(|index\.js|Error:/);
  return got[0] ?? String(status);
}

describe("dot segments: resolved before anything is matched, and never again (CVE-2021-41773, CVE-2021-28164)", () => {
  test.each([
    ["/public/../admin/x", "inner /admin/x"],
    ["/public/%2e%2e/admin/x", "inner /admin/x"],
    ["/public/%2E./admin/x", "inner /admin/x"],
    ["/public/.%2e/admin/x", "inner /admin/x"],
    ["/public/./x", "outer /base/x"],
    ["/../../x", "outer /base/x"],
    ["/public/..", "outer /base/"],
    // Encoded twice they are not dots, here or at the origin.
    ["/public/%252e%252e/admin/x", "outer /base/%252e%252e/admin/x"],
    // A stray percent sign beside encoded digits, CVE-2021-42013: it left the base path here, too.
    ["/public/%%32%65%%32%65/admin/x", "outer /base/%252e%252e/admin/x"],
    ["/%%32%65%%32%65/x", "outer /base/%252e%252e/x"],
    ["/public/%2%65/x", "outer /base/%252e/x"],
    ["/public/...;/x", "outer /base/...;/x"],
  ])("%s reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });

  test.each([
    ["/storefrontA/../storefrontB/x", "inner /x"],
    ["/storefrontA/%2e%2e/storefrontB/x", "inner /x"],
    ["/storefrontA/..%2fstorefrontB/x", "outer /base/..%2FstorefrontB/x"],
    ["/storefrontA/%%32%65%%32%65/x", "outer /base/%252e%252e/x"],
  ])("between tenants: %s reaches %s, decided by the resolved path", async (target, reached) => {
    expect(await reach(target, "any.example")).toBe(reached);
  });
});

describe("encoded slashes are not separators (CVE-2021-29492)", () => {
  test.each([
    ["/public%2f..%2fadmin/x", "outer /base/public%2F..%2Fadmin/x"],
    ["/admin%2Fx", "outer /base/admin%2Fx"],
    ["/public/..%2f..%2fadmin", "outer /base/..%2F..%2Fadmin"],
    ["/public/x%2F%2e%2e%2Fadmin", "outer /base/x%2F..%2Fadmin"],
    ["/%2fadmin", "outer /base/%2Fadmin"],
  ])("%s reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });
});

describe("backslashes (CVE-2018-1271)", () => {
  // The URL standard reads them as slashes, and so the gateway has them before it matches.
  test.each([
    ["/public\\..\\admin\\x", "inner /admin/x"],
    ["\\admin\\x", "400"],
    ["/public/..%5cadmin", "outer /base/..%5Cadmin"],
    ["/%5cadmin", "outer /base/%5Cadmin"],
  ])("%s reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });
});

describe("path parameters are part of their segment (CVE-2020-5902)", () => {
  test.each([
    ["/public/..;/admin/x", "outer /base/..;/admin/x"],
    ["/admin;x=1/x", "outer /base/admin;x=1/x"],
    ["/public;/x", "outer /base/public;/x"],
    ["/public/x;a=b", "outer /base/x;a=b"],
  ])("%s reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });
});

describe("doubled slashes are kept, and name no host (CVE-2021-31920, CVE-2018-14574)", () => {
  test.each([
    ["//admin/x", "outer /base//admin/x"],
    ["//evil.example/x", "outer /base//evil.example/x"],
    ["/public//evil.example", "outer /base//evil.example"],
    ["///x", "outer /base///x"],
    ["/admin//x", "inner /admin//x"],
  ])("%s reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });

  test("the first segment of such a path is empty, and so no tenant", async () => {
    expect(await reach("//storefrontB/x", "any.example")).toBe("404");
  });
});

describe("bytes that no path has (CVE-2013-4547, CVE-2000-0884, CVE-2021-34429)", () => {
  test.each([
    ["/x\0y", "400"],
    ["/x\u0001y", "400"],
    ["/public/%00", "outer /base/%00"],
    ["/admin%00/x", "outer /base/admin%00/x"],
    ["/\xc0\xaf..\xc0\xafadmin", "400"],
    ["/public/..%c0%afadmin", "outer /base/..%C0%AFadmin"],
    ["/public/%c0%ae%c0%ae/admin", "outer /base/%C0%AE%C0%AE/admin"],
    ["/public/%e0%80%af", "outer /base/%E0%80%AF"],
    ["/%ff%fe", "outer /base/%FF%FE"],
    ["/public/%u002e%u002e/admin", "outer /base/%25u002e%25u002e/admin"],
    ["/x%0d%0aX-Injected:%201", "outer /base/x%0D%0AX-Injected:%201"],
    ["/x\tadmin", "400"],
  ])("%j reaches %s", async (target, reached) => {
    expect(await reach(target)).toBe(reached);
  });
});

describe("the control plane's own path reaches no origin in any spelling: it may carry a token", () => {
  test.each([
    "/.switchyard",
    "/.switchyard/routes",
    "/%2eswitchyard/routes",
    "/.%73witchyard/routes",
    "/./.switchyard/routes",
    "/x/../.switchyard/routes",
    "/x/%2e%2e/%2Eswitchyard/routes",
    "//../.switchyard/routes",
    "/x\\..\\.switchyard/routes",
    "http://shop.example.com/x/../.switchyard/routes",
    // What some servers take off.
    "/.switchyard%00",
    "/%20.switchyard/routes",
    "/.switchyard./routes",
    "/.switchyard%3fx",
    // A tenant's segment is taken off, and the rest would be its origin's.
    "/storefrontA/.switchyard/routes",
    "/storefrontA/%2Eswitchyard/routes",
  ])("%s is a 404 here", async (target) => {
    expect(await reach(target)).toBe("404");
  });

  test("and a URL that is none is not a path of it (found by fuzzing: a 500)", async () => {
    expect(await reach("/.?", "a b")).toBe("400");
  });
});

describe("targets in other forms (CVE-2011-3368)", () => {
  test("the authority of an absolute target does not choose the tenant: Host does", async () => {
    expect(await reach("http://other.example.com/admin/x")).toBe("inner /admin/x");
  });

  test.each([
    ["x", ["outer /base/x", "outer /base/", "400"]],
    ["http://shop.example.com", ["outer /base/"]],
    ["?x", ["400"]],
    ["/x#fragment", ["outer /base/x"]],
    ["shop.example.com:443", ["outer /base/", "outer /base/shop.example.com:443", "400"]],
    ["@evil.example/x", ["outer /base/x", "400"]],
    [":80/x", ["outer /base/x", "400"]],
  ])("%s is harmless", async (target, outcomes) => {
    expect(outcomes).toContain(await reach(target));
  });

  // The runtime glues it to the host; a host with a `*` is none.
  test("OPTIONS * is a 400", async () => {
    const bytes = requestBytes("*", { method: "OPTIONS" });
    expect((await sendRaw(gateway.port, bytes)).status).toBe(400);
  });

  // The runtime's own: it asks the Worker for a handler that opens tunnels, and this one has none.
  test("CONNECT opens no tunnel", async () => {
    const bytes = requestBytes("inner.example:80", { method: "CONNECT" });
    expect((await sendRaw(gateway.port, bytes)).status).toBeGreaterThanOrEqual(400);
    expect([...inner.requests, ...outer.requests]).toEqual([]);
  });

  test("a target of sixty thousand characters gets an answer that is no 500", async () => {
    const { status } = await sendRaw(gateway.port, requestBytes(`/public/${"a/".repeat(30_000)}`));
    expect([414, 431]).toContain(status);
  });
});
