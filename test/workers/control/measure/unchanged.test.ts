import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { connectPage } from "../../../../src/api/client/page.ts";
import { routeMetrics, routeResults, status } from "../../../../src/api/client/reads.ts";
import type { AdminConfig } from "../../../../src/config/admin.ts";
import type { WatchedVisitor } from "../../../../src/report/guard.ts";
import { shardName, SHARDS, shardOf } from "../../../../src/report/shard.ts";
import { admin, api, canary, digest, match, respond, testEnv, TOKENS, type Ask } from "../api.ts";
import { counted, digestOf, Reported } from "./reporting.ts";
import { withDown, withShards } from "./shards.ts";

const KEY = "unchanged-one";
const PATHS = [`/routes/${KEY}/metrics`, `/routes/${KEY}/results`, "/status"] as const;
const MINUTE_MS = 60_000;

/** A time of this minute at which no minute turns, however long a test takes. */
const AT = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 1000;

const guard = { checks: [{ metric: "failures", max: 2 }], windowSeconds: 3600 };
let reported: Reported;

beforeAll(async () => {
  reported = await Reported.create(KEY, canary(50, { guard }));
  await reported.tell(reported.split([], [counted("stable", 5)]));
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Asks while the clock of the API and of the hub stands. */
async function ask(path: string, known?: string, more: Ask & { at?: number } = {}) {
  const { at = AT, ...rest } = more;
  vi.useFakeTimers({ now: at, toFake: ["Date"] });
  const headers = known === undefined ? {} : { "if-none-match": known };
  const answer = await api("GET", path, { ...rest, headers });
  vi.useRealTimers();
  return answer;
}

async function tagOf(path: string, more: Ask = {}): Promise<string> {
  const { status: code, headers, body } = await ask(path, undefined, more);
  expect(`${code} ${JSON.stringify(body)}`).toMatch(/^200 /);
  return headers.get("etag") ?? "";
}

const tags = async () => Promise.all(PATHS.map(async (path) => tagOf(path)));

/** What each answer's status is to whoever knows it. */
async function statuses(known: readonly string[], more: Ask & { at?: number } = {}) {
  const found = [];
  for (const [n, path] of PATHS.entries()) found.push((await ask(path, known[n], more)).status);
  return found;
}

const shard = () => {
  const { HUBS } = testEnv;
  if (HUBS === undefined) throw new Error("no binding");
  return HUBS.getByName(shardName(shardOf(KEY)));
};

describe("an answer that the caller has", () => {
  it("is not sent again, and costs no row and no other object", async () => {
    const known = await tags();
    const asked: string[] = [];
    const env = withShards((name) => {
      asked.push(name);
      return {};
    });
    const execs: string[] = [];
    await runInDurableObject(shard(), (_, { storage: { sql } }) => {
      const real = sql.exec.bind(sql);
      vi.spyOn(sql, "exec").mockImplementation((query, ...values) => {
        execs.push(query);
        return real(query, ...(values as unknown[]));
      });
    });
    vi.useFakeTimers({ now: AT, toFake: ["Date"] });
    for (const [n, path] of PATHS.entries()) {
      const headers = { "if-none-match": known[n] ?? "" };
      const response = await respond("GET", path, { env, headers });
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect(response.headers.get("etag")).toBe(known[n]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
    expect(execs).toEqual([]);
    expect(asked).toHaveLength(2 + SHARDS);
    // The same spy sees what an answer takes.
    await ask(PATHS[1]);
    expect(execs).not.toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, readonly number[]]>([
    ["its own", async () => undefined, [304, 304, 304]],
    [
      "a report",
      async () => reported.tell(reported.split([], [counted("canary", 3)])),
      [200, 200, 200],
    ],
    [
      "an edit",
      async () =>
        api("PATCH", `/routes/${KEY}`, { headers: match("*"), body: { policy: { percent: 40 } } }),
      [200, 200, 200],
    ],
    [
      "an edit of another route",
      async () => Reported.create("unchanged-two", canary(10)),
      [304, 304, 200],
    ],
    ["an eviction", async () => evictDurableObject(shard()), [200, 200, 200]],
  ])("is or is not good after %s", async (_, change, expected) => {
    const known = await tags();
    await change();
    expect(await statuses(known)).toEqual(expected);
  });

  it("is good until the minute turns", async () => {
    const known = await tags();
    const turn = AT - 1000 + MINUTE_MS;
    expect(await statuses(known, { at: turn - 1 })).toEqual([304, 304, 304]);
    expect(await statuses(known, { at: turn })).toEqual([200, 200, 200]);
  });

  it("is not an answer to another question", async () => {
    const [metrics, results, all] = await tags();
    for (const [path, known] of [
      [`${PATHS[0]}?window=600`, metrics],
      [`${PATHS[0]}?step=120`, metrics],
      [PATHS[0], results],
      [PATHS[1], metrics],
      ["/status?prefix=un", all],
      ["/status?limit=7", all],
      // Shards are asked for as many.
      ["/status?limit=99", all],
      ["/status", "*"],
      ["/status", '"1"'],
      ["/status", 'W/"~~~", nonsense'],
    ] as const)
      expect((await ask(path, known)).status).toBe(200);
    expect((await ask(PATHS[1], `"other", ${results}`)).status).toBe(304);
  });

  it("is not an answer to a caller of another scope, nor once other tokens are good", async () => {
    const token = { name: "limited", sha256: await digest("limited"), role: "read" as const };
    const scoped = (...scope: string[]): AdminConfig => ({
      ...admin,
      tokens: [...admin.tokens, { ...token, scope }],
    });
    const wide = { admin: scoped("*"), token: "limited" };
    const known = await tagOf("/status", wide);
    expect((await ask("/status", known, wide)).status).toBe(304);
    // Of those whom the same tokens are for, one sees less, though the shards are asked the same.
    const both = scoped("*-two");
    const whole = await tagOf("/status", { admin: both });
    expect((await ask("/status", whole, { admin: both })).status).toBe(304);
    expect((await ask("/status", whole, { admin: both, token: "limited" })).status).toBe(200);
    const narrow = { admin: scoped("*", "unchanged-*"), token: "limited" };
    expect((await ask("/status", known, narrow)).status).toBe(200);
    const all = await tagOf("/status");
    expect((await ask("/status", all, { token: TOKENS.read })).status).toBe(304);
    expect((await ask("/status", all, { admin: scoped("*") })).status).toBe(200);
  });

  it("has no tag where a shard does not answer, and is not taken to be good", async () => {
    const known = await tagOf("/status");
    const down = { env: withDown((shardOf(KEY) + 1) % SHARDS) };
    const { status: code, headers } = await ask("/status", known, down);
    expect([code, headers.get("etag")]).toEqual([200, null]);
  });

  it("is made of parts: of shards that did not change none is read or asked for twice", async () => {
    const pages: string[] = [];
    const counting = () =>
      withShards((_, real) => ({
        statusPage: async (...args: Parameters<typeof real.statusPage>) => {
          const page = await real.statusPage(...args);
          pages.push("unchanged" in page ? "unchanged" : "page");
          return page;
        },
      }));
    const env = counting();
    const known = await tagOf("/status", { env });
    await reported.tell(reported.split([], [counted("canary", 1)]));
    pages.length = 0;
    const { status: code, body } = await ask("/status", known, { env });
    const read = pages.filter((one) => one === "page");
    expect([code, pages.length, read.length]).toEqual([200, SHARDS, 1]);
    expect(JSON.stringify(body)).toContain(KEY);
    // In an isolate that has no page yet, those that were left out are asked for.
    const cold = await ask("/status", known, { env: counting() });
    expect([cold.status, cold.body]).toEqual([200, body]);
  });

  it("is told a guard's act", async () => {
    const known = await tags();
    const { splits = [] } = reported.split([]);
    const watched = Array.from({ length: 30 }, (_, n): WatchedVisitor => {
      const one = digestOf(1000 + n);
      return { digest: one, variant: "canary", at: Date.now(), failed: true, address: one };
    });
    await reported.tell({ splits: splits.map((split) => ({ ...split, watched })) });
    const heard = await tags();
    expect(await statuses(known)).toEqual([200, 200, 200]);
    await vi.waitUntil(
      async () => JSON.stringify((await ask(PATHS[1], heard[1])).body).includes('"acted"'),
      { timeout: 30_000 },
    );
  });
});

it("a page of the console gets the very object that it has, and new figures at once", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    return respond("GET", pathname.replace("/v1", "") + search, {
      headers: Object.fromEntries(request.headers),
    });
  });
  const client = connectPage("https://control.example.com");
  const first = async () => {
    for await (const page of status(client)) return page;
    throw new Error("no page");
  };
  const all = async () => {
    vi.useFakeTimers({ now: AT, toFake: ["Date"] });
    const found = [await routeMetrics(client, KEY), await routeResults(client, KEY), await first()];
    vi.useRealTimers();
    return found;
  };
  const before = await all();
  const same = await all();
  for (const [n, one] of before.entries()) expect(same[n]).toBe(one);
  await reported.tell(reported.split([], [counted("stable", 9)]));
  const [metrics] = await all();
  expect(metrics).not.toBe(before[0]);
  expect(JSON.stringify(metrics)).not.toBe(JSON.stringify(before[0]));
});
