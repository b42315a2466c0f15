import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeVisitor, pinOf } from "../../../../src/decide/visitor.ts";
import { act } from "../../../../src/policy/actions/act.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { canaryPercent, type CanaryNode } from "../../../../src/policy/strategies/canary.ts";
import type { Policy } from "../../../../src/policy/schema.ts";
import { check } from "../../../support/property.ts";
import { PROPAGATION_MS, clock, done, idle, refusal, served } from "./acting.ts";
import { NOW, canary, fixedCanary, rampedCanary } from "../../../support/policies.ts";

const HOUR_MS = 3_600_000;

function percentAt(from: Policy, now: number): number {
  const { root } = compile(from, "shop");
  if (root.strategy !== "canary") throw new Error("no canary");
  return canaryPercent(root as CanaryNode, now);
}

describe("a canary", () => {
  it("is promoted to its next step at once, paused or not, and never loses percent", () => {
    check(
      fc.property(rampedCanary, (from) => {
        const result = act(from, { name: "promote" }, clock);
        const steps = from.ramp?.steps ?? [];
        const before = percentAt(from, NOW);
        const last = steps.at(-1)?.percent;
        const to = result.ok ? result.value.policy : from;
        const after = percentAt(to, NOW);
        const isIdle = !result.ok || result.value.nothing !== undefined;
        expect(isIdle ? before : undefined).toBe(isIdle ? last : undefined);
        expect(after).toBeGreaterThanOrEqual(before);
        const isPaused = from.ramp?.pausedAt != null;
        expect(percentAt(to, NOW + 365 * 24 * HOUR_MS)).toBe(isPaused ? after : last);
      }),
    );
  });

  it("is promoted to 100 % or to a named percent, upwards only, and not after its lease", () => {
    const from: Policy = {
      strategy: "canary",
      stable: "https://a.example.com",
      canary: "https://b.example.com",
      percent: 20,
    };
    expect(done(from, { name: "promote" })).toMatchObject({ percent: 100 });
    expect(done(from, { name: "promote", to: 30 })).toMatchObject({ percent: 30 });
    expect(idle(from, { name: "promote", to: 20 })).toContain("has 20 % already");
    expect(idle(done(from, { name: "promote" }), { name: "promote" })).toContain("100 % already");
    expect(refusal(from, { name: "promote", to: 19 })).toContain("has 20 % already");
    const lapsed: Policy = { ...from, lease: { until: "2026-12-01T11:59:59Z" } };
    expect(refusal(lapsed, { name: "promote" })).toContain("lapsed");
    expect(percentAt(done(lapsed, { name: "renew", seconds: 60 }), NOW + 59_999)).toBe(20);
  });

  it("has its lease renewed, and shortened only where that is asked for", () => {
    const from = (until: string): Policy => ({
      strategy: "canary",
      stable: "https://a.example.com",
      canary: "https://b.example.com",
      percent: 20,
      lease: { until },
    });
    const end = from(new Date(NOW + HOUR_MS).toISOString());
    const renew = { name: "renew" as const, seconds: 3599 };
    expect(refusal(end, renew)).toMatch(/^the lease holds until 20\S+Z, and would end earlier$/);
    expect(refusal(end, { ...renew, shorten: false })).toContain("would end earlier");
    expect(refusal(end, { ...renew, seconds: 3600 })).toBe("done");
    expect(percentAt(done(end, { ...renew, shorten: true }), NOW + 3599 * 1000)).toBe(0);
    expect(refusal(from(new Date(NOW - 1).toISOString()), { ...renew, seconds: 1 })).toBe("done");
    const acted = act(end, renew, clock);
    expect(acted).toMatchObject({ error: { fix: 'say a longer time, or "shorten": true' } });
  });

  it("stands still while paused, and goes on from there when resumed", () => {
    check(
      fc.property(
        rampedCanary,
        fc.nat(48 * HOUR_MS),
        fc.nat(48 * HOUR_MS),
        (from, stands, later) => {
          fc.pre(from.ramp !== undefined && from.ramp.pausedAt == null);
          const paused = done(from, { name: "pause" });
          const at = NOW + PROPAGATION_MS;
          expect(percentAt(paused, at + stands)).toBe(percentAt(from, at));
          const resumed = done(paused, { name: "resume" }, at + stands);
          expect(percentAt(resumed, at + stands + later)).toBe(percentAt(from, at + later));
        },
      ),
    );
  });

  it("is paused at an instant that every machine knows of, so that no step is taken from visitors who have it", () => {
    check(
      fc.property(rampedCanary, fc.nat(2 * PROPAGATION_MS), (from, after) => {
        fc.pre(from.ramp !== undefined && from.ramp.pausedAt == null);
        const paused = done(from, { name: "pause" });
        // Whoever has not heard of the pause yet serves as before: at any time by then, all serve the same.
        const at = Math.min(NOW + after, NOW + PROPAGATION_MS);
        expect(percentAt(paused, at)).toBe(percentAt(from, at));
        expect(percentAt(paused, NOW + PROPAGATION_MS + after)).toBeGreaterThanOrEqual(
          percentAt(from, NOW + PROPAGATION_MS),
        );
      }),
    );
  });

  it("is neither paused twice nor resumed while it runs", () => {
    const from: Policy = {
      strategy: "canary",
      stable: "https://a.example.com",
      canary: "https://b.example.com",
      ramp: { startAt: "2026-12-01T11:00:00Z", steps: [{ percent: 5 }] },
    };
    const fixed: Policy = {
      strategy: "canary",
      stable: "https://a.example.com",
      canary: "https://b.example.com",
      percent: 5,
    };
    expect(idle(done(from, { name: "pause" }), { name: "pause" })).toContain("paused already");
    expect(idle(from, { name: "resume" })).toContain("no ramp is paused");
    expect(idle(fixed, { name: "resume" })).toContain("no ramp is paused");
    expect(refusal(fixed, { name: "pause" })).toContain("no ramp");
  });

  it("has nobody after an abort, pinned visitors included", () => {
    check(
      fc.property(canary, fc.boolean(), (from, isNested) => {
        fc.pre(from.percent !== 0);
        const pins = typeof from.sticky === "object" && from.sticky.mode === "pin";
        const { sticky, ...bare } = from;
        const whole: Policy = isNested
          ? {
              strategy: "path-map",
              paths: {},
              default: bare,
              ...(sticky === undefined ? {} : { sticky }),
            }
          : from;
        const after = done(whole, { name: "abort", node: isNested ? "/default" : "" });
        const salt = from.salt ?? (isNested ? "shop/" : "shop");
        const cookie = encodeVisitor({
          id: "A".repeat(22),
          seenAt: NOW,
          sentAt: NOW,
          pins: [pinOf(salt, "canary")],
        });
        expect(served(after, NOW, pins ? { cookie: `sy=${cookie}` } : { "x-user-id": "u" })).toBe(
          "stable",
        );
      }),
    );
    expect(
      idle(
        {
          strategy: "canary",
          stable: "https://a.example.com",
          canary: "https://b.example.com",
          percent: 0,
        },
        { name: "abort" },
      ),
    ).toContain("nobody already");
    check(
      fc.property(fixedCanary, (from) => {
        fc.pre(from.percent !== 0);
        expect(percentAt(done(from, { name: "abort" }), NOW)).toBe(0);
      }),
    );
  });
});
