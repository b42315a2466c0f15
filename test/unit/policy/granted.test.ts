import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { grant } from "../../../src/policy/actions/grant.ts";
import { grantedRamps, keepGrants, withoutGrants } from "../../../src/policy/granted.ts";
import type { Canary, Policy } from "../../../src/policy/schema.ts";
import { check } from "../../support/property.ts";

const START = Date.parse("2026-12-01T09:00:00.000Z");
const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

const canary = (more: object = {}, guard: object = { earn: true }): Canary => ({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  ramp: {
    startAt: iso(START),
    steps: [
      { percent: 1, holdSeconds: 3600 },
      { percent: 10, holdSeconds: 3600 },
      { percent: 50, holdSeconds: 3600 },
      { percent: 100 },
    ],
    ...more,
  },
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }], ...guard },
});
const map = (policy: Policy): Policy => ({
  strategy: "path-map",
  paths: { "/store": policy },
  default: "https://a.example.com",
});

function granted(policy: Policy, step: number, now: number, node = ""): Policy {
  const result = grant(policy, node, step, now);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.policy;
}
const made = (policy: Policy) => ({ policy, isGrant: false });
const byGrant = (policy: Policy) => ({ policy, isGrant: true });

const first = granted(canary(), 1, START + 5 * HOUR_MS);
const second = granted(first, 2, START + 9 * HOUR_MS);
const forms = [byGrant(second), byGrant(first), made(canary())];

describe("a policy that leaves out what was earned", () => {
  it("has it again, and the instant that grants have moved, whichever of them it says", () => {
    for (const startAt of [canary(), first, second].map((one) =>
      typeof one === "object" && one.strategy === "canary" ? one.ramp?.startAt : undefined,
    ))
      expect(keepGrants(canary({ startAt }), grantedRamps(forms))).toEqual(second);
  });

  it("has it inside a map, where other edits came between", () => {
    const moved = granted(map(canary()), 1, START + 5 * HOUR_MS, "/paths/~1store");
    const edited = JSON.parse(JSON.stringify(moved)) as Policy;
    const history = [made(edited), byGrant(moved), made(map(canary()))];
    expect(keepGrants(map(canary()), grantedRamps(history))).toEqual(moved);
  });

  it.each<[string, Policy]>([
    ["begins at another instant", canary({ startAt: iso(START + 1) })],
    ["has other steps", canary({ steps: [{ percent: 1, holdSeconds: 60 }, { percent: 100 }] })],
    ["says itself what was earned", canary({ earned: 0 })],
    ["has nothing to earn", canary({}, {})],
    ["stands elsewhere", map(canary())],
  ])("stays as it is where it %s", (_why, sent) => {
    expect(keepGrants(sent, grantedRamps(forms))).toBe(sent);
  });

  it("does not have an instant that somebody else has moved", () => {
    const promoted = canary({ startAt: iso(START + 7 * HOUR_MS), earned: 1 });
    const history = [made(promoted), made(canary())];
    expect(keepGrants(canary(), grantedRamps(history))).toEqual(canary());
  });

  it("is what a patch is put to", () => {
    expect(withoutGrants(map(second))).toEqual(
      map(canary({ startAt: (second as Canary).ramp?.startAt })),
    );
    const plain = canary({ earned: 1 }, {});
    expect(withoutGrants(plain)).toEqual(plain);
  });

  it("keeps every grant of any history of grants and other edits, sent with any of its instants", () => {
    check(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), fc.nat(), (history, pick) => {
        let policy: Policy = canary();
        let step = 0;
        const told = [made(policy)];
        for (const [index, isGrant] of history.entries()) {
          if (isGrant && step < 3) {
            step += 1;
            policy = granted(policy, step, START + (index + 4) * 3 * HOUR_MS);
            told.unshift(byGrant(policy));
          } else told.unshift(made({ ...(policy as Canary), timeoutMs: index + 1 }));
        }
        const any = told[pick % told.length]?.policy as Canary;
        const sent = canary({ startAt: any.ramp?.startAt });
        expect(keepGrants(sent, grantedRamps(told))).toEqual({
          ...canary(),
          ramp: (policy as Canary).ramp,
        });
      }),
    );
  });
});
