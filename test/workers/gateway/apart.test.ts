/** What the control plane is to the gateway: another Worker, of which it has one method and no secret. */
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";

import worker from "../../../src/index.ts";
import { BASE } from "../../../src/api/base.ts";
import { isReserved } from "../../../src/gateway/resolve/reserved.ts";
import { isRouteKey, pathCandidate } from "../../../src/policy/keys.ts";

const ORIGIN = "https://a.example.com";

const context = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext;

const ask = async (url: string, init: RequestInit = {}) =>
  worker.fetch(
    new Request(url, init) as Request<unknown, IncomingRequestCfProperties>,
    { ...env },
    context,
  );

const authorized = { headers: { authorization: "Bearer t" } };

afterEach(() => {
  vi.restoreAllMocks();
});

async function origins() {
  for (const key of ["shop.example.com", "*.example.com", "*"])
    await env.ROUTING_CONFIG.put(key, JSON.stringify(ORIGIN));
  return vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(
      async (request) => new Response(new URL(new Request(request).url).pathname),
    );
}

describe("the control plane's former place", () => {
  test("cannot be taken by a host key, a wildcard or a tenant, and never reaches an origin", async () => {
    const fetched = await origins();
    const spellings = [
      "/.switchyard/v1/routes",
      "/%2Eswitchyard/v1/routes",
      "/.switch%79ard/x",
      "/.switchyard",
      "/a/../.switchyard/v1",
      "/.switchyard/../.switchyard/v1",
      "//.switchyard/v1/routes",
      "///.switchyard",
      "/%2F.switchyard/v1",
      "/.switchyard%2Fv1%2Froutes",
      "/.switchyard;x=1/v1",
      "/;/.switchyard/v1",
      "/.;/.switchyard/v1",
      "/\\.switchyard/v1",
      "/%5C.switchyard/v1",
      "/%252Eswitchyard/v1",
      "/x/%2e%2e%2f.switchyard/v1",
      "/.SWITCHYARD/v1",
    ];
    const answers = await Promise.all(
      spellings.map(async (path) => {
        const { status } = await ask(`https://shop.example.com${path}`, authorized);
        return [path, status];
      }),
    );
    expect(answers).toEqual(spellings.map((path) => [path, 404]));
    expect(fetched).not.toHaveBeenCalled();
    for (const path of ["/.switchyards", "/x.y/.switchyard/"])
      expect(await (await ask(`https://shop.example.com${path}`)).text()).toBe(path);
  });

  test("is told from all others", () => {
    expect(isReserved("https://x.example.com/.switchyard")).toBe(true);
    expect(isReserved("https://x.example.com/.switchyardx")).toBe(false);
    expect(isReserved("https://x.example.com/.well-known/.switchyard")).toBe(false);
    expect(isReserved("https://x.example.com/?/.switchyard/")).toBe(false);
    expect(isReserved("https://x.example.com/a/b/.switchyard")).toBe(false);
    expect(isRouteKey(".switchyard")).toBe(false);
    expect(pathCandidate("/.switchyard/v1")).toBeUndefined();
  });
});

describe("the gateway", () => {
  test("has no API: its paths are an origin's like any other", async () => {
    await origins();
    for (const path of [`${BASE}/routes`, `${BASE}/openapi.json`]) {
      const response = await ask(`https://shop.example.com${path}`, authorized);
      expect([response.status, await response.text()]).toEqual([200, path]);
    }
  });

  test("is bound to nothing that can edit, and holds nobody's token", () => {
    const own = (names: object) =>
      Object.keys(names).filter((name) => !name.startsWith("__VITEST"));
    expect(own(env).toSorted()).toEqual([
      "ALLOW_PRIVATE_ORIGINS",
      // Which version of itself runs: its id, and no right.
      "CF_VERSION_METADATA",
      "EXPOSE_DECISION",
      "HUB",
      "ROUTING_CONFIG",
      "TENANT_BY",
    ]);
    expect(own(exports)).toEqual(["default"]);
  });
});
