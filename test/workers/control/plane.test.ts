import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { readControl, type ControlEnv } from "../../../src/config/control.ts";
import { BASE } from "../../../src/api/base.ts";
import worker from "../../../src/control/index.ts";
import { A, digest } from "./api.ts";

const TOKENS = JSON.stringify([
  { name: "ci", sha256: await digest("t"), role: "write", scope: "*" },
]);
const on: ControlEnv = { ...env, ADMIN_TOKENS: TOKENS };

const context = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext;

const ask = async (url: string, environment: ControlEnv, init: RequestInit = {}) =>
  worker.fetch(
    new Request(url, init) as Request<unknown, IncomingRequestCfProperties>,
    environment,
    context,
  );

const authorized = { headers: { authorization: "Bearer t" } };

describe("the control plane", () => {
  it("is off where nothing is configured, looks like nothing, and says so in the log once", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const off: ControlEnv = { ...env };
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

  it("is off where its ledgers are not bound, or its secret is wrong, and says nothing else", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const broken of [
      { ...on, LEDGER: undefined },
      { ...on, ADMIN_TOKENS: "not JSON" },
    ]) {
      const environment = broken as unknown as ControlEnv;
      expect(
        (await ask(`https://x.example.com${BASE}/routes`, environment, authorized)).status,
      ).toBe(404);
      expect((await ask("https://x.example.com/nobody-here", environment)).status).toBe(404);
      expect(() => readControl(environment)).not.toThrow();
    }
    warn.mockRestore();
  });

  it("answers on its one host alone, where one is named", async () => {
    const confined: ControlEnv = { ...on, ADMIN_HOST: "admin.example.com" };
    const status = async (host: string) =>
      (await ask(`https://${host}${BASE}/routes`, confined, authorized)).status;
    expect([await status("admin.example.com"), await status("shop.example.com")]).toEqual([
      200, 404,
    ]);
    expect((await ask(`https://any.example.com${BASE}/routes`, on, authorized)).status).toBe(200);
  });

  it("serves no tenant's page, and never asks an origin", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    for (const key of ["shop.example.com", "*.example.com", "*", "v1", "shop"])
      await env.ROUTING_CONFIG.put(key, JSON.stringify(A));
    const answers = await Promise.all(
      ["/shop", "/shop/cart", "/v1", "/v1x/routes", "/.switchyard/v1/routes", "//v1/routes"].map(
        async (path) => {
          const response = await ask(`https://shop.example.com${path}`, on, authorized);
          return [path, response.status, await response.json()] as const;
        },
      ),
    );
    for (const [path, status, body] of answers)
      expect([path, status, body]).toMatchObject([path, 404, { code: "not-found" }]);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
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

  it("answers through the Worker as a whole: an edit made and published", async () => {
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
    expect(await (await ask(url, on, authorized)).json()).toMatchObject({
      version: 1,
      published: 1,
    });
    expect(await env.ROUTING_CONFIG.get("whole")).toBe(JSON.stringify(A));
  });
});
