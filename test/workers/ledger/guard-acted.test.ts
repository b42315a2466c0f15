import * as fc from "fast-check";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { ledgerOf } from "../../../src/ledger/calls.ts";
import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import type { OrderedAction } from "../../../src/report/guard.ts";
import { check } from "../../support/property.ts";
import { edit } from "./edits.ts";

const canary = (more: object = { percent: 25 }) => ({
  strategy: "canary",
  stable: "https://v1.example.com",
  canary: "https://v2.example.com",
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
  ...more,
});
const HOLD = { holdSeconds: 3600 };
const earning = (ramp: object = {}, more: object = {}) =>
  canary({
    ramp: {
      startAt: "2026-01-01T09:00:00Z",
      steps: [{ percent: 1, ...HOLD }, { percent: 10, ...HOLD }, { percent: 100 }],
      ...ramp,
    },
    guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true },
    ...more,
  });

/** A ledger, as people, pipelines and the guard use it; edits come back as their error's code, or their version. */
function route(key: string) {
  const object = env.LEDGER?.getByName(key);
  if (env.LEDGER === undefined || object === undefined) throw new Error("no binding");
  const calls = ledgerOf(env.LEDGER, key);
  const make = async (from: number | "new" | "any", change: Change, more: Partial<Edit> = {}) => {
    const made = await calls.edit(edit(key, from, change, more));
    if (!made.ok) return made.error.code;
    return made.value.unchanged ? "same" : made.value.version;
  };
  return {
    calls,
    make,
    put: async (from: number | "new", policy: unknown, more: Partial<Edit> = {}) =>
      make(from, { kind: "put", policy, apply: false }, more),
    apply: async (from: number, policy: unknown, more: Partial<Edit> = {}) =>
      make(from, { kind: "put", policy, apply: true }, more),
    patch: async (from: number, patch: unknown, more: Partial<Edit> = {}) =>
      make(from, { kind: "patch", patch }, more),
    order: async (version: number, action: OrderedAction) =>
      object.guard({ key, version, node: "", action, evidence: "5 % failed" }),
    policy: async (): Promise<unknown> => JSON.parse((await calls.latest())?.text ?? "null"),
  };
}

describe("what a guard took back", () => {
  it("comes again by no policy that is put or patched, unless somebody says so", async () => {
    const shop = route("acted");
    await shop.put("new", canary());
    await shop.order(1, { kind: "abort" });
    expect(await shop.put(2, canary({ percent: 5 }))).toBe("guard-acted");
    expect(await shop.patch(2, { percent: 5 })).toBe("guard-acted");
    const refused = await shop.calls.edit(
      edit("acted", 2, { kind: "patch", patch: { percent: 5 } }),
    );
    expect(refused).toMatchObject({
      error: {
        variant: "canary",
        evidence: "5 % failed",
        by: { author: "guard", action: "abort", version: 2 },
      },
    });
    const previewed = await shop.calls.preview({
      key: "acted",
      change: { kind: "patch", patch: { percent: 5 } },
      allowReshuffle: false,
      override: false,
      now: Date.now(),
    });
    expect(previewed).toMatchObject({ error: { code: "guard-acted" } });
    // What gives nothing back passes, and changes nothing about that.
    expect(await shop.patch(2, { timeoutMs: 5000 })).toBe(3);
    expect(await shop.patch(3, { percent: 5 })).toBe("guard-acted");
    expect(await shop.patch(3, { percent: 5 }, { override: true })).toBe(4);
    expect(await shop.patch(4, { percent: 50 })).toBe(5);
  });

  it("comes again by a person's action, and then by any policy", async () => {
    const shop = route("answered");
    await shop.put("new", canary());
    await shop.order(1, { kind: "abort" });
    const promote: Change = { kind: "act", action: { name: "promote", to: 10 } };
    expect(await shop.make(2, promote)).toBe(3);
    expect(await shop.put(3, canary({ percent: 30 }))).toBe(4);
  });

  it("is no matter of a route that was deleted since, nor of what people took", async () => {
    const shop = route("deleted");
    await shop.put("new", canary());
    await shop.order(1, { kind: "abort" });
    expect(await shop.make(2, { kind: "delete" })).toBe(3);
    expect(await shop.put("new", canary())).toBe(4);
    await shop.make(4, { kind: "act", action: { name: "abort" } });
    expect(await shop.put(5, canary())).toBe(6);
  });

  it("comes again by no file, even after edits between", async () => {
    const shop = route("file");
    await shop.put("new", canary());
    await shop.order(1, { kind: "abort" });
    expect(await shop.apply(2, canary())).toBe("taken-back");
    expect(await shop.patch(2, { timeoutMs: 5000 })).toBe(3);
    expect(await shop.put(3, canary({ percent: 0 }))).toBe(4);
    const refused = await shop.calls.edit(
      edit("file", 4, { kind: "put", policy: canary(), apply: true }),
    );
    expect(refused).toMatchObject({
      error: { code: "taken-back", by: { author: "guard", action: "abort", version: 2 } },
    });
    expect(await shop.apply(4, canary(), { override: true })).toBe(5);
  });

  it("holds a file back where it was a pause too; a person's pause does not", async () => {
    const shop = route("paused-file");
    await shop.put("new", earning());
    await shop.order(1, { kind: "pause" });
    expect(await shop.apply(2, earning())).toBe("taken-back");
    const other = route("paused-by-hand");
    await other.put("new", earning());
    await other.make(1, { kind: "act", action: { name: "pause" } });
    expect(await other.apply(2, earning())).toBe(3);
  });
});

describe("what a ramp has earned", () => {
  it("is the server's: a policy, a patch and a file that leave it out change nothing", async () => {
    const shop = route("earned");
    await shop.put("new", earning());
    expect(await shop.order(1, { kind: "grant", step: 1 })).toMatchObject({ done: "made" });
    const granted = await shop.policy();
    expect(granted).toMatchObject({ ramp: { earned: 1 } });
    for (const same of [await shop.apply(2, earning()), await shop.put(2, earning())])
      expect(same).toBe("same");
    expect(await shop.apply(2, earning({}, { timeoutMs: 5000 }))).toBe(3);
    expect(await shop.policy()).toEqual({ ...(granted as object), timeoutMs: 5000 });
    expect(await shop.patch(3, { timeoutMs: null })).toBe(4);
    expect(await shop.policy()).toEqual(granted);
    expect(await shop.patch(4, { ramp: { startAt: "2026-01-01T09:00:00Z" } })).toBe("same");
    expect(await shop.order(4, { kind: "grant", step: 2 })).toMatchObject({ done: "made" });
    expect(await shop.apply(5, earning())).toBe("same");
    const preview = await shop.calls.preview({
      key: "earned",
      change: { kind: "put", policy: earning(), apply: true },
      allowReshuffle: false,
      override: false,
      now: Date.now(),
    });
    expect(preview).toMatchObject({ ok: true, value: { same: true, plan: { changes: [] } } });
  });

  it("begins anew with other steps or another start, and is taken as it is written", async () => {
    const shop = route("earned-anew");
    await shop.put("new", earning());
    await shop.order(1, { kind: "grant", step: 1 });
    const later = { startAt: "2026-01-02T09:00:00Z" };
    expect(await shop.patch(2, { ramp: later })).toBe(3);
    expect(await shop.policy()).toEqual(earning(later));
    expect(await shop.patch(3, { ramp: { earned: 2 } })).toBe(4);
    expect(await shop.put(4, earning(later))).toBe("same");
    expect(await shop.put(4, earning({ ...later, earned: 0 }))).toBe(5);
    expect(await shop.policy()).toEqual(earning({ ...later, earned: 0 }));
  });
});

describe("guard, person and pipeline in the same instant", () => {
  it("make one history, in which the guard neither fights nor is undone by a file", async () => {
    const who = fc.shuffledSubarray(["guard", "person", "pipeline"] as const, {
      minLength: 2,
      maxLength: 3,
    });
    let count = 0;
    await check(
      fc.asyncProperty(who, fc.boolean(), async (callers, isEager) => {
        count += 1;
        const shop = route(`race-${count}`);
        await shop.put("new", canary());
        await shop.apply(1, canary());
        const does = {
          guard: async () => (await shop.order(1, { kind: "abort" })).done,
          person: async () =>
            shop.make(isEager ? "any" : 1, {
              kind: "act",
              action: { name: "promote", to: 50 },
            }),
          pipeline: async () => shop.apply(1, canary({ percent: 30 })),
        };
        await Promise.all(callers.map(async (caller) => does[caller]()));
        const { items } = await shop.calls.versions(99, 99);
        const history = items.toReversed();
        // One line, without a gap.
        expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => index + 1));
        const taken = history.findIndex(({ author }) => author === "guard");
        const after = history.slice(taken + 1).map(({ action }) => action);
        // It judged the first version, and was the first to change it; no file came after it.
        expect([-1, 1]).toContain(taken);
        expect(taken !== -1 && after.includes("apply")).toBe(false);
        // Asked again, it does nothing more.
        const again = await shop.order(1, { kind: "abort" });
        expect(again.done).toBe(taken === -1 ? "outdated" : "already");
        const overruled = taken !== -1 && after.includes("promote");
        const next = await shop.order(history.length, { kind: "abort" });
        expect(next.done === "refused").toBe(overruled);
      }),
      { runs: 12 },
    );
  });
});
