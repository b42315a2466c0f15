import { env } from "cloudflare:workers";
import { ledgerOf } from "../../../src/ledger/calls.ts";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textDigest } from "../../../src/report/digest.ts";
import { STALE_READ_MS } from "../../../src/lib/propagation.ts";
import { MAX_IDEMPOTENCY_KEYS } from "../../../src/api/limits.ts";
import { IDEMPOTENCY_MS } from "../../../src/ledger/store.ts";
import type { Idempotency } from "../../../src/ledger/types.ts";
import { CALM, edit, put } from "./edits.ts";
import { KEY, World } from "./model.ts";

const kv = env.ROUTING_CONFIG;

function ledger(key: string) {
  const stub = env.LEDGER?.getByName(key);
  if (stub === undefined) throw new Error("no binding");
  return stub;
}

/** What may be asked of a route's ledger. */
function calls(key: string) {
  if (env.LEDGER === undefined) throw new Error("no binding");
  return ledgerOf(env.LEDGER, key);
}

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';

describe("the ledger", () => {
  it("publishes an edit to KV with its version beside it, and survives an eviction", async () => {
    const stub = ledger("publish");
    expect(await calls("publish").edit(put("publish", "new", A, { note: "first" }))).toMatchObject({
      ok: true,
      value: { version: 1, published: 1, created: true, replayed: false },
    });
    expect(await kv.getWithMetadata("publish")).toMatchObject({
      value: A,
      metadata: { version: 1, digest: textDigest(A) },
    });
    await evictDurableObject(stub);
    const status = await ledger("publish").status("publish");
    expect(status).toMatchObject({
      published: 1,
      latest: { version: 1, text: A, author: "ann", note: "first" },
    });
    expect(status.drift).toBeUndefined();
  });

  it("waits out the second between two writes to one key, and then brings the newest", async () => {
    const stub = ledger("gap");
    const lastPut = async (at: number) =>
      runInDurableObject(
        stub,
        (_, state) => void state.storage.sql.exec("UPDATE publication SET put_at = ?", at),
      );
    await calls("gap").edit(put("gap", "new", A));
    // However slow this machine is, the last put is always just now.
    await lastPut(Date.now() + 3_600_000);
    await calls("gap").edit(put("gap", 1, '"https://c.example.com"'));
    await calls("gap").edit(put("gap", 2, B));
    expect(await kv.get("gap")).toBe(A);
    expect(await stub.status("gap")).toMatchObject({ published: 1, latest: { version: 3 } });
    await lastPut(1);
    // A run that looked before the clock was set back waits for its alarm; the next one brings it.
    const afterAlarm = async () => {
      await runInDurableObject(stub, async (instance) => instance.alarm());
      return kv.getWithMetadata("gap");
    };
    await expect.poll(afterAlarm).toMatchObject({ value: B, metadata: { version: 3 } });
    expect((await stub.status("gap")).published).toBe(3);
  });

  it("accepts one of two edits made from the same version", async () => {
    const both = await Promise.all([
      calls("conflict").edit(put("conflict", "new", A)),
      calls("conflict").edit(put("conflict", "new", B, { author: "bob" })),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = { version: 1, author: "ann", at: expect.any(Number) as number, action: "put" };
    expect(both).toContainEqual({
      ok: false,
      error: { code: "precondition-failed", latest: winner },
    });
  });

  it("keeps the history of a deleted route, and goes on counting", async () => {
    const stub = calls("deleted");
    await stub.edit(put("deleted", "new", A));
    await stub.edit(edit("deleted", 1, { kind: "delete" }));
    await stub.edit(put("deleted", "new", B));
    const { items, next } = await stub.versions(Number.MAX_SAFE_INTEGER, 2);
    expect(items.map(({ version, text, action }) => [version, text, action])).toEqual([
      [3, "", "put"],
      [2, null, "delete"],
    ]);
    expect(next).toBe(2);
    expect(await stub.version(1)).toMatchObject({ text: A });
    expect(
      (await stub.audit(Number.MAX_SAFE_INTEGER, 10)).items.map(({ action }) => action),
    ).toEqual(["put", "delete", "put"]);
  });

  it("leaves no trace of a route that was only asked about", async () => {
    const stub = ledger("never");
    expect(await stub.status("never")).toMatchObject({ published: 0 });
    await stub.note({ actor: "ann", action: "link", note: "", detail: "" });
    expect(await stub.versions(9, 9)).toEqual({ items: [], next: undefined });
    const tables = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'versions'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});

const driftOf = async (world: World) => (await world.core.outbox.look(KEY)).drift;

describe("drift", () => {
  it("is found, holds the next edit back, and ends by republish", async () => {
    const stub = calls("drift");
    await stub.edit(put("drift", "new", A));
    await kv.put("drift", B);
    expect((await stub.status("drift")).drift).toEqual({ text: B });
    await new Promise((resolve) => {
      setTimeout(resolve, 1200);
    });
    const third = put("drift", 1, '"https://c.example.com"');
    expect(await stub.edit(third)).toMatchObject({ ok: false, error: { code: "drift" } });
    // As if it had come before anybody could see the other's value.
    await runInDurableObject(ledger("drift"), (_, state) => {
      state.storage.sql.exec(
        "INSERT INTO versions (version, text, author, at, note, action) VALUES (2, '\"https://c.example.com\"', 'ann', 5, '', 'put')",
      );
    });
    await runInDurableObject(ledger("drift"), async (instance) => instance.alarm());
    expect(await kv.get("drift")).toBe(B);
    expect(await stub.status("drift")).toMatchObject({
      published: 1,
      latest: { version: 2 },
      drift: { text: B },
    });
    await stub.republish({ expects: { want: "any" }, author: "bob", note: "", override: false });
    expect(await kv.get("drift")).toBe('"https://c.example.com"');
    expect((await stub.status("drift")).drift).toBeUndefined();
    const { items } = await stub.audit(Number.MAX_SAFE_INTEGER, 10);
    expect(items.map(({ action }) => action)).toEqual(["republish", "drift-found", "put"]);
  });

  it("is none when KV's caches still tell what was adopted, or what a republish replaced", async () => {
    await runInDurableObject(ledger("cached"), async (_, state) => {
      const [scheduler] = fc.sample(fc.scheduler(), 1);
      if (scheduler === undefined) throw new Error("no scheduler");
      const world = new World(state.storage, scheduler);
      const after = async <T>(asked: Promise<T>): Promise<T> => {
        await scheduler.waitIdle();
        return asked;
      };
      world.writeByHand(A);
      await after(world.adopt());
      void world.core.commit(put(KEY, 1, B), CALM);
      await world.settle();
      world.writeByHand(A);
      expect(await after(driftOf(world))).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await after(driftOf(world))).toEqual({ text: A });
      const foreign = '"https://foreign.example.com"';
      world.writeByHand(foreign);
      expect(await after(driftOf(world))).toEqual({ text: foreign });
      await after(world.republish());
      expect(world.stored.text).toBe(B);
      world.writeByHand(foreign);
      expect(await after(driftOf(world))).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await after(driftOf(world))).toEqual({ text: foreign });
    });
  });

  it("ends when it is adopted, and when it goes away by itself", async () => {
    const stub = calls("adopt");
    await kv.put("adopt", A);
    expect((await stub.status("adopt")).drift).toEqual({ text: A });
    await stub.edit(edit("adopt", 0, { kind: "adopt" }));
    expect(await stub.status("adopt")).toMatchObject({ published: 1, latest: { action: "adopt" } });
    // KV has its number by now.
    expect(await kv.getWithMetadata("adopt")).toMatchObject({ value: A, metadata: { version: 1 } });
    await kv.put("adopt", B);
    expect((await stub.status("adopt")).drift).toEqual({ text: B });
    await kv.put("adopt", A);
    expect((await stub.status("adopt")).drift).toBeUndefined();
  });

  it("is told even where the hand-written text is one of the history's", async () => {
    const stub = calls("older");
    await kv.put("older", A);
    await stub.edit(edit("older", 0, { kind: "adopt" }));
    await kv.put("older", B);
    await stub.edit(edit("older", 1, { kind: "adopt" }));
    await kv.put("older", A);
    // Long after the ledger's own puts: until then KV's caches may tell what was adopted.
    await runInDurableObject(ledger("older"), (_, state) => {
      state.storage.sql.exec("UPDATE publication SET put_at = 1");
    });
    expect((await stub.status("older")).drift).toEqual({ text: A });
  });

  it("is a value deleted by hand, but not before KV's caches could know better", async () => {
    await runInDurableObject(ledger("gone"), async (_, state) => {
      const [scheduler] = fc.sample(fc.scheduler(), 1);
      if (scheduler === undefined) throw new Error("no scheduler");
      const world = new World(state.storage, scheduler);
      const drift = async () => {
        const asked = world.core.outbox.look(KEY);
        await scheduler.waitIdle();
        return (await asked).drift;
      };
      void world.core.commit(put(KEY, "new", A), CALM);
      await world.settle();
      world.stored = { text: null, version: undefined };
      expect(await drift()).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await drift()).toEqual({ text: null });
      // A delete whose answer was lost, and an edit after it: the emptiness is ours.
      world.stored = { text: A, version: 1 };
      world.faults = ["none", "lost"];
      void world.core.commit(edit(KEY, 1, { kind: "delete" }), CALM);
      await scheduler.waitIdle();
      void world.core.commit(put(KEY, "new", B), CALM);
      world.now += STALE_READ_MS;
      expect(await drift()).toBeUndefined();
    });
  });
});

describe("an idempotency key", () => {
  const again = (fingerprint: string, id = "ann k"): { idempotency: Idempotency } => ({
    idempotency: { id, fingerprint },
  });

  it("makes a repeated edit the same edit, and refuses another one under the same key", async () => {
    const stub = calls("again");
    await stub.edit(put("again", "new", A, again("one")));
    expect(await stub.edit(put("again", "new", A, again("one")))).toMatchObject({
      ok: true,
      value: { version: 1, published: 1, replayed: true },
    });
    expect(await stub.edit(put("again", 1, B, again("two")))).toEqual({
      ok: false,
      error: { code: "idempotency-mismatch" },
    });
    expect((await stub.status("again")).latest?.version).toBe(1);
  });

  it("is forgotten after a day, and the oldest of too many", async () => {
    await runInDurableObject(ledger("forget"), async (_, state) => {
      const [scheduler] = fc.sample(fc.scheduler(), 1);
      if (scheduler === undefined) throw new Error("no scheduler");
      const world = new World(state.storage, scheduler);
      for (let n = 0; n <= MAX_IDEMPOTENCY_KEYS; n += 1) {
        world.now += 1;
        // Made and deleted by turns: no visitor is there to be counted.
        const more = again("f", `k${n}`);
        const one = n % 2 === 0 ? put(KEY, "new", A, more) : edit(KEY, n, { kind: "delete" }, more);
        void world.core.commit(one, CALM);
      }
      const recall = (id: string) => world.core.store.recall({ id, fingerprint: "f" }, world.now);
      expect(recall("k0")).toEqual({ seen: false });
      expect(recall("k1")).toMatchObject({ seen: true });
      world.now += IDEMPOTENCY_MS;
      expect(recall("k1000")).toEqual({ seen: false });
    });
  });
});
