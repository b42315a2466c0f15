import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeVisitor } from "../../../../src/decide/visitor.ts";
import type { Action } from "../../../../src/policy/actions/index.ts";
import { act } from "../../../../src/policy/actions/act.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import type { Policy } from "../../../../src/policy/schema.ts";
import { check } from "../../../support/property.ts";
import { PROPAGATION_MS, clock, done, frozen, idle, refusal, served } from "./acting.ts";
import { NOW, blueGreen, canary, pathMap, policy, weighted } from "../../../support/policies.ts";

const someAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record(
    { name: fc.constant("promote" as const), to: fc.integer({ min: 0, max: 100 }) },
    { requiredKeys: ["name"] },
  ),
  fc.constantFrom<Action>(
    { name: "pause" },
    { name: "resume" },
    { name: "abort" },
    { name: "unforce" },
  ),
  fc.record({ name: fc.constant("renew" as const), seconds: fc.integer({ min: 1, max: 86_400 }) }),
  fc.record({
    name: fc.constant("switch" as const),
    at: fc.constantFrom("now" as const, "safe" as const),
  }),
  fc.constant<Action>({ name: "switch-back" }),
  fc.constantFrom<Action>({ name: "force", variant: "stable" }, { name: "force", variant: "blue" }),
  fc.constantFrom<Action>(
    { name: "weights", weights: { v1: 7 } },
    { name: "weights", weights: { v2: 1, v3: 2 } },
  ),
);

describe("an action", () => {
  it("makes a valid policy of a valid policy, or refuses; what it was given stays as it was", () => {
    check(
      fc.property(policy, someAction, (from, action) => {
        const result = act(frozen(from), action, clock);
        fc.pre(result.ok && action.name !== "force");
        expect(
          parseValue(result.ok ? result.value.policy : "", { allowPrivateOrigins: false }),
        ).toMatchObject({ ok: true });
      }),
    );
  });

  it("touches the policy that its pointer names and no other", () => {
    check(
      fc.property(pathMap, canary, (map, child) => {
        const from: Policy = { ...map, paths: { ...map.paths, "/x/~y": child } };
        const action: Action = {
          name: "renew",
          node: "/paths/~1x~1~0y",
          seconds: 60,
          shorten: true,
        };
        const to = done(from, action);
        expect(to).toEqual({
          ...from,
          paths: {
            ...from.paths,
            "/x/~y": done(child, { name: "renew", seconds: 60, shorten: true }),
          },
        });
      }),
    );
  });

  it.each([
    "/paths/~1nope",
    "/default/rules/0",
    "/paths",
    "nope",
    "/rules/00/policy",
    "/paths/constructor",
  ])("is refused where the pointer %s leads nowhere", (node) => {
    const from: Policy = { strategy: "path-map", paths: { "/a": "https://a.example.com" } };
    expect(refusal(from, { name: "abort", node })).toContain("there is no policy at");
  });

  it("follows a pointer through a rule", () => {
    const from: Policy = {
      strategy: "single",
      origin: "https://a.example.com",
      rules: [
        {
          match: { country: "SE" },
          policy: {
            strategy: "canary",
            stable: "https://a.example.com",
            canary: "https://b.example.com",
            percent: 5,
          },
        },
      ],
    };
    expect(done(from, { name: "promote", node: "/rules/0/policy", to: 50 })).toMatchObject({
      rules: [{ policy: { percent: 50 } }],
    });
  });

  it.each<[Action, Policy]>([
    [{ name: "promote" }, "https://a.example.com"],
    [{ name: "switch" }, { strategy: "path-map", paths: {}, default: "https://a.example.com" }],
    [{ name: "weights", weights: { a: 1 } }, { origin: "https://a.example.com" }],
  ])("is refused on a policy of another strategy: %o", (action, from) => {
    expect(refusal(from, action)).toContain("this action is for");
  });
});

describe("blue-green", () => {
  it("switches at an instant that every machine can know of, and not before", () => {
    check(
      fc.property(blueGreen, (from) => {
        const old = served(from, NOW);
        fc.pre(from.next === undefined || Date.parse(from.next.at) <= NOW);
        const to = done(from, { name: "switch" });
        expect(served(to, NOW + PROPAGATION_MS - 1)).toBe(old);
        expect(served(to, NOW + PROPAGATION_MS)).not.toBe(old);
        expect(served(done(from, { name: "switch", at: "now" }), NOW)).not.toBe(old);
        const later = new Date(NOW + PROPAGATION_MS + 1).toISOString();
        expect(served(done(from, { name: "switch", at: later }), NOW + PROPAGATION_MS)).toBe(old);
      }),
    );
  });

  const from: Policy = {
    strategy: "blue-green",
    blue: "https://a.example.com",
    green: "https://b.example.com",
    active: "blue",
  };

  it("refuses an instant that some machines would learn of too late, and the colour that serves already", () => {
    const at = new Date(NOW + PROPAGATION_MS - 1).toISOString();
    expect(refusal(from, { name: "switch", at })).toContain("not every machine can know");
    expect(idle(from, { name: "switch", to: "blue" })).toContain("active colour already");
    const coming = done(from, { name: "switch" });
    expect(idle(coming, { name: "switch" }, NOW + 1)).toContain("comes at");
    expect(idle(coming, { name: "switch", drainSeconds: 60 }, NOW + 1)).toBeUndefined();
    expect(idle(coming, { name: "switch", to: "green" }, NOW + PROPAGATION_MS)).toContain(
      "already",
    );
  });

  it("keeps the visitors who were here for the drain, also when it switches now", () => {
    const to = done(from, { name: "switch", at: "now", drainSeconds: 60 });
    const cookie = encodeVisitor({ id: "A".repeat(22), seenAt: NOW - 1, sentAt: NOW, pins: [] });
    expect(served(to, NOW, { cookie: `sy=${cookie}` })).toBe("blue");
    expect(served(to, NOW)).toBe("green");
    expect(served(to, NOW + 60_000, { cookie: `sy=${cookie}` })).toBe("green");
  });

  it("switches back: calls off what is to come, undoes what has come", () => {
    const switched = done(from, { name: "switch" });
    expect(done(switched, { name: "switch-back" })).toEqual(from);
    expect(
      served(done(switched, { name: "switch-back" }, NOW + PROPAGATION_MS), NOW + PROPAGATION_MS),
    ).toBe("blue");
    expect(refusal(from, { name: "switch-back" })).toContain("no switch to go back from");
    expect(done(switched, { name: "switch", to: "blue" })).toEqual(from);
  });
});

describe("weights and force", () => {
  it("changes the weights named, and those alone", () => {
    check(
      fc.property(weighted, fc.integer({ min: 1, max: 1000 }), (from, weight) => {
        const name = from.variants[0]?.name ?? "";
        const to = done(from, { name: "weights", weights: { [name]: weight } });
        expect(to).toEqual({
          ...from,
          variants: from.variants.map((one) => (one.name === name ? { ...one, weight } : one)),
        });
        expect(idle(to, { name: "weights", weights: { [name]: weight } })).toContain("already");
        expect(refusal(from, { name: "weights", weights: { toString: 1 } })).toContain(
          "is not a variant",
        );
      }),
    );
  });

  it("forces everybody to a variant until released", () => {
    check(
      fc.property(fc.oneof(canary, weighted, blueGreen), (from) => {
        const variant = firstVariant(from);
        const to = done(from, { name: "force", variant });
        expect(served(to, NOW)).toBe(variant);
        expect(done(to, { name: "unforce" })).toEqual(from);
        expect(idle(from, { name: "unforce" })).toContain("no variant is forced");
        expect(idle(to, { name: "force", variant })).toContain("is forced already");
      }),
    );
    expect(refusal("https://a.example.com", { name: "force", variant: "origin" })).toContain(
      "only a split",
    );
  });
});

function firstVariant(from: Policy): string {
  const { root } = compile(from, "shop");
  return root.kind !== "leaf" ? "" : root.variants[0].name;
}
