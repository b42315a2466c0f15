/** What a request may cost, in operations that can be counted: no clock, so nothing here depends on how busy a machine is. */
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";

import { readConfig } from "../../src/config/gateway.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import { handle } from "../../src/gateway/handle.ts";
import { workerPlatform } from "../../src/gateway/platform.ts";

const REQUESTS = 1000;

/** A thousand requests through the whole gateway, on a busy machine. */
const TIMEOUT = { timeout: 30_000 };

const NOW = Date.UTC(2026, 11, 1, 9);
const MEMORY_TTL_MS = 10_000;
const COOKIE = "theme=dark; sy=1.AAAAAAAAAAAAAAAAAAAAAA.mgx0a1b2.mgx0a1b2; consent=all";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const split = (tenant: string) => ({
  strategy: "weighted",
  variants: [
    { name: "control", origin: `https://one.${tenant}.example.com`, weight: 90 },
    { name: "treatment", origin: `https://two.${tenant}.example.com`, weight: 10 },
  ],
});

interface Visit {
  readonly status?: number;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway in this isolate on its real KV, with everything it does to KV and to policy texts counted. */
async function open(tenants: readonly string[]) {
  const put = async (tenant: string, policy: unknown) =>
    env.ROUTING_CONFIG.put(tenant, JSON.stringify(policy));
  for (const tenant of tenants) await put(tenant, split(tenant));
  const clock = { now: NOW };
  const counted = { reads: 0, keys: 0, fetches: 0 };
  const config = readConfig({
    ...env,
    TENANT_BY: "path",
    MEMORY_TTL_SECONDS: String(MEMORY_TTL_MS / 1000),
  });
  const gateway = createGateway(
    config,
    {
      read: async (keys) => {
        counted.reads += 1;
        counted.keys += keys.length;
        return env.ROUTING_CONFIG.getWithMetadata(keys, { type: "text" });
      },
    },
    undefined,
    {
      ...workerPlatform,
      now: () => clock.now,
      fetch: async () => {
        counted.fetches += 1;
        return new Response("ok");
      },
    },
  );
  const parses = vi.spyOn(JSON, "parse");
  const visit = async (
    tenant: string,
    { status = 200, method = "GET", headers = {} }: Visit = {},
  ) => {
    const behind: Promise<unknown>[] = [];
    const known = { cookie: COOKIE, connection: "keep-alive", "cf-connecting-ip": "203.0.113.7" };
    const request = new Request(`https://shop.example.com/${tenant}/products/42`, {
      method,
      headers: { ...known, ...headers },
    });
    const response = await handle(request, gateway, (work) => behind.push(work));
    await Promise.all(behind);
    expect(response.status).toBe(status);
  };
  /** Texts of policies that were parsed, this tenant's or anybody's. */
  const parsed = (tenant = "") =>
    parses.mock.calls.filter(([text]) => text.includes(`one.${tenant}`)).length;
  return { clock, counted, visit, parsed, put };
}

test(
  "a hot tenant is read from KV once per TTL, and its unchanged text is parsed once",
  TIMEOUT,
  async () => {
    const { clock, counted, visit, parsed } = await open(["hot"]);
    const stepMs = 100;
    for (let index = 0; index < REQUESTS; index += 1) {
      await visit("hot");
      clock.now += stepMs;
    }
    expect(counted.reads).toBeLessThanOrEqual((REQUESTS * stepMs) / MEMORY_TTL_MS);
    expect(counted.reads).toBeGreaterThan(1);
    expect(parsed("hot")).toBe(1);
    expect(counted.fetches).toBe(REQUESTS);
  },
);

const ORIGIN = "https://one.ends.example.com";
const PREFLIGHT = { origin: "https://www.example.com", "access-control-request-method": "PUT" };

test.each<[string, unknown, Visit]>([
  ["a redirect", { strategy: "redirect", scheme: "https", host: "a.example" }, { status: 302 }],
  ["an answer of its own", { strategy: "respond", status: 503 }, { status: 503 }],
  [
    "a redirect by a rule, ahead of a mirror",
    {
      origin: ORIGIN,
      mirror: { origin: ORIGIN, percent: 100 },
      rules: [
        { name: "r", match: { method: "GET" }, policy: { strategy: "redirect", path: "/a" } },
      ],
    },
    { status: 302 },
  ],
  [
    "a preflight",
    { origin: ORIGIN, cors: { origins: ["https://www.example.com"], methods: ["PUT"] } },
    { status: 204, method: "OPTIONS", headers: PREFLIGHT },
  ],
])("%s costs no subrequest beside one KV read per TTL", async (_, policy, asked) => {
  const { counted, visit, put } = await open([]);
  await put("ends", policy);
  for (let index = 0; index < 100; index += 1) await visit("ends", asked);
  expect(counted).toEqual({ reads: 1, keys: 2, fetches: 0 });
});

test("fifty tenants within one TTL cost one read and one parse each", TIMEOUT, async () => {
  const tenants = Array.from({ length: 50 }, (_, index) => `t${index}`);
  const { counted, visit, parsed } = await open(tenants);
  for (let index = 0; index < REQUESTS; index += 1) await visit(`t${(index * 7) % 50}`);
  expect(counted.reads).toBe(50);
  // The tenant's own key and, once, the one for everybody else.
  expect(counted.keys).toBe(51);
  expect(parsed()).toBe(50);
});

test("a changed text is parsed once more, and only the changed one", TIMEOUT, async () => {
  const { clock, visit, parsed, put } = await open(["edited", "kept"]);
  const both = async () => {
    await visit("edited");
    await visit("kept");
  };
  await both();
  await put("edited", { ...split("edited"), epoch: 1 });
  for (let round = 0; round < 5; round += 1) {
    clock.now += MEMORY_TTL_MS;
    await both();
  }
  expect(parsed("edited")).toBe(2);
  expect(parsed("kept")).toBe(1);
});

/** Classes of the platform whose objects cost a call into the runtime each. */
const CLASSES = {
  AbortController,
  Headers,
  ReadableStream,
  Request,
  Response,
  URL,
  URLSearchParams,
};

/** Objects of the test's own in each visit: the visitor's request and the origin's response. */
const OWN = 2;

/** The request to the origin, the response to the visitor, and what aborts the first when its time is over. */
const MOST_OBJECTS = 3;

test(
  "a request for a policy in memory makes few workerPlatform objects, and one timer",
  TIMEOUT,
  async () => {
    const { visit } = await open(["objects"]);
    await visit("objects");
    const made: string[] = [];
    for (const [name, target] of Object.entries<new (...parameters: never[]) => object>(CLASSES)) {
      vi.stubGlobal(
        name,
        new Proxy(target, {
          construct(constructor, parameters: never[]) {
            made.push(name);
            return new constructor(...parameters);
          },
        }),
      );
    }
    const timers = vi.spyOn(globalThis, "setTimeout");
    for (let index = 0; index < REQUESTS; index += 1) await visit("objects");
    expect(made.length / REQUESTS - OWN).toBeLessThanOrEqual(MOST_OBJECTS);
    expect(timers.mock.calls.length / REQUESTS).toBe(1);
  },
);
