import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../support/decide.ts";
import { encodeVisitor, MAX_COOKIE_CHARS, MAX_PINS } from "../../src/decide/visitor.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import { check } from "../support/property.ts";
import { factsFrom, type Scene } from "./arbitraries/facts.ts";
import { percents, salts } from "./arbitraries/text.ts";
import { evenSplit } from "./arbitraries/variants.ts";
import { population, ready, weightedOf } from "./population.ts";

const VISITORS = 60;

/** A browser that may be named by more than its cookie, and what it is told to keep. */
function person(id: string) {
  let cookies: Record<string, string[]> = {};
  let written = 0;
  return {
    written: () => written,
    cookie: () => cookies["sy"]?.[0] ?? "",
    visit(policy: CompiledPolicy, scene: Scene = {}) {
      const decision = decide(policy, factsFrom({ draw: id, ...scene, cookies }));
      if (decision === undefined) throw new Error("no prefix matched");
      if (decision.remember !== undefined) {
        cookies = { sy: [encodeVisitor(decision.remember)] };
        written += 1;
      }
      return decision;
    },
  };
}

describe("who is in an experiment stays in it", () => {
  test("whatever coverage and group become", () => {
    const group = fc.record({
      name: fc.constantFrom("checkout", "search"),
      from: fc.integer({ min: 0, max: 49 }),
      to: fc.integer({ min: 50, max: 100 }),
    });
    const narrowing = fc.record({ coverage: percents, group }, { requiredKeys: [] });
    check(
      fc.property(evenSplit, salts, narrowing, narrowing, (variants, salt, before, after) => {
        const at = (fields: object) =>
          ready(weightedOf(variants, salt, { sticky: { mode: "pin" }, ...fields }));
        const [first, then] = [at(before), at(after)];
        for (const id of population(VISITORS)) {
          const visitor = person(id);
          const { variant, reason } = visitor.visit(first);
          if (reason === "not-covered") continue;
          expect(visitor.visit(then)).toMatchObject({
            variant: { name: variant.name },
            reason: "pinned",
            counted: true,
          });
        }
      }),
      { runs: 40 },
    );
  });

  test("whatever names them from now on beside the cookie", () => {
    const sticky = {
      mode: "pin",
      by: [{ header: "x-user-id" }, { query: "uid" }, "cookie", "ip"],
    };
    const names = fc.record(
      {
        headers: fc.constantFrom({ "x-user-id": "ada" }, { "x-user-id": "grace" }),
        queries: fc.constant({ uid: ["joan"] }),
        ip: fc.constantFrom("192.0.2.7", "2001:db8::7"),
      },
      { requiredKeys: [] },
    );
    check(
      fc.property(
        evenSplit,
        salts,
        fc.array(names, { minLength: 2, maxLength: 6 }),
        (variants, salt, all) => {
          const policy = ready(weightedOf(variants, salt, { sticky }));
          for (const id of population(VISITORS)) {
            const visitor = person(id);
            const seen = all.map((scene) => visitor.visit(policy, scene).variant.name);
            expect(new Set(seen).size).toBe(1);
            expect(visitor.written()).toBe(1);
          }
        },
      ),
      { runs: 40 },
    );
  });
});

describe("a visitor of many pinning splits", () => {
  const splits = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      ready({
        ...weightedOf(
          [
            { name: "a", weight: 1 },
            { name: "b", weight: 1 },
          ],
          `split ${index}`,
          { sticky: { mode: "pin" } },
        ),
      }),
    );

  test.each([MAX_PINS, MAX_PINS + 1, 2 * MAX_PINS, 500])(
    "gets no new cookie once %i splits have seen them, and keeps each variant",
    (count) => {
      const policies = splits(count);
      const [id = ""] = population(1);
      const visitor = person(id);
      const first = policies.map((policy) => visitor.visit(policy).variant.name);
      const written = visitor.written();
      expect(written).toBeLessThanOrEqual(count);
      for (let round = 0; round < 3; round += 1)
        expect(policies.map((policy) => visitor.visit(policy).variant.name)).toEqual(first);
      expect(visitor.written()).toBe(written);
      expect(visitor.cookie().length).toBeLessThanOrEqual(MAX_COOKIE_CHARS);
    },
  );

  test("visited in any order, gets at most one cookie for each", () => {
    const policies = splits(100);
    check(
      fc.property(fc.array(fc.nat(99), { maxLength: 400 }), fc.nat(1000), (order, index) => {
        const visitor = person(population(1001)[index] ?? "");
        for (const split of order) {
          const policy = policies[split];
          if (policy !== undefined) visitor.visit(policy);
        }
        expect(visitor.written()).toBeLessThanOrEqual(new Set(order).size);
      }),
      { runs: 60 },
    );
  });
});
