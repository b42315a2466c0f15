import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { explain } from "../../../../src/decide/explain.ts";
import { factsOfDescription } from "../../../../src/decide/request-description.ts";
import { act } from "../../../../src/policy/actions/act.ts";
import { grant } from "../../../../src/policy/actions/grant.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { ANY } from "../../../../src/policy/keys.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import type { Canary, Policy } from "../../../../src/policy/schema.ts";
import { canaryPercent, type CanaryNode } from "../../../../src/policy/strategies/canary.ts";
import { earningCanary, NOW } from "../../../support/policies.ts";
import { check } from "../../../support/property.ts";
import { clock, done, idle } from "./acting.ts";

const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const FOUR = [
  { percent: 1, holdSeconds: 3600 },
  { percent: 10, holdSeconds: 3600 },
  { percent: 50, holdSeconds: 3600 },
  { percent: 100 },
];

const earning = (ramp: object = {}, guard: object = {}): Canary => ({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  ramp: { startAt: iso(NOW - 10 * HOUR_MS), steps: FOUR, ...ramp },
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }], earn: true, ...guard },
});

function nodeOf(from: Policy): CanaryNode {
  const { root } = compile(from, "shop");
  if (root.strategy !== "canary") throw new Error("no canary");
  return root as CanaryNode;
}
const percentAt = (from: Policy, now: number) => canaryPercent(nodeOf(from), now);

function granted(from: Policy, step: number, now: number = NOW): Policy {
  const result = grant(from, "", step, now);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.policy;
}

/** Why a grant is refused, or finds nothing to do. */
function notGranted(from: Policy, step: number, now: number = NOW): string | undefined {
  const result = grant(from, "", step, now);
  return result.ok ? result.value.nothing : result.error.message;
}

const time = fc.integer({ min: NOW - 48 * HOUR_MS, max: NOW + 100_000 * HOUR_MS });

describe("a ramp whose steps are earned", () => {
  it("never goes past the step that is granted by the clock alone, at any time", () => {
    check(
      fc.property(earningCanary, time, (from, now) => {
        const { steps = [], earned = 0 } = from.ramp ?? {};
        const most = steps[earned]?.percent ?? 0;
        const node = nodeOf(from);
        expect(canaryPercent(node, now)).toBeLessThanOrEqual(most);
        expect(node.definition.shares(node, now)).toEqual([
          1 - canaryPercent(node, now) / 100,
          canaryPercent(node, now) / 100,
        ]);
        for (const at of node.definition.instants(node))
          expect(canaryPercent(node, at)).toBeLessThanOrEqual(most);
      }),
      { runs: 500 },
    );
  });

  it("goes to the next step by a grant, which then has its whole hold", () => {
    const second = granted(earning(), 1);
    expect(second).toMatchObject({ ramp: { earned: 1, startAt: iso(NOW - HOUR_MS) } });
    expect(percentAt(earning(), NOW + 1000 * HOUR_MS)).toBe(1);
    expect(percentAt(second, NOW)).toBe(10);
    expect(percentAt(second, NOW + 1000 * HOUR_MS)).toBe(10);
    const third = granted(second, 2, NOW + HOUR_MS);
    expect(percentAt(third, NOW + HOUR_MS)).toBe(50);
    expect(third).toMatchObject({ ramp: { startAt: iso(NOW - HOUR_MS) } });
  });

  it("is not hurried by a grant that comes a moment early", () => {
    const early = granted(earning({ startAt: iso(NOW - HOUR_MS + 500) }), 1);
    expect(percentAt(early, NOW + 499)).toBe(1);
    expect(percentAt(early, NOW + 500)).toBe(10);
  });

  it("gets no grant twice, none out of turn, and none while it is paused or nothing is earned", () => {
    expect(notGranted(earning({ earned: 1 }), 1)).toBe("step 1 is granted already");
    expect(notGranted(earning(), 2)).toBe("step 2 is not the next one to be earned");
    expect(notGranted(earning({ earned: 3 }), 4)).toBe("step 4 is not the next one to be earned");
    expect(notGranted(earning({}, { earn: false }), 1)).toContain("not the next one");
    expect(notGranted(earning({ pausedAt: iso(NOW - 1) }), 1)).toBe("the ramp is paused");
    expect(notGranted("https://a.example.com", 1)).toBe("there is no ramp here");
  });

  it("is promoted by a person, who takes the step for earned", () => {
    check(
      fc.property(earningCanary, (from) => {
        const before = percentAt(from, NOW);
        const result = act(from, { name: "promote" }, clock);
        if (!result.ok || result.value.nothing !== undefined) return;
        const { policy: to } = result.value;
        if (typeof to === "string" || to.strategy !== "canary") throw new Error("no canary");
        const { steps = [], earned = 0 } = to.ramp ?? {};
        expect(percentAt(to, NOW)).toBeGreaterThanOrEqual(before);
        expect(steps.slice(0, earned + 1).map(({ percent }) => percent)).toContain(
          percentAt(to, NOW),
        );
        expect(earned).toBeGreaterThanOrEqual(from.ramp?.earned ?? 0);
        expect(parseValue(to, { allowPrivateOrigins: false }).ok).toBe(true);
      }),
      { runs: 500 },
    );
    expect(done(earning(), { name: "promote" })).toMatchObject({
      ramp: { earned: 1, startAt: iso(NOW - HOUR_MS) },
    });
    expect(idle(earning({ earned: 3 }), { name: "promote" })).toContain("on its last step");
  });

  it("is paused and resumed where it waits", () => {
    const paused = done(earning({ earned: 1 }), { name: "pause" });
    const resumed = done(paused, { name: "resume" }, NOW + 5 * HOUR_MS);
    for (const policy of [paused, resumed]) {
      expect(percentAt(policy, NOW + 1000 * HOUR_MS)).toBe(10);
      expect(policy).toMatchObject({ ramp: { earned: 1 } });
    }
  });

  it("leaves a guard that still fits where it is aborted, or promoted to a percent", () => {
    const valid = (policy: Policy) => parseValue(policy, { allowPrivateOrigins: false }).ok;
    for (const action of [{ name: "abort" }, { name: "promote", to: 70 }] as const) {
      const to = done(earning(), action);
      expect(to).toMatchObject({ guard: { checks: [{ metric: "failures", maxIncrease: 1 }] } });
      expect(to).not.toHaveProperty("guard.earn");
      expect(valid(to)).toBe(true);
      const pausing = done(earning({}, { action: "pause" }), action);
      expect(pausing).toMatchObject({ guard: { action: "alert" } });
      expect(valid(pausing)).toBe(true);
      expect(done(earning({}, { action: "force-control" }), action)).toMatchObject({
        guard: { action: "force-control" },
      });
    }
  });

  it("says where it waits, and nothing where it does not", () => {
    const said = (from: Policy, now: number) => {
      const facts = factsOfDescription(
        { url: "https://shop.example.com/" },
        {
          candidate: ANY,
          cookieNames: [],
          now,
          randomId: () => "A".repeat(22),
          override: undefined,
        },
      );
      const { steps } = explain(compile(from, "shop"), facts);
      return steps.find(({ step }) => step === "strategy")?.outcome;
    };
    const waits = /^canary chooses "\w+"; waits at step 2 of 4 until the next is earned$/;
    expect(said(earning({ earned: 1 }), NOW)).toMatch(waits);
    const plain = /^canary chooses "\w+"$/;
    expect(said(earning({ earned: 3 }), NOW)).toMatch(plain);
    expect(said(earning({}, { earn: false }), NOW)).toMatch(plain);
    expect(said(earning({ earned: 1 }), NOW - 9 * HOUR_MS - 1)).toMatch(plain);
    expect(said({ ...earning({ earned: 1 }), lease: { until: iso(NOW) } }, NOW)).toMatch(plain);
  });
});
