import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide as outcomeOf } from "../../src/decide/decide.ts";
import { decide } from "../support/decide.ts";
import { explain } from "../../src/decide/explain.ts";
import { REASONS } from "../../src/policy/reason.ts";
import {
  decodeVisitor,
  encodeVisitor,
  MAX_COOKIE_CHARS,
  MAX_PINS,
} from "../../src/decide/visitor.ts";
import { compile } from "../../src/policy/compile.ts";
import type { BlueGreenNode } from "../../src/policy/strategies/blue-green.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import { check, runs, seed } from "../support/property.ts";
import { factsFrom, scenes, withCookie, type Scene } from "./arbitraries/facts.ts";
import { policies } from "./arbitraries/policies.ts";
import { ready } from "./population.ts";

/** Policies that are made at a time to reach every reason, and how often at most. */
const ROUND = 50;
const ROUNDS = 16;

/** Policies per property: they are large, and each meets several requests. */
const RUNS = 250;

const MONTH_MS = 30 * 86_400_000;

const keys = fc.constantFrom("shop.example.com", "*.example.com", "storefrontA", "*");

/** A compiled policy that throws when something is written to it. */
const compiled = fc
  .tuple(policies(), keys)
  .map(([policy, key]) => frozen(compile(policy, key)))
  .map((policy): CompiledPolicy => policy);

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) frozen(child);
  }
  return value;
}

/** Requests by newcomers, and by the same visitors again. */
const several = fc.array(scenes, { minLength: 3, maxLength: 3 });

/** The scene with which the visitor of a first request comes back. */
function comingBack(policy: CompiledPolicy, scene: Scene): Scene {
  const decision = decide(policy, factsFrom(scene));
  const sticky = decision?.node.sticky;
  return decision?.remember === undefined || sticky === undefined || sticky === false
    ? scene
    : { ...scene, ...withCookie(decision.remember, sticky.cookie.name) };
}

/** A visitor who comes just before a cut-over and comes back at it: few arbitrary times lie that near. */
function aroundTurn(policy: CompiledPolicy, scene: Scene): Scene[] {
  const node = decide(policy, factsFrom(scene))?.node;
  const now = node?.strategy === "blue-green" ? (node as BlueGreenNode).next?.atMs : undefined;
  if (now === undefined) return [];
  const before = { ...scene, now: now - 1 };
  return [before, { ...comingBack(policy, before), now }];
}

/** The request of a scene, and the answer to it. */
interface Answered {
  readonly scene: Scene;
  readonly decision: ReturnType<typeof decide>;
}

/** What holds of every answer. To make policies is what takes long, so all of it is looked at in the same ones. */
const HOLDS: Readonly<Record<string, (policy: CompiledPolicy, answered: Answered) => void>> = {
  "one of the variants of the policy it ended at, for a reason that exists": (
    _policy,
    { scene, decision },
  ) => {
    if (decision === undefined) return;
    const { node, variant, reason, path, stripped, matchedPrefix } = decision;
    expect(node.variants).toContain(variant);
    expect(REASONS).toContain(reason);
    const forwarded = variant.rewrite === undefined ? [stripped + path, stripped] : [scene.path];
    expect(forwarded).toContain(scene.path);
    expect(`${matchedPrefix}/`.startsWith(`${stripped}/`) || stripped === "").toBe(true);
    expect(scene.path?.startsWith(matchedPrefix)).toBe(true);
  },

  "counted is whom a draw has put there and who can be known again, on their own page views alone":
    (_policy, { scene, decision }) => {
      if (decision === undefined) return;
      const { reason, counted, fleeting, remember } = decision;
      const isView = scene.bot !== true && !["HEAD", "OPTIONS"].includes(scene.method ?? "GET");
      expect(counted).toBe(["pinned", "split", "ramp"].includes(reason) && isView && !fleeting);
      expect(fleeting && remember !== undefined).toBe(false);
    },

  "what is to be remembered fits the cookie and comes back out of it": (_policy, { decision }) => {
    const visitor = decision?.remember;
    if (visitor === undefined) return;
    const value = encodeVisitor(visitor);
    expect(value.length).toBeLessThanOrEqual(MAX_COOKIE_CHARS);
    expect(visitor.pins.length).toBeLessThanOrEqual(MAX_PINS);
    expect(decodeVisitor(value)).toEqual(visitor);
  },

  "a visitor who came just now is told nothing new: no cookie on every response": (
    policy,
    { scene, decision },
  ) => {
    // Back at once: not even the shortest life, a second, is half over.
    const again = decide(policy, factsFrom(comingBack(policy, scene)));
    expect(decision?.remember && again?.remember).toBeUndefined();
  },
};

test("decide, on any policy and any facts, never throws, gives the same answer to the same question, and what holds of every answer holds", () => {
  check(
    fc.property(compiled, several, (policy, all) => {
      for (const scene of all.flatMap((one) => [one, comingBack(policy, one)])) {
        const decision = decide(policy, factsFrom(scene));
        expect(decide(policy, factsFrom(scene))).toStrictEqual(decision);
        for (const holds of Object.values(HOLDS)) holds(policy, { scene, decision });
      }
    }),
    { runs: RUNS },
  );
});

const WORD = {
  refuse: "path-not-mapped",
  redirect: "redirected",
  respond: "answered",
  preflight: "preflight",
} as const;

describe("explain", () => {
  test("says what decide says, by the same code, and tells of a way", () => {
    check(
      fc.property(compiled, scenes, (policy, scene) => {
        const { outcome, steps, summary } = explain(policy, factsFrom(scene));
        expect(outcome).toStrictEqual(outcomeOf(policy, factsFrom(scene)));
        expect(summary).toContain(
          outcome.do === "forward" ? outcome.variant.name : WORD[outcome.do],
        );
        expect(steps.length).toBeGreaterThan(0);
      }),
      { runs: RUNS },
    );
  });
});

describe("every field at once", () => {
  test("the arbitrary policies are valid: what is proven of them is proven of policies", () => {
    check(
      fc.property(policies(), (policy) => {
        expect(ready(policy).key).toBe("shop.example.com");
      }),
      { runs: RUNS },
    );
  });

  test("and they reach every reason", () => {
    const reached = new Set<string | undefined>();
    const missing = () => [...REASONS].filter((reason) => !reached.has(reason));
    const months = fc.nat(12);
    const asked = fc.tuple(compiled, several, months);
    // To make policies is what takes long: no more of them than it needs.
    for (let round = 0; round < runs(ROUNDS) && missing().length > 0; round += 1)
      for (const [policy, all, later] of fc.sample(asked, { seed: seed() + round, numRuns: ROUND }))
        for (const scene of all) {
          const back = comingBack(policy, scene);
          const now = (scene.now ?? 0) + later * MONTH_MS;
          for (const one of [scene, back, { ...back, now }, ...aroundTurn(policy, scene)])
            reached.add(decide(policy, factsFrom(one))?.reason);
        }
    expect(missing()).toEqual([]);
  });
});
