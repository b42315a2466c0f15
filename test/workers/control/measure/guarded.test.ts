import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { allocationOf } from "../../../../src/decide/allocation.ts";
import type { Ledger } from "../../../../src/ledger/ledger.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parse } from "../../../../src/policy/parse.ts";
import type { WatchedVisitor } from "../../../../src/report/guard.ts";
import { shardName, shardOf } from "../../../../src/report/shard.ts";
import { api, canary, config } from "../api.ts";
import { digestOf, Reported } from "./reporting.ts";

const guard = { checks: [{ metric: "failures", max: 2 }], windowSeconds: 3600 };

/** Visitors for whom the canary fails, each from another address. */
const failing = (first: number, count: number): WatchedVisitor[] =>
  Array.from({ length: count }, (_, n) => ({
    digest: digestOf(first + n),
    variant: "canary",
    at: Date.now(),
    failed: true,
    address: digestOf(first + n),
  }));

/** Who came in the window, in the place of visitors that are drawn. */
async function watched(reported: Reported, visitors: readonly WatchedVisitor[]): Promise<void> {
  const { splits = [] } = reported.split([]);
  await reported.tell({ splits: splits.map((split) => ({ ...split, watched: visitors })) });
}

/** What the guard says of itself, once that matches. */
async function saying(key: string, says: RegExp): Promise<void> {
  for (;;) {
    const { body } = await api("GET", `/routes/${key}/results`);
    const [found] = body["experiments"] as { guard: { words: string } }[];
    if (says.test(found?.guard.words ?? "")) return;
    await scheduler.wait(20);
  }
}

/** What the text says once the canary has nobody. */
const BACK = /"percent":\s*0[,\s}]/;

/** What results tell of the guard once it has heard from the ledger. */
async function acted(key: string): Promise<unknown> {
  for (;;) {
    const { body } = await api("GET", `/routes/${key}/results`);
    const [found] = body["experiments"] as { guard: { acted?: unknown } }[];
    if (found?.guard.acted !== undefined) return found.guard;
    await scheduler.wait(20);
  }
}

async function history(key: string): Promise<Record<string, unknown>[]> {
  const { body } = await api("GET", `/routes/${key}/versions`);
  return body["versions"] as Record<string, unknown>[];
}

/** The text in KV once it says something. */
async function inKv(key: string, says: RegExp): Promise<string> {
  for (;;) {
    const text = (await env.ROUTING_CONFIG.get(key)) ?? "";
    if (says.test(text)) return text;
    await scheduler.wait(20);
  }
}

it("takes back by itself what fails, once, with its evidence in the history", async () => {
  const key = "guarded-one";
  const reported = await Reported.create(key, canary(50, { guard }));
  await watched(reported, failing(0, 30));
  await inKv(key, BACK);
  await watched(reported, failing(100, 30));
  expect(await acted(key)).toMatchObject({ verdict: "acted", acted: { action: "abort" } });
  const versions = await history(key);
  expect(versions).toMatchObject([
    { version: 2, author: "guard", action: "abort" },
    { version: 1 },
  ]);
  expect(versions[0]?.["note"]).toMatch(/30 of 30 visitors of canary had a failure/);
});

it("makes one history with a person who edits in the same second", async () => {
  const key = "guarded-two";
  const reported = await Reported.create(key, canary(50, { guard }));
  const patch = { headers: { "if-match": "*" }, body: { percent: 40 } };
  await Promise.all([watched(reported, failing(0, 30)), api("PATCH", `/routes/${key}`, patch)]);
  await inKv(key, BACK);
  const versions = await history(key);
  expect(versions.filter(({ author }) => author === "guard")).toHaveLength(1);
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: versions.length }, (_, n) => versions.length - n),
  );
});

it("says nothing more once a person has overruled it, whatever fails, until the next policy", async () => {
  const key = "guarded-three";
  const policy = canary(50, { guard });
  const reported = await Reported.create(key, policy);
  await watched(reported, failing(0, 30));
  await acted(key);
  const promoted = await api("POST", `/routes/${key}/actions/promote`, {
    headers: { "if-match": '"2"' },
    body: { to: 50 },
  });
  expect(promoted).toMatchObject({ status: 200, body: { version: 3 } });
  await saying(key, /A person gave back what the guard had taken/);
  for (const first of [100, 200, 300]) await watched(reported, failing(first, 30));
  // Nothing was made of version 3, which this one is made from.
  const put = await api("PUT", `/routes/${key}`, {
    headers: { "if-match": '"3"' },
    body: { policy: canary(40, { guard }), override: true },
  });
  expect(put).toMatchObject({ status: 200, body: { version: 4 } });
  await saying(key, /visitor/);
  await watched(reported, failing(400, 30));
  await inKv(key, BACK);
  expect(await history(key)).toMatchObject([
    { version: 5, author: "guard", action: "abort" },
    { version: 4, action: "put" },
    { version: 3, action: "promote" },
    { version: 2, author: "guard" },
    { version: 1 },
  ]);
});

/** Takes the ledgers away from guards; gives how often one was asked, and what brings them back. */
async function awayFrom(key: string) {
  const ledgers = env.LEDGER;
  if (ledgers === undefined) throw new Error("no binding");
  const asked = { times: 0 };
  const back = await runInDurableObject(ledgers.getByName(key), (ledger: Ledger) => {
    // Calls from outside come to the prototype's methods.
    const methods = Object.getPrototypeOf(ledger) as { guard: Ledger["guard"] };
    const { guard: asBefore } = methods;
    methods.guard = async () => {
      asked.times += 1;
      throw new Error("the ledger is away");
    };
    return () => void (methods.guard = asBefore);
  });
  return { asked, back };
}

it("asks a ledger that does not answer again and says so, a restart between; meanwhile a lease ends by itself", async () => {
  const key = "guarded-four";
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const reported = await Reported.create(key, canary(50, { guard, lease: { until } }));
  const { asked, back } = await awayFrom(key);
  await watched(reported, failing(0, 30));
  await saying(key, /the ledger did not answer \d+ times, and is asked again/);
  // It says so when it asks, before the ledger is reached.
  await expect.poll(() => asked.times).toBeGreaterThan(1);
  const text = await inKv(key, /"lease"/);
  const parsed = parse(text, config);
  const [split] = parsed.ok ? compile(parsed.policy, key).splits : [];
  const shares = (at: number) => split && allocationOf(split, at).shares;
  expect(shares(Date.parse(until) - 1)).toEqual({ stable: 0.5, canary: 0.5 });
  expect(shares(Date.parse(until))).toEqual({ stable: 1, canary: 0 });
  // What was found is forgotten with the object, and the order is not.
  const hub = env.HUBS?.getByName(shardName(shardOf(key)));
  if (hub !== undefined) await evictDurableObject(hub);
  back();
  await inKv(key, BACK);
  await acted(key);
  expect(await history(key)).toMatchObject([{ author: "guard", action: "abort" }, { version: 1 }]);
});
