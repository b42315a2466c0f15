import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { GATEWAYS_MS } from "../../../src/ledger/core.ts";
import type { Change } from "../../../src/ledger/edit-types.ts";
import { EMERGENCY_KV_MS } from "../../../src/ledger/emergency.ts";
import { guarded } from "../../../src/ledger/guarded.ts";
import { HUB_FIRST_MS } from "../../../src/ledger/delivery.ts";
import { shardOf, SHARDS } from "../../../src/report/shard.ts";
import { edit } from "./edits.ts";
import { only, reports, withLedger } from "./older-gateways.ts";

const A = "https://a.example.com";
const B = "https://b.example.com";

const canary = (more: object = {}) => ({
  strategy: "canary",
  stable: A,
  canary: B,
  percent: 5,
  ...more,
});
const CACHED = canary({ cache: { ttlSeconds: 60 } });

describe("a policy with a word that a gateway does not know", () => {
  it("is refused while one reports, to whichever shard, with word, path and releases; and not when it has gone", async () => {
    const key = "old-elsewhere";
    await reports((shardOf(key) + 1) % SHARDS, "0.1.0");
    await reports(shardOf(key), "0.3.0");
    await withLedger(key, async ({ core, put, preview, make }) => {
      expect(await put("new", canary())).toBe(1);
      const refused = {
        ok: false,
        error: {
          code: "gateway-too-old",
          old: [{ release: "0.1.0", words: [{ word: "cache", path: "$.cache", since: "0.2.0" }] }],
        },
      };
      const wanted: Change = { kind: "put", policy: CACHED, apply: true };
      expect(await core.edit(edit(key, 1, wanted))).toEqual(refused);
      expect(await preview(CACHED)).toEqual(refused);
      expect(core.store.latest()?.version).toBe(1);
      const patch: Change = { kind: "patch", patch: { cache: { ttlSeconds: 60 } } };
      expect(await make(1, patch)).toBe("gateway-too-old");
      // What all know passes all the while.
      expect(await put(1, canary({ percent: 10 }))).toBe(2);
    });
  });

  it("passes where all gateways know it, and of a word that is newer still the word is named", async () => {
    await withLedger(
      "known",
      async ({ put, core }) => {
        expect(await put("new", CACHED)).toBe(1);
        const newer = { ...CACHED, cache: { ttlSeconds: 60, vary: ["accept"] } };
        const wanted: Change = { kind: "put", policy: newer, apply: false };
        expect(await core.edit(edit("known", 1, wanted))).toMatchObject({
          error: {
            old: [{ release: "0.2.5", words: [{ word: "cache.vary", path: "$.cache.vary" }] }],
          },
        });
      },
      only("0.2.5"),
    );
  });

  it("passes with an override, which asks nobody and stands in the audit log", async () => {
    await withLedger(
      "overridden",
      async ({ put, core, asked, preview }) => {
        expect(await put("new", CACHED, { override: true })).toBe(1);
        expect(await preview(CACHED, true)).toMatchObject({ ok: true });
        expect(asked()).toBe(0);
        expect(core.store.audit(99, 1).items[0]?.detail).toBe(
          "override; whether or not every gateway knows $.cache (0.2.0)",
        );
        expect(await put(1, canary(), { override: true })).toBe(2);
        expect(core.store.audit(99, 1).items[0]?.detail).toBe("override");
      },
      only("0.1.0"),
    );
  });

  it("asks the hub once, and only where there is such a word", async () => {
    await withLedger(
      "asks",
      async ({ put, asked }) => {
        await put("new", canary());
        expect(asked()).toBe(0);
        expect(await put(1, CACHED)).toBe(2);
        expect(asked()).toBe(SHARDS);
        // The newest version says the same already.
        expect(await put(2, CACHED)).toBe(2);
        expect(asked()).toBe(SHARDS);
      },
      only("0.2.0"),
    );
  });
});

describe("what takes something back", () => {
  it("is never held back, and asks nobody: abort, force, unforce, switch-back, a guard, an adoption", async () => {
    await withLedger(
      "taken",
      async ({ put, act, core, asked }) => {
        await put("new", CACHED, { override: true });
        expect(await act(1, "force", { variant: "stable" })).toBe(2);
        expect(await act(2, "unforce")).toBe(3);
        expect(await act(3, "abort")).toBe(4);
        await put(4, CACHED, { override: true });
        const order = { key: "taken", version: 5, node: "", evidence: "5 % failed" };
        const action = { kind: "abort" } as const;
        expect(await guarded(core, { ...order, action }, () => Date.now())).toMatchObject({
          done: "made",
        });
        expect(asked()).toBe(0);
      },
      only("0.1.0"),
    );
    await env.ROUTING_CONFIG.put("put-by-hand", JSON.stringify(CACHED));
    await withLedger(
      "put-by-hand",
      async ({ make, asked }) => {
        expect(await make(0, { kind: "adopt" })).toBe(1);
        expect(asked()).toBe(0);
      },
      only("0.1.0"),
    );
    const colours = { strategy: "blue-green", blue: A, green: B, active: "blue" };
    await withLedger(
      "taken-colours",
      async ({ put, act, asked }) => {
        await put("new", { ...colours, cache: { ttlSeconds: 60 } }, { override: true });
        expect(await act(1, "switch", { to: "green" })).toBe(2);
        expect(await act(2, "switch-back")).toBe(3);
        expect(asked()).toBe(0);
      },
      only("0.1.0"),
    );
  });

  it("is an action too that says nothing new; one that does is held back", async () => {
    const ramp = {
      startAt: "2027-01-15T08:00:00Z",
      steps: [{ percent: 1, holdSeconds: 3600 }, { percent: 100 }],
    };
    const { percent: _percent, ...ramped } = CACHED as Record<string, unknown>;
    await withLedger(
      "acted-on",
      async ({ put, act }) => {
        await put("new", CACHED, { override: true });
        expect(await act(1, "promote", { to: 10 })).toBe(2);
        await put(2, { ...ramped, ramp }, { override: true });
        expect(await act(3, "pause")).toBe("gateway-too-old");
      },
      only("0.1.0"),
    );
  });

  it("is a roll-back to what every gateway knows; to what one does not it waits no longer than for KV", async () => {
    await withLedger(
      "back",
      async ({ put, make, asked }) => {
        await put("new", canary());
        await put(1, CACHED, { override: true });
        expect(await make(2, { kind: "rollback", version: 1 })).toBe(3);
        expect(asked()).toBe(0);
        expect(await make(3, { kind: "rollback", version: 2 })).toBe("gateway-too-old");
        expect(await make(3, { kind: "rollback", version: 2 }, { override: true })).toBe(4);
      },
      only("0.1.0"),
    );
  });
});

describe("where the hub is away", () => {
  const never = new Promise<never>(() => {});
  it.each([
    ["fails", async () => Promise.reject(new Error("down"))],
    ["hangs", async () => never],
    ["is of a release that does not tell", undefined as never],
  ])("a policy is published as if no older gateway were there: it %s", async (how, releases) => {
    await withLedger(
      `away-${how}`,
      async ({ put, make, waits, logs }) => {
        expect(await put("new", CACHED)).toBe(1);
        expect(waits).toContain(GATEWAYS_MS);
        expect(await put(1, canary())).toBe(2);
        waits.length = 0;
        expect(await make(2, { kind: "rollback", version: 1 })).toBe(3);
        expect(waits).not.toContain(GATEWAYS_MS);
        // For KV, for the hub's word, and for KV to have it, each out of what the ones before have left.
        const short = waits.filter((ms) => ms <= EMERGENCY_KV_MS && ms !== HUB_FIRST_MS);
        expect(short).toHaveLength(3);
        expect(short).toEqual(short.toSorted((x, y) => y - x));
        expect(logs).toContain("the hub does not say which gateways there are");
      },
      { releases, isAway: how === "hangs" },
    );
  });

  it("a shard that answers is believed, whatever the others do", async () => {
    const releases = async (shard: number) => (shard === 7 ? ["0.1.0"] : never);
    await withLedger(
      "one-answers",
      async ({ put }) => {
        expect(await put("new", CACHED)).toBe("gateway-too-old");
      },
      { releases, isAway: true },
    );
  });
});
