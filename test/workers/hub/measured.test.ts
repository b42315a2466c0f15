import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { allocationOf } from "../../../src/decide/allocation.ts";
import { compile } from "../../../src/policy/compile.ts";
import { parse } from "../../../src/policy/parse.ts";
import { textDigest } from "../../../src/report/digest.ts";
import type { MeasuredRoute, SplitReport } from "../../../src/report/measured.ts";
import { shardName, shardOf } from "../../../src/report/shard.ts";

const TEXT = JSON.stringify({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent: 50,
  goals: [{ name: "buy", from: "origin", count: "every", cap: 10 }],
});

const digestOf = (n: number) => n.toString(16).padStart(16, "0");

/** Rows written, by table. */
interface Rows {
  visitors: number;
  minutes: number;
}

/** A route with a split on the real object, and an isolate that reports of it. */
async function measured(key: string) {
  const shard = shardOf(key);
  const stub = env.HUBS?.getByName(shardName(shard));
  const parsed = parse(TEXT, { allowPrivateOrigins: true });
  if (stub === undefined || !parsed.ok) throw new Error("no binding, or no policy");
  const [node] = compile(parsed.policy, key).splits;
  if (node === undefined) throw new Error("no split");
  await stub.publish({ key, version: 1, text: TEXT, at: Date.now() });
  let sequence = 0;
  const tell = async (route: MeasuredRoute, again = false) => {
    if (!again) sequence += 1;
    const held = { key, version: 1, digest: textDigest(TEXT), requests: 1, ...route };
    const report = { v: 1, isolate: key, sequence, routes: [held], lookups: [], since: 0, again };
    await stub.report(shard, JSON.stringify(report));
  };
  const split = (first: number, count: number): SplitReport => ({
    experiment: key,
    allocation: allocationOf(node, Date.now()),
    minutes: [
      {
        minute: Math.floor(Date.now() / 60_000),
        variants: [
          {
            variant: "canary",
            counted: { requests: count, status: [count, 0, 0, 0], latency: [17, count] },
            reasons: { split: count },
          },
        ],
      },
    ],
    visitors: Array.from({ length: count }, (_, n) => ({
      digest: digestOf(first + n),
      variant: n % 2 === 0 ? "canary" : "stable",
      exposure: "drawn",
      at: Date.now(),
    })),
  });
  // The alarm may have gone off by itself; what is asked may come before it.
  const stored = async (visitors: number) => {
    for (;;) {
      const rows = await runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM visitors").toArray(),
      );
      if ((rows[0]?.n ?? 0) >= visitors) return;
      await runDurableObjectAlarm(stub);
      await scheduler.wait(20);
    }
  };
  return { stub, shard, tell, split, stored };
}

it("answers what splits do, the same after an eviction", async () => {
  const key = "measured-one";
  const { stub, shard, tell, split, stored } = await measured(key);
  await tell({
    splits: [split(0, 20)],
    goals: [{ goal: "buy", digest: digestOf(0), at: Date.now(), value: 30 }],
  });
  await tell({ splits: [split(0, 20)] }, true);
  await stored(20);
  await evictDurableObject(stub);
  const results = await stub.results(key);
  if (results === undefined || "unchanged" in results) throw new Error("no results");
  expect(results.experiments).toMatchObject([
    {
      experiment: key,
      control: "stable",
      variants: [
        { variant: "stable", visitors: 10 },
        { variant: "canary", visitors: 10 },
      ],
      goals: [{ goal: "buy", cap: 10 }],
    },
  ]);
  const metrics = await stub.metrics(key, { window: 600, step: 60 });
  if (metrics === undefined || "unchanged" in metrics) throw new Error("no metrics");
  expect(metrics.series.map(({ variant }) => variant)).toEqual(["canary"]);
  expect(metrics.series[0]?.points.reduce((sum, { counted }) => sum + counted, 0)).toBe(20);
  const page = await stub.exposures(key, null, 12);
  expect(page?.lines).toHaveLength(12);
  expect(page?.lines[0]).toMatchObject({
    digest: digestOf(0),
    allocation: "50/50",
    variant: "canary",
    goals: { buy: { count: 1, value: 30 } },
  });
  const rest = await stub.exposures(key, page?.next ?? null, 12);
  expect([rest?.lines.length, rest?.next]).toEqual([8, null]);
  const status = await stub.statusPage(shard, { prefix: key, after: "", limit: 10 });
  expect(status).toMatchObject({
    routes: [
      {
        route: key,
        version: 1,
        drift: false,
        experiments: [
          { strategy: "canary", guard: null, srm: "ok", shares: { stable: 0.5, canary: 0.5 } },
        ],
      },
    ],
    upTo: null,
  });
  const totals = await stub.totals(shard, [key]);
  expect(totals.series).toMatchObject([
    { route: key, counted: 20, visitors: 10, goals: { buy: 1 } },
  ]);
});

it("takes goals that are known elsewhere, and forgets a visitor", async () => {
  const key = "measured-two";
  const { stub, tell, split, stored } = await measured(key);
  await tell({ splits: [split(100, 3)] });
  await stored(3);
  const goal = { name: "buy", digest: digestOf(100), at: Date.now(), id: "order-1" };
  expect(await stub.takeGoals(key, [goal, goal])).toEqual({ taken: 1, known: 1, unknown: 0 });
  expect(await stub.forget(key, digestOf(100))).toBe(true);
  expect(await stub.forget(key, digestOf(100))).toBe(false);
  const page = await stub.exposures(key, null, 10);
  expect(page?.lines.map(({ digest }) => digest)).toEqual([digestOf(101), digestOf(102)]);
});

it("writes one row for a new visitor, and none for one who is known", async () => {
  const key = "measured-rows";
  const { stub, tell, split, stored } = await measured(key);
  await tell({ splits: [split(200, 1)] });
  await stored(1);
  /** Rows written of a report by an object that has just begun, which stores its first one at once; counted as the platform does. */
  const written = async (first: number, count: number) => {
    await evictDurableObject(stub);
    await runInDurableObject(stub, (_, { storage }) => {
      const sql = storage.sql as { exec: typeof storage.sql.exec; rows?: Rows };
      const { exec } = Object.getPrototypeOf(storage.sql) as { exec: typeof storage.sql.exec };
      const rows: Rows = { visitors: 0, minutes: 0 };
      sql.rows = rows;
      sql.exec = ((query: string, ...values: unknown[]) => {
        const cursor = exec.call(storage.sql, query, ...values);
        for (const table of ["visitors", "minutes"] as const)
          if (query.includes(table)) rows[table] += cursor.rowsWritten;
        return cursor;
      }) as typeof storage.sql.exec;
    });
    await tell({ splits: [split(first, count)] });
    await runDurableObjectAlarm(stub);
    return runInDurableObject(stub, (_, { storage }) => {
      const sql = storage.sql as { exec?: unknown; rows?: Rows };
      const { rows } = sql;
      delete sql.exec;
      return rows;
    });
  };
  expect(await written(300, 50)).toMatchObject({ visitors: 50 });
  const known = await written(300, 50);
  expect(known).toMatchObject({ visitors: 0 });
  // It was stored, or nothing was shown.
  expect(known?.minutes).toBeGreaterThan(0);
});
