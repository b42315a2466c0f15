import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { spansOf } from "../../../src/hub/measure/pack.ts";
import { KEPT_MINUTES } from "../../../src/hub/measure/ring.ts";
import { readNews } from "../../../src/report/decode.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { shardName, shardOf, SHARDS } from "../../../src/report/shard.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import type { Report } from "../../../src/report/wire.ts";

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';

/** A key of its own for each test, with the shard that keeps it. */
function route(key: string) {
  const shard = shardOf(key);
  const stub = env.HUBS?.getByName(shardName(shard));
  if (stub === undefined) throw new Error("no binding");
  const report = async (change: Partial<Report>) => {
    const routes = [{ key, version: 0, digest: "absent", requests: 0 }];
    const base = { v: 1, isolate: key, sequence: 1, routes, lookups: [], since: 0, ...change };
    const news = readNews(await stub.report(shard, JSON.stringify(base)));
    return news?.routes.find((one) => one.key === key);
  };
  return { stub, shard, report };
}

it("tells isolates of a version, and keeps it through an eviction", async () => {
  const { stub, report } = route("hub-one");
  const newest = await stub.publish({ key: "hub-one", version: 3, text: A, at: 5 });
  expect(newest).toEqual({ version: 3, digest: textDigest(A) });
  expect(await report({})).toMatchObject({ version: 3, text: A });
  await evictDurableObject(stub);
  expect(await report({ sequence: 2 })).toMatchObject({ version: 3, text: A });
  expect(await stub.newest("hub-one")).toEqual(newest);
});

it("counts a report once, though it comes again after an eviction", async () => {
  const { stub, report } = route("hub-counts");
  const canary = {
    strategy: "canary",
    stable: "https://a.example.com",
    canary: "https://b.example.com",
    percent: 1,
  };
  const text = JSON.stringify(canary);
  await stub.publish({ key: "hub-counts", version: 1, text, at: 5 });
  const routes = [{ key: "hub-counts", version: 1, digest: textDigest(text), requests: 5 }];
  await report({ routes });
  await evictDurableObject(stub);
  await report({ routes, again: true });
  const rows = await runInDurableObject(stub, (_, state) =>
    state.storage.sql
      .exec<{ spans: string }>(
        `SELECT spans FROM minutes
         WHERE id / ${KEPT_MINUTES} = (SELECT id FROM routes WHERE key = 'hub-counts')`,
      )
      .toArray()
      .flatMap(({ spans }) => [...spansOf(spans).values()].map(({ requests }) => requests)),
  );
  expect(rows).toEqual([5]);
});

it("fills itself by its alarm from KV and the ledgers", async () => {
  const { stub, shard, report } = route("hub-filled");
  await env.ROUTING_CONFIG.put("hub-filled", B, { metadata: stampOf(B, 2) });
  await stub.newest("hub-filled");
  const query = { prefix: "hub-f", search: "", after: "", limit: 5 };
  // The alarm is due at once, and may have gone off by itself.
  while (!(await stub.list(shard, query)).filled) await runDurableObjectAlarm(stub);
  const asked = { routes: [], lookups: ["hub-filled"] };
  expect(await report(asked)).toMatchObject({ version: 2, text: B });
  expect(await stub.list(shard, query)).toMatchObject({
    routes: [{ key: "hub-filled", version: 2 }],
    filled: true,
  });
});

it("rejects what is not a report, and what another shard keeps", async () => {
  const { stub, shard } = route("hub-wrong");
  // The promise of a call is left to nobody but this function, or its rejection counts as unhandled.
  const refusal = async (at: number) => {
    try {
      return await stub.report(at, "{}");
    } catch (error) {
      return String(error);
    }
  };
  expect(await refusal(shard)).toContain("not a report");
  expect(await refusal((shard + 1) % SHARDS)).toContain(`this is shard ${shard}`);
});
