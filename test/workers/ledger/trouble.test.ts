import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { LedgerCore, PUBLISH_WAIT_MS } from "../../../src/ledger/core.ts";
import { EMERGENCY_KV_MS } from "../../../src/ledger/emergency.ts";
import { READ_TIMEOUT_MS } from "../../../src/ledger/outbox.ts";
import type { LedgerPlatform } from "../../../src/ledger/platform.ts";
import { RULES, edit, put } from "./edits.ts";
import { KEY } from "./model.ts";

const A = '"https://a.example.com"';

function ledger(key: string) {
  const stub = env.LEDGER?.getByName(key);
  if (stub === undefined) throw new Error("no binding");
  return stub;
}

/** A platform over an object's real tables, whose KV never answers. */
function platform(state: DurableObjectState, more: Partial<LedgerPlatform> = {}): LedgerPlatform {
  return {
    sql: state.storage.sql,
    transaction: (work) => state.storage.transactionSync(work),
    read: () => new Promise(() => {}),
    write: () => new Promise(() => {}),
    hub: undefined,
    setAlarm: () => {},
    sleep: async () => {},
    now: () => 1,
    random: () => 0,
    log: () => {},
    ...more,
  };
}

describe("a KV that never answers", () => {
  it("keeps nobody waiting: the edit is accepted, and published later; an emergency least of all", async () => {
    await runInDurableObject(ledger("hangs"), async (_, state) => {
      const waits: number[] = [];
      const sleep = async (ms: number): Promise<void> => {
        if (ms === READ_TIMEOUT_MS) return new Promise(() => {});
        waits.push(ms);
        return undefined;
      };
      const core = new LedgerCore(platform(state, { sleep }), RULES);
      const committed = await core.edit(put(KEY, "new", A));
      expect(committed).toMatchObject({ ok: true, value: { version: 1, published: 0, at: 1 } });
      expect(waits).toEqual([EMERGENCY_KV_MS, PUBLISH_WAIT_MS]);
      waits.length = 0;
      const back = edit(KEY, 1, { kind: "rollback", version: 1 }, { override: true });
      expect(await core.edit(back)).toMatchObject({
        ok: true,
        value: {
          version: 2,
          published: 0,
          warnings: [{ message: expect.stringContaining("replaced unseen") as string }],
        },
      });
      expect(waits).toEqual([EMERGENCY_KV_MS, EMERGENCY_KV_MS]);
      expect(EMERGENCY_KV_MS).toBe(700);
    });
  });

  it("takes an emergency no longer than that in all", async () => {
    await runInDurableObject(ledger("hangs-in-all"), async (_, state) => {
      let now = 1;
      const waits: number[] = [];
      const sleep = async (ms: number): Promise<void> => {
        if (ms === READ_TIMEOUT_MS) return new Promise(() => {});
        waits.push(ms);
        now += ms;
        return undefined;
      };
      const core = new LedgerCore(platform(state, { sleep, now: () => now }), RULES);
      await core.edit(put(KEY, "new", A));
      waits.length = 0;
      await core.edit(edit(KEY, 1, { kind: "rollback", version: 1 }, { override: true }));
      expect(waits).toEqual([EMERGENCY_KV_MS, 0]);
    });
  });

  it("holds up no later attempt: a look that hangs has failed after a while", async () => {
    await runInDurableObject(ledger("hangs-once"), async (_, state) => {
      let reads = 0;
      const puts: (string | null)[] = [];
      const read = async () => {
        reads += 1;
        return reads < 3 ? new Promise<never>(() => {}) : { text: null, version: undefined };
      };
      const write = async (_key: string, text: string | null) => void puts.push(text);
      let now = 1;
      // A time-out comes after whatever answers at once.
      const sleep = () =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, 0);
        });
      const core = new LedgerCore(platform(state, { read, write, sleep, now: () => now }), RULES);
      await core.edit(put(KEY, "new", A));
      for (let attempt = 0; attempt < 4; attempt += 1) {
        now += 600_000;
        await core.outbox.run();
      }
      expect(puts).toEqual([A]);
      expect(reads).toBe(3);
    });
  });
});

describe("an object that is full", () => {
  it("says so, and has changed nothing", async () => {
    await runInDurableObject(ledger("full"), async (_, state) => {
      let isFull = false;
      const transaction = <T>(work: () => T): T =>
        state.storage.transactionSync(() => {
          const done = work();
          if (isFull) throw new Error("database or disk is full: SQLITE_FULL");
          return done;
        });
      const core = new LedgerCore(platform(state, { transaction }), RULES);
      await core.edit(put(KEY, "new", A));
      isFull = true;
      expect(await core.edit(put(KEY, 1, '"https://b.example.com"'))).toEqual({
        ok: false,
        error: { code: "ledger-full" },
      });
      expect(core.store.latest()?.version).toBe(1);
      isFull = false;
      expect(await core.edit(put(KEY, 1, '"https://b.example.com"'))).toMatchObject({ ok: true });
    });
  });
});
