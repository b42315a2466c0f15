import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LedgerCore, PUBLISH_WAIT_MS } from "../../../src/ledger/core.ts";
import { STALE_READ_MS } from "../../../src/ledger/outbox.ts";
import { MAX_IDEMPOTENCY_KEYS } from "../../../src/api/limits.ts";
import { IDEMPOTENCY_MS } from "../../../src/ledger/store.ts";
import type { Edit, Idempotency } from "../../../src/ledger/types.ts";
import { KEY, World } from "./model.ts";

const kv = env.ROUTING_CONFIG;

function ledger(key: string) {
  const stub = env.LEDGER?.getByName(key);
  if (stub === undefined) throw new Error("no binding");
  return stub;
}

function edit(key: string, from: number, text: string | null, more: Partial<Edit> = {}): Edit {
  return {
    key,
    from,
    text,
    author: "ann",
    note: "",
    action: "put",
    detail: "",
    idempotency: undefined,
    ...more,
  };
}

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';

describe("the ledger", () => {
  it("publishes an edit to KV with its version beside it, and survives an eviction", async () => {
    const stub = ledger("publish");
    expect(await stub.commit(edit("publish", 0, A, { note: "first" }))).toEqual({
      ok: true,
      version: 1,
      published: 1,
      at: expect.any(Number) as number,
      replayed: false,
    });
    expect(await kv.getWithMetadata("publish")).toMatchObject({
      value: A,
      metadata: { version: 1 },
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
    await stub.commit(edit("gap", 0, A));
    await stub.commit(edit("gap", 1, A));
    await stub.commit(edit("gap", 2, B));
    expect(await kv.get("gap")).toBe(A);
    expect(await stub.status("gap")).toMatchObject({ published: 1, latest: { version: 3 } });
    await new Promise((resolve) => {
      setTimeout(resolve, 1200);
    });
    await runDurableObjectAlarm(stub);
    expect(await kv.getWithMetadata("gap")).toMatchObject({ value: B, metadata: { version: 3 } });
    expect((await stub.status("gap")).published).toBe(3);
  });

  it("accepts one of two edits made from the same version", async () => {
    const stub = ledger("conflict");
    const both = await Promise.all([
      stub.commit(edit("conflict", 0, A)),
      stub.commit(edit("conflict", 0, B)),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both).toContainEqual({ ok: false, latest: 1 });
  });

  it("keeps the history of a deleted route, and goes on counting", async () => {
    const stub = ledger("deleted");
    await stub.commit(edit("deleted", 0, A));
    await stub.commit(edit("deleted", 1, null, { action: "delete" }));
    await stub.commit(edit("deleted", 2, B));
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

describe("a KV that never answers", () => {
  it("keeps nobody waiting: the edit is accepted, and published later", async () => {
    await runInDurableObject(ledger("hangs"), async (_, state) => {
      const waits: number[] = [];
      const core = new LedgerCore({
        sql: state.storage.sql,
        transaction: (work) => state.storage.transactionSync(work),
        read: () => new Promise(() => {}),
        write: () => new Promise(() => {}),
        setAlarm: () => {},
        sleep: async (ms) => void waits.push(ms),
        now: () => 1,
        random: () => 0,
        log: () => {},
      });
      const committed = await core.commit(edit(KEY, 0, A));
      expect(committed).toEqual({ ok: true, version: 1, published: 0, at: 1, replayed: false });
      expect(waits).toEqual([PUBLISH_WAIT_MS]);
    });
  });
});

describe("drift", () => {
  it("is found, holds the next edit back, and ends by republish", async () => {
    const stub = ledger("drift");
    await stub.commit(edit("drift", 0, A));
    await kv.put("drift", B);
    expect((await stub.status("drift")).drift).toEqual({ text: B });
    await new Promise((resolve) => {
      setTimeout(resolve, 1200);
    });
    await stub.commit(edit("drift", 1, '"https://c.example.com"'));
    expect(await kv.get("drift")).toBe(B);
    expect(await stub.status("drift")).toMatchObject({
      published: 1,
      latest: { version: 2 },
      drift: { text: B },
    });
    await stub.republish({ key: "drift", author: "bob", note: "" });
    expect(await kv.get("drift")).toBe('"https://c.example.com"');
    expect((await stub.status("drift")).drift).toBeUndefined();
    const { items } = await stub.audit(Number.MAX_SAFE_INTEGER, 10);
    expect(items.map(({ action }) => action)).toEqual(["republish", "put", "drift-found", "put"]);
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
      void world.core.commit(edit(KEY, 1, B));
      await world.settle();
      world.writeByHand(A);
      expect(await after(world.core.outbox.drift(KEY))).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await after(world.core.outbox.drift(KEY))).toEqual({ text: A });
      const foreign = '"https://foreign.example.com"';
      world.writeByHand(foreign);
      expect(await after(world.core.outbox.drift(KEY))).toEqual({ text: foreign });
      await after(world.republish());
      expect(world.stored.text).toBe(B);
      world.writeByHand(foreign);
      expect(await after(world.core.outbox.drift(KEY))).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await after(world.core.outbox.drift(KEY))).toEqual({ text: foreign });
    });
  });

  it("ends when it is adopted, and when it goes away by itself", async () => {
    const stub = ledger("adopt");
    await kv.put("adopt", A);
    expect((await stub.status("adopt")).drift).toEqual({ text: A });
    await stub.commit(edit("adopt", 0, A, { action: "adopt" }));
    expect(await stub.status("adopt")).toMatchObject({ published: 1, latest: { action: "adopt" } });
    await kv.put("adopt", B);
    expect((await stub.status("adopt")).drift).toEqual({ text: B });
    await kv.put("adopt", A);
    expect((await stub.status("adopt")).drift).toBeUndefined();
  });

  it("is told even where the hand-written text is one of the history's", async () => {
    const stub = ledger("older");
    await stub.commit(edit("older", 0, A, { action: "adopt" }));
    await stub.commit(edit("older", 1, B, { action: "adopt" }));
    await kv.put("older", A);
    expect((await stub.status("older")).drift).toEqual({ text: A });
  });

  it("is a value deleted by hand, but not before KV's caches could know better", async () => {
    await runInDurableObject(ledger("gone"), async (_, state) => {
      const [scheduler] = fc.sample(fc.scheduler(), 1);
      if (scheduler === undefined) throw new Error("no scheduler");
      const world = new World(state.storage, scheduler);
      const drift = async () => {
        const asked = world.core.outbox.drift(KEY);
        await scheduler.waitIdle();
        return asked;
      };
      void world.core.commit(edit(KEY, 0, A));
      await world.settle();
      world.stored = { text: null, version: undefined };
      expect(await drift()).toBeUndefined();
      world.now += STALE_READ_MS;
      expect(await drift()).toEqual({ text: null });
      // A delete whose answer was lost, and an edit after it: the emptiness is ours.
      world.stored = { text: A, version: 1 };
      world.faults = ["none", "lost"];
      void world.core.commit(edit(KEY, 1, null));
      await scheduler.waitIdle();
      void world.core.commit(edit(KEY, 2, B));
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
    const stub = ledger("again");
    await stub.commit(edit("again", 0, A, again("one")));
    expect(await stub.commit(edit("again", 0, A, again("one")))).toEqual({
      ok: true,
      version: 1,
      published: 1,
      at: expect.any(Number) as number,
      replayed: true,
    });
    expect(await stub.commit(edit("again", 1, B, again("two")))).toEqual({
      ok: false,
      mismatch: true,
    });
    expect(await stub.recall({ id: "ann k", fingerprint: "one" })).toEqual({
      seen: true,
      same: true,
      version: 1,
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
        void world.core.commit(edit(KEY, n, A, again("f", `k${n}`)));
      }
      expect(world.core.recall({ id: "k0", fingerprint: "f" })).toEqual({ seen: false });
      expect(world.core.recall({ id: "k1", fingerprint: "f" })).toMatchObject({ seen: true });
      world.now += IDEMPOTENCY_MS;
      expect(world.core.recall({ id: "k1000", fingerprint: "f" })).toEqual({ seen: false });
    });
  });
});
