import { env } from "cloudflare:workers";
import { runDurableObjectAlarm } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";

import type { ControlEnv } from "../../../src/config/control.ts";
import { SEARCHED_ROUTES } from "../../../src/hub/list.ts";
import { shardName, shardOf, SHARDS } from "../../../src/report/shard.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import { A, api, create, match, testEnv } from "./api.ts";

const TEXT = `"${A}"`;

interface Listed {
  readonly routes: { readonly key: string; readonly version: number | null }[];
  readonly cursor: string | null;
  readonly source: string;
}

const shardFor = (shard: number) => {
  const stub = env.HUBS?.getByName(shardName(shard));
  if (stub === undefined) throw new Error("no binding");
  return stub;
};

async function list(query: string, environment: Partial<ControlEnv> = {}): Promise<Listed> {
  const { body } = await api("GET", `/routes?${query}`, { env: { ...testEnv, ...environment } });
  return body as unknown as Listed;
}

/** Every page of a list, with so many routes on each. */
async function walk(prefix: string, limit: number, environment: Partial<ControlEnv> = {}) {
  const pages: Listed[] = [];
  let from = "";
  do {
    const page = await list(`prefix=${prefix}&limit=${limit}${from}`, environment);
    expect(page.routes.length).toBeLessThanOrEqual(limit);
    pages.push(page);
    from = `&cursor=${encodeURIComponent(page.cursor ?? "")}`;
  } while (pages.at(-1)?.cursor !== null);
  return pages;
}

const publish = async (key: string, version: number, text: string | null = TEXT) =>
  shardFor(shardOf(key)).publish({ key, version, text, at: 5 });

const DOWN = {
  HUBS: { getByName: () => ({ list: () => Promise.reject(new Error("away")) }) },
} as unknown as Partial<ControlEnv>;

/** Shards that have heard of nothing yet. */
const FILLING = {
  HUBS: {
    getByName: () => ({ list: async () => ({ routes: [], gone: [], filled: false }) }),
  },
} as unknown as Partial<ControlEnv>;

const KV_DOWN = {
  ROUTING_CONFIG: { list: () => Promise.reject(new Error("away")) },
} as unknown as Partial<ControlEnv>;

it("is KV's, and says so, until the hub has heard of all routes", async () => {
  await env.ROUTING_CONFIG.put("early", TEXT, { metadata: stampOf(TEXT, 1) });
  const routes = [{ key: "early", version: 1 }];
  expect(await list("prefix=early", FILLING)).toEqual({ routes, cursor: null, source: "kv" });
  // Small ones have filled themselves before the first list ends.
  expect(await list("prefix=early")).toEqual({ routes, cursor: null, source: "hub" });
});

describe("with a hub that has heard of all routes, the list", () => {
  beforeAll(async () => {
    const query = { prefix: "", search: "", after: "", limit: 1 };
    for (let shard = 0; shard < SHARDS; shard += 1)
      while (!(await shardFor(shard).list(shard, query)).filled)
        await runDurableObjectAlarm(shardFor(shard));
  });

  it("has what was accepted at once, and what was deleted no longer, whatever KV has", async () => {
    await create("fresh-1", A);
    expect(await list("prefix=fresh-")).toEqual({
      routes: [{ key: "fresh-1", version: 1 }],
      cursor: null,
      source: "hub",
    });
    await env.ROUTING_CONFIG.delete("fresh-1");
    expect((await list("prefix=fresh-")).routes).toHaveLength(1);
    await publish("fresh-2", 3, null);
    await env.ROUTING_CONFIG.put("fresh-2", TEXT, { metadata: stampOf(TEXT, 2) });
    expect((await list("prefix=fresh-")).routes).toHaveLength(1);
    expect((await list("prefix=fresh-&source=kv")).routes).toEqual([
      { key: "fresh-2", version: 2 },
    ]);
    await api("DELETE", "/routes/fresh-1", { headers: match(1), body: { override: true } });
    expect((await list("prefix=fresh-")).routes).toEqual([]);
  });

  it.each([
    ["only KV has, put by hand", undefined, null, null],
    ["only KV has, of a ledger that the hub has not met", undefined, 4, 4],
    ["only the hub has", [2, TEXT], undefined, 2],
    ["both have, KV an older one", [2, TEXT], 1, 2],
    ["both have, KV a newer one", [2, TEXT], 3, 3],
    ["was put to KV by hand over a version: the hub's word goes", [2, TEXT], null, 2],
    ["is deleted, and was put to KV by hand", [2, null], null, null],
    ["is deleted, and made again", [2, null], 3, 3],
    ["is deleted, and KV has it yet", [2, null], 2, undefined],
  ] as const)("tells the version of a key that %s", async (name, ofHub, inKv, version) => {
    const key = `told-${name.length}-${String(inKv)}`;
    if (ofHub !== undefined) await publish(key, ofHub[0], ofHub[1]);
    const metadata = inKv == null ? {} : { metadata: stampOf(TEXT, inKv) };
    if (inKv !== undefined) await env.ROUTING_CONFIG.put(key, TEXT, metadata);
    const { routes } = await list(`prefix=${key}`);
    expect(routes).toEqual(version === undefined ? [] : [{ key, version }]);
  });

  /** A third of them only in KV, a third only in the hub, a third in both; some deleted. */
  const keys = Array.from({ length: 90 }, (_, n) => `page-${String(n).padStart(3, "0")}`);
  const live = keys.filter((_, n) => n % 10 !== 1);
  beforeAll(async () => {
    for (const [n, key] of keys.entries()) {
      const isGone = n % 10 === 1;
      if (n % 3 !== 0 || isGone) await publish(key, 2, isGone ? null : TEXT);
      if (n % 3 !== 1 || isGone)
        await env.ROUTING_CONFIG.put(key, TEXT, { metadata: stampOf(TEXT, 1) });
    }
  });

  it.each([
    [1, "page-00"],
    [2, "page-"],
    [7, "page-"],
    [30, "page-"],
    [1000, "page-"],
  ])("has every key once and in order, %i on a page", async (limit, prefix) => {
    const pages = await walk(prefix, limit);
    expect(pages.flatMap(({ routes }) => routes.map(({ key }) => key))).toEqual(
      live.filter((key) => key.startsWith(prefix)),
    );
    expect(new Set(pages.map(({ source }) => source))).toEqual(new Set(["hub"]));
  });

  it("loses no key where a shard has more of a stretch than its share of a page", async () => {
    const dense = Array.from({ length: 600 }, (_, n) => `dense-${String(n).padStart(3, "0")}`)
      .filter((key) => shardOf(key) === 0)
      .slice(0, 30);
    for (const key of dense) await publish(key, 1);
    for (const key of ["dense-", "dense-zzz"]) await env.ROUTING_CONFIG.put(key, TEXT);
    const pages = await walk("dense-", 30);
    expect(pages.flatMap(({ routes }) => routes.map(({ key }) => key))).toEqual([
      "dense-",
      ...dense,
      "dense-zzz",
    ]);
  });

  it("costs one list of KV a page", async () => {
    let lists = 0;
    const kv = {
      list: async (options: KVNamespaceListOptions) => {
        lists += 1;
        return env.ROUTING_CONFIG.list(options);
      },
    } as unknown as KVNamespace;
    const pages = await walk("page-", 10, { ...DOWN, ROUTING_CONFIG: kv });
    expect([pages.length, lists]).toEqual([7, 7]);
  });

  it("has every key of both once where the hub goes away between two pages", async () => {
    const first = await list("prefix=page-&limit=20");
    const rest = await list(
      `prefix=page-&limit=1000&cursor=${encodeURIComponent(first.cursor ?? "")}`,
      DOWN,
    );
    expect([first.source, rest.source]).toEqual(["hub", "kv"]);
    const told = [...first.routes, ...rest.routes].map(({ key }) => key);
    expect(told).toEqual(told.toSorted());
    expect(new Set(told).size).toBe(told.length);
    // What only the hub has cannot be told; what KV has is, deleted ones among it.
    const inKv = keys.filter((_, n) => n % 3 !== 1 || n % 10 === 1);
    expect(told.slice(20)).toEqual(inKv.filter((key) => key > (told[19] ?? "")));
  });

  it("is the hub's while KV is down, and goes on when KV is back", async () => {
    const pages = await walk("page-", 7, KV_DOWN);
    const ofHub = live.filter((_, n) => Number(live[n]?.slice(5)) % 3 !== 0);
    expect(pages.flatMap(({ routes }) => routes.map(({ key }) => key))).toEqual(ofHub);
    const from = `&cursor=${encodeURIComponent(pages[0]?.cursor ?? "")}`;
    const back = await list(`prefix=page-&limit=1000${from}`);
    const [last = { key: "" }] = (pages[0]?.routes ?? []).slice(-1);
    expect(back.routes.map(({ key }) => key)).toEqual(live.filter((key) => key > last.key));
  });

  it("is a 503 where neither answers", async () => {
    const both = { ...testEnv, ...DOWN, ...KV_DOWN };
    expect(await api("GET", "/routes", { env: both })).toMatchObject({
      status: 503,
      body: { code: "kv-unavailable" },
    });
  });

  it("is one source's alone where that is asked for", async () => {
    const ofHub = await list("prefix=page-&source=hub&limit=1000");
    expect(ofHub).toMatchObject({ source: "hub", cursor: null });
    expect(ofHub.routes.map(({ key }) => key)).toEqual(
      live.filter((key) => Number(key.slice(5)) % 3 !== 0),
    );
    const ofKv = await list("prefix=page-&source=kv&limit=1000");
    expect(ofKv).toMatchObject({ source: "kv", cursor: null });
    expect(ofKv.routes.every(({ version }) => version === 1)).toBe(true);
    // A hub that does not answer is no reason to have no list.
    expect((await list("prefix=page-&source=hub", DOWN)).source).toBe("kv");
    expect(await api("GET", "/routes?source=both")).toMatchObject({
      status: 400,
      body: { code: "query-invalid" },
    });
  });

  it("is searched in both", async () => {
    const found = await list("prefix=page-&q=-08&limit=1000");
    expect(found.routes.map(({ key }) => key)).toEqual(live.filter((key) => key.includes("-08")));
    expect(SEARCHED_ROUTES).toBeGreaterThan(keys.length);
  });
});
