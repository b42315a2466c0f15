import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { act } from "../../../src/policy/actions/act.ts";
import type { Action } from "../../../src/policy/actions/index.ts";
import { compile } from "../../../src/policy/compile.ts";
import { givenBack } from "../../../src/policy/given-back.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { blueGreen, canary, NOW, rampedCanary } from "../../support/policies.ts";
import { check } from "../../support/property.ts";

const AB = { stable: "https://a.example.com", canary: "https://b.example.com" };
const fixed = (percent: number, more: object = {}): Policy => ({
  strategy: "canary",
  ...AB,
  percent,
  ...more,
});
const HOUR_MS = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const ramped = (more: object = {}): Policy => ({
  strategy: "canary",
  ...AB,
  ramp: {
    startAt: iso(NOW - HOUR_MS),
    steps: [{ percent: 10, holdSeconds: 7200 }, { percent: 100 }],
    ...more,
  },
});
const colours = { blue: "https://a.example.com", green: "https://b.example.com" };
const green: Policy = {
  strategy: "blue-green",
  ...colours,
  active: "blue",
  next: { active: "green", at: iso(NOW - HOUR_MS) },
};
const split = (more: object = {}): Policy => ({
  strategy: "weighted",
  variants: [
    { name: "control", origin: "https://a.example.com", weight: 1 },
    { name: "treatment", origin: "https://b.example.com", weight: 1 },
  ],
  ...more,
});

function done(from: Policy, action: Action): Policy {
  const result = act(from, action, { now: NOW, propagationMs: 0, past: [] });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.policy;
}

/** The variant that a policy gives back of what an action took; `undefined` for none. */
function given(from: Policy, action: Action, next: Policy, latest?: Policy): string | undefined {
  const after = done(from, action);
  const compiled = (policy: Policy) => compile(policy, "shop");
  const taking = { before: compiled(from), after: compiled(after), at: NOW };
  return givenBack(taking, compiled(latest ?? after), compiled(next), NOW + 1000)?.variant;
}

const abort = { name: "abort" } as const;
const pinning = { sticky: { mode: "pin" as const } };

describe("what a guard took is given back by", () => {
  it.each<[string, Policy, Action, Policy, string | undefined]>([
    ["a percent", fixed(25), abort, fixed(1), "canary"],
    ["a ramp that begins later", fixed(25), abort, ramped({ startAt: iso(NOW + 1e9) }), "canary"],
    [
      "a ramp that is paused before its start",
      fixed(25),
      abort,
      ramped({ pausedAt: iso(NOW - 2 * HOUR_MS) }),
      undefined,
    ],
    [
      "a lease that has lapsed",
      fixed(25),
      abort,
      fixed(25, { lease: { until: iso(NOW) } }),
      undefined,
    ],
    ["a percent of 0", fixed(25), abort, fixed(0, { timeoutMs: 5 }), undefined],
    ["pins that count again", fixed(25, pinning), abort, fixed(0, pinning), "canary"],
    ["a forced canary", fixed(25), abort, fixed(0, { force: "canary" }), "canary"],
    ["a pause that is gone", ramped(), { name: "pause" }, ramped(), "canary"],
    ["the percent at which it stands", ramped(), { name: "pause" }, fixed(10), undefined],
    ["more than that", ramped(), { name: "pause" }, fixed(11), "canary"],
    ["no force", split(), { name: "force", variant: "control" }, split(), "treatment"],
    [
      "another force",
      split(),
      { name: "force", variant: "control" },
      split({ force: "treatment" }),
      "treatment",
    ],
    [
      "the same force",
      split(),
      { name: "force", variant: "control" },
      split({ force: "control", timeoutMs: 5 }),
      undefined,
    ],
    [
      "a cut-over to come",
      green,
      { name: "switch-back" },
      {
        strategy: "blue-green",
        ...colours,
        active: "blue",
        next: { active: "green", at: iso(NOW + 1e9) },
      },
      "green",
    ],
    [
      "the colour itself",
      green,
      { name: "switch-back" },
      { strategy: "blue-green", ...colours, active: "green" },
      "green",
    ],
    [
      "the colour before",
      green,
      { name: "switch-back" },
      { strategy: "blue-green", ...colours, active: "blue" },
      undefined,
    ],
    ["one origin for all", fixed(25), abort, "https://a.example.com", undefined],
  ])("%s", (_what, from, action, next, variant) => {
    expect(given(from, action, next)).toBe(variant);
  });

  it("nobody where the policy in force gives it already", () => {
    expect(given(fixed(25), abort, fixed(30), fixed(5))).toBeUndefined();
  });

  it("inside a path-map, wherever else the policy changes", () => {
    const map = (store: Policy, more: Policy): Policy => ({
      strategy: "path-map",
      paths: { "/store": store, "/other": more },
    });
    const node = { node: "/paths/~1store" };
    const from = map(fixed(25), fixed(25));
    expect(given(from, { ...abort, ...node }, map(fixed(0), fixed(99)))).toBeUndefined();
    expect(given(from, { ...abort, ...node }, map(fixed(1), fixed(25)))).toBe("canary");
  });

  it("every policy that it was taken from, and no policy that it left, whatever the strategy", () => {
    const taking: [fc.Arbitrary<Policy>, Action][] = [
      [canary, abort],
      [rampedCanary, { name: "pause" }],
      [canary, { name: "force", variant: "stable" }],
      [blueGreen, { name: "switch-back" }],
    ];
    for (const [policies, action] of taking)
      check(
        fc.property(policies, (from) => {
          const result = act(from, action, { now: NOW, propagationMs: 0, past: [] });
          if (!result.ok || result.value.nothing !== undefined) return;
          const [before, after] = [from, result.value.policy].map((one) => compile(one, "shop"));
          if (before === undefined || after === undefined) return;
          const took = { before, after, at: NOW };
          expect(givenBack(took, after, after, NOW)).toBeUndefined();
          const shares = ([node]: typeof before.splits) =>
            node?.variants.map((one, index) =>
              node.force === undefined
                ? (node.definition.shares(node, NOW)[index] ?? 0)
                : Number(node.force === one),
            ) ?? [];
          // Whoever had more visitors just then has them again by the policy of before.
          const left = shares(after.splits);
          const lost =
            action.name !== "pause" &&
            shares(before.splits).some((one, index) => one > (left[index] ?? 0));
          expect(lost && givenBack(took, after, before, NOW) === undefined).toBe(false);
          expect(givenBack(took, before, before, NOW)).toBeUndefined();
        }),
      );
  });
});
