import { beforeAll, describe, expect, it } from "vitest";
import type { AdminConfig } from "../../../../src/config/admin.ts";
import { MAX_STATUSES_PER_PAGE } from "../../../../src/api/limits.ts";
import { SHARDS, shardOf } from "../../../../src/report/shard.ts";
import { A, admin, api, create, digest, logged, type Ask } from "../api.ts";
import { withDown, withShards } from "./shards.ts";

const MINE = Array.from({ length: 6 }, (_, n) => `zz5mine-${n}`);
const THEIRS = Array.from({ length: 6 }, (_, n) => `zz${n}-theirs`);

let limited: AdminConfig;

beforeAll(async () => {
  for (const key of [...MINE, ...THEIRS]) await create(key, A);
  const token = { name: "limited", sha256: await digest("limited"), role: "read" as const };
  limited = { ...admin, tokens: [{ ...token, scope: ["zz5mine-*"] }] };
});

interface Page {
  readonly routes: readonly { readonly route: string }[];
  readonly next: string | null;
  readonly unreachable: readonly number[];
}

async function page(query: string, ask: Ask = {}): Promise<Page> {
  const { status, body } = await api("GET", `/status${query}`, ask);
  expect(`${status} ${JSON.stringify(body)}`).toMatch(/^200 /);
  return body as unknown as Page;
}

const keysOf = ({ routes }: Page): string[] => routes.map(({ route }) => route);

async function walk(query: string, ask: Ask = {}): Promise<string[]> {
  const keys: string[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? "" : `&cursor=${next}`;
    const one: Page = await page(`${query}${cursor}`, ask);
    keys.push(...keysOf(one));
    ({ next } = one);
  } while (next !== null);
  return keys;
}

describe("the status of all routes", () => {
  it("has each route once, in the order of keys, page by page and by prefix", async () => {
    expect(await walk("?prefix=zz&limit=5")).toEqual([...THEIRS, ...MINE].toSorted());
    expect(await walk("?prefix=zz5mine-&limit=1")).toEqual(MINE);
    expect(keysOf(await page("?prefix=nothing"))).toEqual([]);
    const [first] = (await page("?prefix=zz5mine-0")).routes;
    expect(first).toMatchObject({ route: "zz5mine-0", version: 1, drift: false });
  });

  it("has the routes of the caller's scope alone, and tells of no other in its cursor", async () => {
    const ask = { admin: limited, token: "limited" };
    expect(await walk("?limit=2", ask)).toEqual(MINE);
    expect(keysOf(await page("?prefix=zz0", ask))).toEqual([]);
    const [token] = limited.tokens;
    if (token === undefined) throw new Error("no token");
    const between = { ...limited, tokens: [{ ...token, scope: ["zz*-theirs"] }] };
    expect(await walk("?limit=2", { ...ask, admin: between })).toEqual(THEIRS);
    const { next } = await page("?limit=1", ask);
    expect(next).not.toContain("mine");
    expect(atob((next ?? "").replaceAll("-", "+").replaceAll("_", "/"))).not.toContain("mine");
  });

  it("takes no cursor that it did not give, or that was made under other tokens", async () => {
    const { next } = await page("?prefix=zz&limit=1");
    const cursor = next ?? "";
    const changed = (cursor.startsWith("A") ? "B" : "A") + cursor.slice(1);
    for (const forged of [changed, `${cursor}A`, cursor.slice(0, -4), "AAAA", "zz5mine-0", "💥"]) {
      const { status, body } = await api("GET", `/status?cursor=${encodeURIComponent(forged)}`);
      expect([status, body["code"]]).toEqual([400, "query-invalid"]);
    }
    const other = { admin: limited, token: "limited" };
    expect((await api("GET", `/status?cursor=${cursor}`, other)).status).toBe(400);
  });

  it("has a thousand routes on a page at most", async () => {
    await page(`?limit=${MAX_STATUSES_PER_PAGE}`);
    for (const limit of [0, MAX_STATUSES_PER_PAGE + 1, "x"])
      expect((await api("GET", `/status?limit=${limit}`)).body["detail"]).toContain('"limit"');
  });

  it("without a shard has what the others have, and names it", async () => {
    const lost = shardOf("zz5mine-0");
    const left = MINE.filter((key) => shardOf(key) !== lost);
    expect(left.length).toBeGreaterThan(0);
    logged.length = 0;
    const one = await page("?prefix=zz5mine-", { env: withDown(lost) });
    expect([keysOf(one), one.unreachable]).toEqual([left, [lost]]);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(one)).not.toContain("secret place");
    expect((await page("?prefix=zz5mine-")).unreachable).toEqual([]);
  });

  it("waits for a shard that does not answer only so long", async () => {
    const lost = shardOf("zz5mine-0");
    const statusPage = async () => new Promise<never>(() => {});
    const env = withShards((shard) => (shard === `shard-${lost}` ? { statusPage } : {}));
    const waits: number[] = [];
    const ended = new AbortController();
    // Time passes for whoever waits longest: the others have answered by then.
    const sleep = async (ms: number, signal: AbortSignal) => {
      waits.push(ms);
      await new Promise<void>((done, fail) => {
        signal.addEventListener("abort", () => {
          if (waits.length === SHARDS && ++answered === SHARDS - 1) ended.abort();
          fail(new Error("answered"));
        });
        ended.signal.addEventListener("abort", () => done());
      });
    };
    let answered = 0;
    const one = await page("?prefix=zz5mine-", { env, sleep });
    expect(one.unreachable).toEqual([lost]);
    expect(new Set(waits)).toEqual(new Set([4000]));
  });

  it("is refused where no shard answers, and where there is none", async () => {
    const all = Array.from({ length: SHARDS }, (_, shard) => shard);
    const answers = [
      await api("GET", "/status", { env: withDown(...all) }),
      await api("GET", "/status", { env: { ...withDown(), HUBS: undefined } as never }),
    ];
    for (const { status, body, headers } of answers) {
      expect([status, body["code"]]).toEqual([503, "hub-unavailable"]);
      expect(headers.get("retry-after")).toBe("5");
    }
  });
});
