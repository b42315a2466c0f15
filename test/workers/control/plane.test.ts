import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { readConfig, type Env } from "../../../src/config.ts";
import { BASE } from "../../../src/api/base.ts";
import { administer } from "../../../src/control/plane.ts";
import { isReserved } from "../../../src/gateway/resolve/reserved.ts";
import edge from "../../../src/edge.ts";
import worker from "../../../src/index.ts";
import { isRouteKey, pathCandidate } from "../../../src/policy/keys.ts";
import { A, digest } from "./api.ts";

const TOKENS = JSON.stringify([
  { name: "ci", sha256: await digest("t"), role: "write", scope: "*" },
]);
const on: Env = { ...env, ADMIN_TOKENS: TOKENS };

const context = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext;

const ask = async (url: string, environment: Env, init: RequestInit = {}) =>
  worker.fetch(
    new Request(url, init) as Request<unknown, IncomingRequestCfProperties>,
    environment,
    context,
  );

const authorized = { headers: { authorization: "Bearer t" } };

describe("the control plane", () => {
  it("is off where nothing is configured, looks like nothing, and says so in the log once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const off: Env = { ...env };
    const unknown = await ask("https://x.example.com/nobody-here", off);
    const reserved = await ask(`https://x.example.com${BASE}/routes`, off, authorized);
    expect(unknown.status).toBe(404);
    expect(await reserved.json()).toEqual(await unknown.json());
    expect(reserved.headers.get("www-authenticate")).toBeNull();
    await ask(`https://x.example.com${BASE}/routes`, off);
    const said = warn.mock.calls
      .map(([line]) => String(line))
      .filter((line) => line.includes("control plane is off"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("neither ADMIN_TOKENS nor ADMIN_ACCESS");
    warn.mockRestore();
  });

  it("is off where its ledgers are not bound, or its secret is wrong, and traffic flows on", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const broken of [
      { ...on, LEDGER: undefined },
      { ...on, ADMIN_TOKENS: "not JSON" },
    ]) {
      const environment = broken as unknown as Env;
      expect(
        (await ask(`https://x.example.com${BASE}/routes`, environment, authorized)).status,
      ).toBe(404);
      expect((await ask("https://x.example.com/nobody-here", environment)).status).toBe(404);
      expect(() => readConfig(environment)).not.toThrow();
    }
    warn.mockRestore();
  });

  it("answers on its one host alone, where one is named", async () => {
    const confined: Env = { ...on, ADMIN_HOST: "admin.example.com" };
    const status = async (host: string) =>
      (await ask(`https://${host}${BASE}/routes`, confined, authorized)).status;
    expect([await status("admin.example.com"), await status("shop.example.com")]).toEqual([
      200, 404,
    ]);
    expect((await ask(`https://any.example.com${BASE}/routes`, on, authorized)).status).toBe(200);
  });

  it("cannot be shadowed by a host key, a wildcard or a tenant, and never reaches an origin", async () => {
    const fetched = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation(async () => new Response("an origin"));
    for (const key of ["shop.example.com", "*.example.com", "*"])
      await env.ROUTING_CONFIG.put(key, JSON.stringify(A));
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
    for (const path of spellings) {
      for (const environment of [on, { ...env }]) {
        const response = await ask(`https://shop.example.com${path}`, environment, authorized);
        expect(`${path} ${await response.text()}`).not.toContain("an origin");
      }
    }
    expect(fetched).not.toHaveBeenCalled();
    expect(await (await ask("https://shop.example.com/.switchyards", on)).text()).toBe("an origin");
    expect(await (await ask("https://shop.example.com/x/.switchyard/", on)).text()).toBe(
      "an origin",
    );
    expect(isRouteKey(".switchyard")).toBe(false);
    expect(pathCandidate("/.switchyard/v1")).toBeUndefined();
    // The data plane alone has no control plane to ask, and keeps the token all the same.
    for (const path of ["/.switchyard/v1/routes", "//.switchyard/v1", "/%2eswitchyard"]) {
      const asked = new Request(`https://shop.example.com${path}`, authorized);
      const response = await edge.fetch(
        asked as Request<unknown, IncomingRequestCfProperties>,
        { ...env },
        context,
      );
      expect(response.status).toBe(404);
    }
    expect(fetched).toHaveBeenCalledTimes(2);
    fetched.mockRestore();
  });

  it("tells its own paths from all others", () => {
    expect(isReserved("https://x.example.com/.switchyard")).toBe(true);
    expect(isReserved("https://x.example.com/.switchyardx")).toBe(false);
    expect(isReserved("https://x.example.com/.well-known/.switchyard")).toBe(false);
    expect(isReserved("https://x.example.com/?/.switchyard/")).toBe(false);
  });

  it("serves its documents to anybody, and nothing else", async () => {
    const schema = await ask(`https://x.example.com${BASE}/policy.schema.json`, on);
    expect(schema.headers.get("content-type")).toBe("application/schema+json");
    expect(await schema.json()).toMatchObject({ $ref: "#/$defs/Policy" });
    expect(await (await ask(`https://x.example.com${BASE}/openapi.json`, on)).json()).toMatchObject(
      { openapi: "3.1.0" },
    );
    expect((await ask(`https://x.example.com${BASE}/openapi.json`, { ...env })).status).toBe(404);
    expect(
      (await ask(`https://x.example.com${BASE}/openapi.json`, on, { method: "POST" })).status,
    ).toBe(401);
  });

  it("answers through the Worker as a whole: an edit made, published and served", async () => {
    const url = `https://x.example.com${BASE}/routes/whole`;
    const headers = {
      ...authorized.headers,
      "content-type": "application/json",
      "if-none-match": "*",
    };
    const made = await ask(url, on, {
      method: "PUT",
      headers,
      body: JSON.stringify({ policy: A }),
    });
    expect(made.status).toBe(201);
    expect(
      await administer(new Request(url, authorized), on, undefined, readConfig(on)),
    ).toMatchObject({ status: 200 });
    const fetched = vi
      .spyOn(globalThis, "fetch")
      .mockImplementation(async () => new Response("an origin"));
    expect(await (await ask("https://x.example.com/whole/", on)).text()).toBe("an origin");
    fetched.mockRestore();
  });
});
