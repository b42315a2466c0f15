import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { Health } from "../../../src/api/health-form.ts";
import type { ControlEnv } from "../../../src/config/control.ts";
import { KNOWN_MS } from "../../../src/control/health/public.ts";
import { PART_MS } from "../../../src/control/health/check.ts";
import { RELEASE } from "../../../src/lib/release.ts";
import { shardName, SHARDS } from "../../../src/report/shard.ts";
import { admin, api, logged, respond, testEnv, TOKENS, type Ask } from "./api.ts";

const never = async () => new Promise<never>(() => {});
const SECRET_WORDS = "an internal word";
const fails = async (): Promise<never> => {
  throw new Error(SECRET_WORDS);
};

/** The bindings of the tests, with one part that is not well. */
const without = (change: object): ControlEnv => ({ ...testEnv, ...change });
const deadKv = (get: () => Promise<never>) =>
  without({ ROUTING_CONFIG: new Proxy(env.ROUTING_CONFIG, { get: () => get }) });
const deadShard = (dead: number, call: () => Promise<never>) =>
  without({
    HUBS: {
      getByName: (name: string) =>
        name === shardName(dead) ? { health: call } : env.HUBS?.getByName(name),
    },
  });

/** Lets what waits for so long or less go on at once, and notes how long that was. */
function hurried() {
  const waits: number[] = [];
  const sleep: Ask["sleep"] = async (ms, signal) => {
    waits.push(ms);
    await scheduler.wait(50, { signal });
  };
  return { waits, sleep };
}

async function told(ask: Ask = {}): Promise<{ status: number; health: Health }> {
  const { status, body } = await api("GET", "/health", { token: TOKENS.read, ...ask });
  const health = (status === 200 ? body : body["health"]) as Health;
  return { status, health };
}

beforeEach(() => {
  logged.length = 0;
});

describe("health with a token", () => {
  it("tells of every part, and of whoever asks", async () => {
    const { status, health } = await told();
    expect(status).toBe(200);
    expect(health).toMatchObject({
      status: "ok",
      caller: { name: "the-reader", role: "read", scope: ["*"] },
      parts: {
        config: { status: "warn", tenantBy: ["host", "path"], visitorKey: false },
        kv: { status: "ok" },
        ledger: { status: "ok" },
        hub: { words: expect.any(String) as string },
        version: { control: RELEASE },
      },
    });
    expect(health.parts.config.overrideSecret).toBe(true);
    expect(health.parts.config.sessionKey).toBe(false);
    const withKey = await api("GET", "/health", {
      admin: { ...admin, sessionKey: "ab".repeat(32) },
    });
    expect(withKey.body).toMatchObject({ parts: { config: { sessionKey: true } } });
    expect(JSON.stringify(withKey.body)).not.toContain("abab");
    expect(health.parts.hub.shards.map(({ shard }) => shard)).toEqual(
      Array.from({ length: SHARDS }, (_, shard) => shard),
    );
    expect(health.parts.hub.shards.every((one) => one.status !== "failing")).toBe(true);
  });

  it("tells when reports come in, and of which release their gateways are", async () => {
    const stub = env.HUBS?.getByName(shardName(3));
    const report = { v: 1, isolate: "older", sequence: 1, routes: [], lookups: [], since: 0 };
    await stub?.report(3, JSON.stringify({ ...report, release: "0.0.9", worker: "w-old" }));
    const other = env.HUBS?.getByName(shardName(4));
    await other?.report(4, JSON.stringify({ ...report, isolate: "new", release: RELEASE }));
    const { status, health } = await told();
    expect(status).toBe(200);
    expect(health.parts.version.gateways).toContain("0.0.9");
    const older = health.parts.version.serving?.find(({ worker }) => worker === "w-old");
    expect(older).toMatchObject({ release: "0.0.9", share: 0.5 });
    expect(health.parts.version).toMatchObject({
      status: "warn",
      words: expect.stringContaining("0.0.9") as string,
    });
    expect(health.parts.hub.reportedAt).not.toBeNull();
    expect(health.parts.hub.shards[3]?.reportedAt).not.toBeNull();
  });

  it("makes no history for the route that it looks for, which is none", async () => {
    await told();
    expect((await api("GET", "/routes")).body["routes"]).toEqual([]);
  });

  it.each([
    ["KV fails", "kv", deadKv(fails)],
    ["KV hangs", "kv", deadKv(never)],
    ["the ledger fails", "ledger", without({ LEDGER: { getByName: () => ({ latest: fails }) } })],
    ["the ledger hangs", "ledger", without({ LEDGER: { getByName: () => ({ latest: never }) } })],
    ["the ledger is not bound", "ledger", without({ LEDGER: undefined })],
    ["one shard of the hub fails", "hub", deadShard(7, fails)],
    ["one shard of the hub hangs", "hub", deadShard(7, never)],
  ] as const)(
    "is 503 where %s, in bounded time, and keeps why to the log",
    async (_, part, its) => {
      const { waits, sleep } = hurried();
      const { status, health } = await told({ env: its, sleep });
      expect(status).toBe(503);
      expect(health.status).toBe("failing");
      expect(health.parts[part].status).toBe("failing");
      const others = (["config", "kv", "ledger", "hub", "version"] as const).filter(
        (one) => one !== part,
      );
      for (const one of others) expect(health.parts[one].status).not.toBe("failing");
      expect(Math.max(...waits)).toBe(PART_MS);
      expect(JSON.stringify(health)).not.toContain(SECRET_WORDS);
      expect(logged.some((line) => line.includes("unhealthy"))).toBe(true);
    },
  );

  it("names the shards that do not answer", async () => {
    const { health } = await told({ env: deadShard(7, fails) });
    expect(health.parts.hub.words).toBe(`1 of ${SHARDS} shards do not answer`);
    expect(health.parts.hub.shards[7]).toMatchObject({ shard: 7, status: "failing" });
    expect(health.parts.hub.shards[6]?.status).not.toBe("failing");
  });

  it("is well without a hub, and says that there is none", async () => {
    const { status, health } = await told({ env: without({ HUBS: undefined }) });
    expect(status).toBe(200);
    expect(health.parts.hub).toMatchObject({ status: "off", shards: [] });
  });

  it("is refused to a token that is none, and does not look", async () => {
    const { waits, sleep } = hurried();
    const { status } = await api("GET", "/health", { token: "wrong", sleep });
    expect([status, waits]).toEqual([401, []]);
  });
});

describe("health without a token", () => {
  const anonymous = async (method: string, its: ControlEnv, now: number) => {
    const response = await respond(method, "/health", { token: null, env: its, now });
    return { status: response.status, body: await response.text() };
  };

  it("says whether the control plane works, and no more", async () => {
    const now = Date.now();
    const well = await anonymous("GET", { ...testEnv }, now);
    expect(well).toEqual({ status: 200, body: '{"status":"ok"}' });
    expect((await anonymous("HEAD", { ...testEnv }, now)).status).toBe(200);
    const ill = await anonymous("GET", deadKv(fails), now);
    expect(ill.status).toBe(503);
    expect(Object.keys(JSON.parse(ill.body) as object).toSorted()).toEqual([
      "code",
      "status",
      "title",
      "type",
    ]);
    expect((await anonymous("POST", { ...testEnv }, now)).status).toBe(401);
  });

  it("looks once in ten seconds, however often it is asked", async () => {
    let looks = 0;
    const counting = new Proxy(env.ROUTING_CONFIG, {
      get: () => async () => {
        looks += 1;
        return null;
      },
    });
    const its = without({ ROUTING_CONFIG: counting });
    const begin = Date.now();
    for (const after of [0, 1, KNOWN_MS - 1]) await anonymous("GET", its, begin + after);
    expect(looks).toBe(1);
    await anonymous("GET", its, begin + KNOWN_MS);
    expect(looks).toBe(2);
    // A clock that was set back.
    await anonymous("GET", its, begin - 1);
    expect(looks).toBe(3);
  });

  it("tells everybody who asks while a look hangs what was known before", async () => {
    const begin = Date.now();
    const its = { ...testEnv };
    await anonymous("GET", its, begin);
    const { promise, resolve } = Promise.withResolvers<null>();
    let looks = 0;
    Object.assign(its, {
      ROUTING_CONFIG: new Proxy(env.ROUTING_CONFIG, {
        get: () => async () => {
          looks += 1;
          return promise;
        },
      }),
    });
    const later = begin + KNOWN_MS;
    const first = anonymous("GET", its, later);
    const others = await Promise.all([anonymous("GET", its, later), anonymous("GET", its, later)]);
    expect(others.map(({ status }) => status)).toEqual([200, 200]);
    expect(looks).toBe(1);
    resolve(null);
    expect((await first).status).toBe(200);
  });

  it("is asked by the page of another site in vain", async () => {
    const headers = { origin: "https://elsewhere.example.org" };
    const { status } = await respond("GET", "/health", { token: null, headers, admin });
    expect(status).toBe(403);
  });
});
