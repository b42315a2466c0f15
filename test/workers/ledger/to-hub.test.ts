import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { LedgerCore } from "../../../src/ledger/core.ts";
import { HUB_FIRST_MS } from "../../../src/ledger/delivery.ts";
import { HUB_TIMEOUT_MS } from "../../../src/ledger/hub-outbox.ts";
import { migrate } from "../../../src/ledger/migrations.ts";
import type { LedgerPlatform, Stored } from "../../../src/ledger/platform.ts";
import { ledgerOf } from "../../../src/ledger/calls.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { shardName, shardOf } from "../../../src/report/shard.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import type { HubForLedgers, Newest, Publication } from "../../../src/report/wire.ts";
import { RULES, edit, put } from "./edits.ts";

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';

function stub(key: string) {
  const object = env.LEDGER?.getByName(key);
  if (object === undefined) throw new Error("no binding");
  return object;
}

function calls(key: string) {
  if (env.LEDGER === undefined) throw new Error("no binding");
  return ledgerOf(env.LEDGER, key);
}

function hub(key: string) {
  const object = env.HUBS?.getByName(shardName(shardOf(key)));
  if (object === undefined) throw new Error("no binding");
  return object;
}

/** A ledger whose hub and KV answer as a test says, and write down in which order. */
class Order {
  readonly done: string[] = [];
  now = 1_800_000_000_000;
  alarmAt: number | undefined;
  kv: Stored = { text: null, version: undefined };
  newest: Newest = { version: 0, digest: "absent" };
  publications: Publication[] = [];
  fails = new Set<string>();
  hangs = new Set<string>();
  readonly core: LedgerCore;

  constructor(state: DurableObjectState) {
    const turn = async (what: string): Promise<void> => {
      this.done.push(what);
      if (this.hangs.has(what)) await new Promise(() => {});
      if (this.fails.has(what)) throw new Error("down");
    };
    const answers: HubForLedgers = {
      publish: async (publication) => {
        await turn("publish");
        this.publications.push(publication);
        if (publication.version > this.newest.version)
          this.newest = {
            version: publication.version,
            digest: textDigest(publication.text),
          };
        return this.newest;
      },
      settle: async () => turn("settle"),
      newest: async () => {
        await turn("newest");
        return this.newest;
      },
      releases: async () => [],
    };
    const platform: LedgerPlatform = {
      sql: state.storage.sql,
      transaction: (work) => state.storage.transactionSync(work),
      read: async () => this.kv,
      write: async (_key, text, version) => {
        await turn(`put ${version}`);
        this.kv = { text, version };
      },
      hub: answers,
      setAlarm: (at) => {
        this.alarmAt = at;
      },
      // What hangs is given up on at once, and nobody else waits.
      sleep: async (ms) => {
        const isGivenUp = ms === HUB_FIRST_MS || ms === HUB_TIMEOUT_MS;
        if (!isGivenUp || this.hangs.size === 0) await new Promise(() => {});
      },
      now: () => this.now,
      random: () => 0,
      log: () => {},
    };
    this.core = new LedgerCore(platform, RULES);
  }

  /** Lets every alarm go off until none is left. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < 20 && this.alarmAt !== undefined; rounds += 1) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = undefined;
      await this.core.delivery.alarm();
    }
  }
}

const withOrder = async (name: string, work: (order: Order) => Promise<void>): Promise<void> =>
  runInDurableObject(stub(name), async (_, state) => work(new Order(state)));

describe("an edit", () => {
  it("is told to the hub, put to KV with its stamp, and the hub hears of that", async () => {
    const key = "told";
    await calls(key).edit(put(key, "new", A));
    expect(await hub(key).newest(key)).toEqual({ version: 1, digest: textDigest(A) });
    expect(await env.ROUTING_CONFIG.getWithMetadata(key)).toMatchObject({
      value: A,
      metadata: stampOf(A, 1),
    });
    await runInDurableObject(stub(key), async (instance) => instance.alarm());
    const rows = await runInDurableObject(hub(key), (_, state) =>
      state.storage.sql.exec("SELECT pending FROM routes WHERE key = ?", key).toArray(),
    );
    expect(rows).toEqual([{ pending: 0 }]);
  });

  it("goes to the hub first, then to KV, then the hub hears of KV", async () => {
    await withOrder("order", async (order) => {
      await order.core.edit(put("order", "new", A));
      await order.settle();
      expect(order.done).toEqual(["newest", "publish", "put 1", "settle"]);
      expect(order.alarmAt).toBeUndefined();
    });
  });

  it.each(["fails", "hangs"] as const)(
    "is in KV though the hub %s, and is told later",
    async (how) => {
      await withOrder(`hub-${how}`, async (order) => {
        order[how].add("publish").add("settle");
        const made = await order.core.edit(put(`hub-${how}`, "new", A));
        expect(made).toMatchObject({ ok: true, value: { version: 1, published: 1 } });
        expect(order.kv).toEqual({ text: A, version: 1 });
        order[how].clear();
        await order.settle();
        expect(order.done.slice(-2)).toEqual(["publish", "settle"]);
        expect(order.publications.at(-1)).toMatchObject({ version: 1, text: A });
      });
    },
  );

  it("is told to the hub though KV fails, and KV is tried no sooner for it", async () => {
    await withOrder("kv-fails", async (order) => {
      order.fails.add("put 1");
      await order.core.edit(put("kv-fails", "new", A));
      expect(order.publications).toHaveLength(1);
      expect(order.done).not.toContain("settle");
      const puts = () => order.done.filter((what) => what === "put 1").length;
      for (let round = 0; round < 20 && puts() < 5; round += 1) {
        order.now = order.alarmAt ?? order.now;
        await order.core.delivery.alarm();
      }
      // Doubling: 1, 2, 4 and 8 seconds, and the gap between two puts.
      const seconds = (order.now - 1_800_000_000_000) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(15);
      expect(seconds).toBeLessThan(16);
      order.fails.clear();
      await order.settle();
      expect(order.done.slice(-2)).toEqual(["put 1", "settle"]);
    });
  });
});

describe("a ledger that is new", () => {
  it("goes on above what KV has of one that was lost", async () => {
    await withOrder("lost-kv", async (order) => {
      order.kv = { text: A, version: 7 };
      const adopt = edit("lost-kv", 0, { kind: "adopt" });
      expect(await order.core.edit(adopt)).toMatchObject({ ok: true, value: { version: 8 } });
      await order.settle();
      expect(order.kv).toEqual({ text: A, version: 8 });
    });
  });

  it("goes on above what the hub has heard of", async () => {
    await withOrder("lost-hub", async (order) => {
      order.newest = { version: 4, digest: "absent" };
      const made = await order.core.edit(put("lost-hub", "new", A));
      expect(made).toMatchObject({ ok: true, value: { version: 5 } });
    });
  });

  it("takes a number above it later, where the hub did not say in time", async () => {
    await withOrder("late-hub", async (order) => {
      order.newest = { version: 4, digest: textDigest(B) };
      order.fails.add("newest").add("publish");
      expect(await order.core.edit(put("late-hub", "new", A))).toMatchObject({
        ok: true,
        value: { version: 1 },
      });
      order.fails.clear();
      await order.settle();
      expect(order.core.store.latest()).toMatchObject({ version: 5, text: A, author: "ann" });
      expect(order.kv).toEqual({ text: A, version: 5 });
      expect(order.core.store.audit(99, 1).items).toMatchObject([
        { actor: "switchyard", action: "republish", version: 5 },
      ]);
    });
  });
});

it("an order to republish is told with a later time, and what it replaces", async () => {
  await withOrder("anew", async (order) => {
    await order.core.edit(put("anew", "new", A));
    await order.settle();
    order.now += 600_000;
    order.kv = { text: B, version: undefined };
    await order.core.status("anew");
    const republish = { expects: { want: "any" }, author: "a", note: "", override: true } as const;
    await order.core.republish(republish);
    await order.core.republish(republish);
    await order.settle();
    const [first, second, third] = order.publications;
    expect(second).toMatchObject({ version: 1, text: A, replaces: textDigest(B) });
    expect(second?.at).toBeGreaterThan(first?.at ?? 0);
    expect(third?.at).toBeGreaterThan(second?.at ?? 0);
    expect(order.kv).toEqual({ text: A, version: 1 });
  });
});

it("a ledger of an earlier release has nothing to put again, and tells the hub with its next edit", async () => {
  await runInDurableObject(stub("earlier"), async (_, state) => {
    const { sql } = state.storage;
    migrate(sql, 3);
    sql.exec("INSERT INTO publication VALUES (1, 'earlier', 1, 5, 0, NULL, 0, 0, '', '')");
    sql.exec(
      "INSERT INTO versions (version, text, author, at, note, action) VALUES (1, ?, 'ann', 5, '', 'put')",
      A,
    );
    const order = new Order(state);
    order.kv = { text: A, version: 1 };
    expect(order.core.outbox.dueAt()).toBeUndefined();
    await order.core.edit(put("earlier", 1, B));
    await order.settle();
    expect(order.done).toEqual(["publish", "put 2", "settle"]);
    // An earlier release, rolled back to, reads and writes its own columns.
    sql.exec("UPDATE publication SET published = 3, put_at = 6");
    expect(order.core.store.publication()).toMatchObject({ published: 3, hubVersion: 2 });
  });
});
