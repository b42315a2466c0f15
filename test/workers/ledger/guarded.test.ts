import { env } from "cloudflare:workers";
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { MAX_NOTE_CHARS } from "../../../src/api/limits.ts";
import { ledgerOf } from "../../../src/ledger/calls.ts";
import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import type { Action } from "../../../src/policy/actions/index.ts";
import type { OrderedAction, GuardOrder } from "../../../src/report/guard.ts";
import { edit } from "./edits.ts";

const HOLD = { holdSeconds: 3600 };
const canary = (more: object = { percent: 25 }) => ({
  strategy: "canary",
  stable: "https://v1.example.com",
  canary: "https://v2.example.com",
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
  ...more,
});
const earning = {
  ramp: {
    startAt: "2026-01-01T09:00:00Z",
    steps: [{ percent: 1, ...HOLD }, { percent: 10, ...HOLD }, { percent: 100 }],
  },
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true },
};

function stub(key: string) {
  const object = env.LEDGER?.getByName(key);
  if (object === undefined) throw new Error("no binding");
  return object;
}

/** A ledger, as people and the guard use it. */
function route(key: string) {
  if (env.LEDGER === undefined) throw new Error("no binding");
  const calls = ledgerOf(env.LEDGER, key);
  const make = async (from: number | "new", change: Change, more: Partial<Edit> = {}) => {
    const made = await calls.edit(edit(key, from, change, more));
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return made.value.version;
  };
  return {
    calls,
    put: async (from: number | "new", policy: unknown) =>
      make(from, { kind: "put", policy, apply: false }),
    act: async (from: number, action: Action) => make(from, { kind: "act", action }),
    make,
    order: async (version: number, action: OrderedAction, more: Partial<GuardOrder> = {}) =>
      stub(key).guard({ key, version, node: "", action, evidence: "5 % failed", ...more }),
    made: async () => (await stub(key).standing())?.made,
    policy: async (): Promise<unknown> => JSON.parse((await calls.latest())?.text ?? "null"),
  };
}

describe("a guard's order", () => {
  it("is an edit of the guard's, with its evidence, in history and audit log", async () => {
    const shop = route("order-made");
    await shop.put("new", { strategy: "path-map", paths: { "/store": canary() } });
    const done = await shop.order(1, { kind: "abort" }, { node: "/paths/~1store" });
    expect(done).toEqual({ done: "made", version: 2 });
    expect(await shop.policy()).toMatchObject({ paths: { "/store": { percent: 0 } } });
    const { items } = await shop.calls.versions(9, 9);
    expect(items[0]).toMatchObject({ author: "guard", action: "abort", note: "5 % failed" });
    const audit = await shop.calls.audit(99, 1);
    expect(audit.items[0]).toMatchObject({
      actor: "guard",
      action: "abort",
      version: 2,
      note: "5 % failed",
      detail: "abort at /paths/~1store, judged by version 1",
    });
  });

  it.each<[string, unknown, OrderedAction, object]>([
    [
      "pause",
      canary(earning),
      { kind: "pause" },
      { ramp: { pausedAt: expect.any(String) as string } },
    ],
    ["force", canary(), { kind: "force", variant: "stable" }, { force: "stable" }],
    ["grant", canary(earning), { kind: "grant", step: 1 }, { ramp: { earned: 1 } }],
  ])("may be a %s", async (kind, policy, action, made) => {
    const shop = route(`action-${kind}`);
    await shop.put("new", policy);
    expect(await shop.order(1, action)).toEqual({ done: "made", version: 2 });
    expect(await shop.policy()).toMatchObject(made);
    expect(await shop.calls.latest()).toMatchObject({ author: "guard", action: kind });
  });

  it("goes back to the colour before a cut-over", async () => {
    const shop = route("action-back");
    const both = {
      strategy: "blue-green",
      blue: "https://b.example.com",
      green: "https://g.example.com",
    };
    await shop.put("new", { ...both, active: "blue" });
    await shop.put(1, {
      ...both,
      active: "blue",
      next: { active: "green", at: "2026-01-01T09:00:00Z" },
      guard: { checks: [{ metric: "failures", max: 2 }] },
    });
    expect(await shop.order(2, { kind: "switch-back" })).toEqual({ done: "made", version: 3 });
    expect(await shop.policy()).toMatchObject({ active: "blue" });
  });

  it("is done once, however often it comes, in one instant or after a restart", async () => {
    const shop = route("order-once");
    await shop.put("new", canary());
    const both = await Promise.all([1, 2].map(async () => shop.order(1, { kind: "abort" })));
    expect(both.map(({ done }) => done).toSorted()).toEqual(["already", "made"]);
    await evictDurableObject(stub("order-once"));
    expect(await shop.order(1, { kind: "abort" })).toEqual({ done: "already", version: 2 });
    expect((await shop.calls.versions(9, 9)).items).toHaveLength(2);
  });

  it("is read from a shard of the release before, which called its action a deed", async () => {
    const shop = route("order-before");
    await shop.put("new", canary());
    const order = { key: "order-before", version: 1, node: "", evidence: "5 % failed" };
    const done = await stub("order-before").guard({ ...order, deed: { kind: "abort" } });
    expect(done).toEqual({ done: "made", version: 2 });
    // The shard may have been updated before it heard the answer.
    expect(await shop.order(1, { kind: "abort" })).toEqual({ done: "already", version: 2 });
  });

  it("is out of date where somebody was quicker, and changes nothing", async () => {
    const shop = route("order-late");
    await shop.put("new", canary());
    await shop.put(1, canary({ percent: 5 }));
    expect(await shop.order(1, { kind: "abort" })).toEqual({ done: "outdated" });
    expect(await route("order-nowhere").order(1, { kind: "abort" })).toEqual({ done: "outdated" });
    expect(await shop.policy()).toMatchObject({ percent: 5 });
  });

  it("is refused, and says why, over what was put by hand and where it does not fit", async () => {
    const shop = route("order-drift");
    await shop.put("new", canary());
    expect(await shop.order(1, { kind: "pause" })).toEqual({
      done: "refused",
      reason: "there is no ramp to pause; a fixed percent stands still",
    });
    await env.ROUTING_CONFIG.put("order-drift", '"https://by-hand.example.com"');
    expect(await shop.order(1, { kind: "abort" })).toEqual({
      done: "refused",
      reason: "somebody wrote to KV by hand, and the guard changes nothing over that",
    });
    expect(await env.ROUTING_CONFIG.get("order-drift")).toContain("by-hand");
  });

  it("keeps no more of its evidence than a note holds", async () => {
    const shop = route("order-long");
    await shop.put("new", canary());
    await shop.order(1, { kind: "abort" }, { evidence: "e".repeat(MAX_NOTE_CHARS + 1) });
    const note = (await shop.calls.latest())?.note;
    expect(note).toHaveLength(MAX_NOTE_CHARS);
    expect(note).toMatch(/e…$/);
  });
});

describe("what the hub is told of a version", () => {
  it("is who made it, how and why", async () => {
    const shop = route("made-by");
    await shop.put("new", canary());
    expect(await shop.made()).toEqual({ author: "ann", action: "put", note: "", silences: false });
    await shop.order(1, { kind: "abort" });
    expect(await shop.made()).toEqual({
      author: "guard",
      action: "abort",
      note: "5 % failed",
      silences: false,
    });
  });
});

describe("a guard that a person has overruled", () => {
  const taken = async (
    key: string,
    action: OrderedAction = { kind: "abort" },
    policy = canary(),
  ) => {
    const shop = route(key);
    await shop.put("new", policy);
    expect(await shop.order(1, action)).toMatchObject({ done: "made" });
    return shop;
  };

  it("is silent about it, and what it orders all the same is refused", async () => {
    const shop = await taken("overruled");
    await shop.act(2, { name: "promote", to: 25 });
    expect(await shop.made()).toMatchObject({ action: "promote", silences: true });
    expect(await shop.order(3, { kind: "abort" })).toEqual({
      done: "refused",
      reason: "a person has overruled the guard by an action",
    });
    // What was done before is told as done still.
    expect(await shop.order(1, { kind: "abort" })).toEqual({ done: "already", version: 2 });
    await shop.act(3, { name: "promote", to: 50 });
    expect(await shop.made()).toMatchObject({ silences: true });
    expect(await shop.policy()).toMatchObject({ percent: 50 });
  });

  it.each<[string, Change]>([
    ["a policy", { kind: "put", policy: canary({ percent: 30 }), apply: false }],
    ["a file", { kind: "put", policy: canary({ percent: 30 }), apply: true }],
    ["a patch", { kind: "patch", patch: { timeoutMs: 5000 } }],
    ["a rollback", { kind: "rollback", version: 1 }],
  ])("is heard again after %s", async (what, change) => {
    const shop = await taken(`heard-${what.replaceAll(" ", "-")}`);
    await shop.act(2, { name: "promote", to: 26 });
    await shop.make(3, change, { override: true });
    expect(await shop.made()).toMatchObject({ silences: false });
    expect(await shop.order(4, { kind: "abort" })).toEqual({ done: "made", version: 5 });
  });

  it("is one that took something back: neither a grant nor what people do without it silences", async () => {
    const shop = await taken("granted", { kind: "grant", step: 1 }, canary(earning));
    await shop.act(2, { name: "promote" });
    expect(await shop.made()).toMatchObject({ silences: false });
    const other = await taken("paused", { kind: "pause" }, canary(earning));
    expect(await other.made()).toMatchObject({ silences: false });
    await other.act(2, { name: "resume" });
    expect(await other.made()).toMatchObject({ silences: true });
  });
});
