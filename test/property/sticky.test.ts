import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide as outcomeOf } from "../../src/decide/decide.ts";
import { afresh } from "../support/afresh.ts";
import { decide } from "../support/decide.ts";
import type { Decision } from "../../src/decide/outcome.ts";
import { decodeVisitor } from "../../src/decide/visitor.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { check } from "../support/property.ts";
import { ALPHA, goodnessOfFit } from "../support/statistics.ts";
import { factsFrom, NOW, scenes, withCookie } from "./arbitraries/facts.ts";
import { headerFields, originUrls, timeouts } from "./arbitraries/origins.ts";
import { policies } from "./arbitraries/policies.ts";
import { ids, names, percents, salts } from "./arbitraries/text.ts";
import { evenSplit, split, weights, type Named } from "./arbitraries/variants.ts";
import { browser } from "./browser.ts";
import { assign, population, ready, tally, weightedOf } from "./population.ts";

const FEW = 200;
const ORIGIN = "https://www.example.com";
const DAY_MS = 86_400_000;

const namesOf = (variants: readonly Named[]) => variants.map(({ name }) => name);
const namesIn = (decisions: readonly Decision[]) => decisions.map(({ variant }) => variant.name);

/** A split that visitors are pinned in. */
const pinning = (variants: readonly Named[], salt: string, fields: object = {}) =>
  ready(weightedOf(variants, salt, { sticky: { mode: "pin", ...fields } }));

/** A pinning policy, the one it becomes, and the visitors whom the first one has seen. */
function returning(before: CompiledPolicy) {
  return population(FEW).map((id) => {
    const visitor = browser(id);
    return { first: visitor.visit(before).variant.name, visitor };
  });
}

describe("ask 1, same identity, same variant", () => {
  test("on every request, whatever else it says, and however often it comes", () => {
    check(
      fc.property(
        split,
        salts,
        ids,
        fc.array(scenes, { maxLength: 5 }),
        (variants, salt, id, all) => {
          const policy = ready(weightedOf(variants, salt, { sticky: {} }));
          const visitor = browser(id);
          const { name } = visitor.visit(policy).variant;
          const known = decodeVisitor(visitor.cookie() ?? "");
          if (known === undefined) throw new Error("a newcomer gets a cookie");
          expect(known.id).toBe(id);
          for (const scene of all) {
            const later = factsFrom({ ...scene, ...withCookie(known), override: undefined });
            expect(decide(policy, later)?.variant.name).toBe(name);
          }
        },
      ),
    );
  });

  test("across fresh isolates, restarts and routes reloaded from their text", async () => {
    const [there, { compile }] = await afresh(async () =>
      Promise.all([import("../../src/decide/decide.ts"), import("../../src/policy/compile.ts")]),
    );
    expect(there.decide).not.toBe(outcomeOf);
    check(
      fc.property(policies(), scenes, (policy, scene) => {
        const reloaded = compile(JSON.parse(JSON.stringify(policy)) as Policy, "shop.example.com");
        const again = there.decide(reloaded, factsFrom(scene));
        const first = outcomeOf(ready(policy), factsFrom(scene));
        expect(again.do).toBe(first.do);
        if (again.do !== "forward" || first.do !== "forward") return;
        expect(again.variant).toEqual(first.variant);
        expect(again.reason).toBe(first.reason);
        expect(again.remember).toEqual(first.remember);
      }),
    );
  });

  test("whatever changes in fields that do not choose", () => {
    const beside = fc.record(
      {
        headers: headerFields,
        timeoutMs: timeouts,
        rescue: fc.boolean(),
        assetRescue: fc.boolean(),
        fallback: originUrls,
        mirror: fc.record({ origin: originUrls, percent: percents }),
        override: fc.constantFrom("signed", "open", "off"),
        retry: fc.constant({ attempts: 2 }),
        rules: fc.constant([{ match: { header: { "x-beta": true } }, policy: ORIGIN }]),
        bots: fc.constant("split"),
      },
      { requiredKeys: [] },
    );
    check(
      fc.property(split, salts, beside, beside, (variants, salt, one, two) => {
        const visitors = population(FEW);
        expect(assign(ready(weightedOf(variants, salt, two)), visitors)).toEqual(
          assign(ready(weightedOf(variants, salt, one)), visitors),
        );
      }),
    );
  });

  test("of an origin that moves house, and a route whose other prefixes change", () => {
    check(
      fc.property(split, originUrls, originUrls, (variants, one, two) => {
        const visitors = population(FEW);
        const at = (origin: string, others: object) =>
          ready({
            strategy: "path-map",
            paths: {
              ...others,
              "/": {
                strategy: "weighted",
                variants: variants.map((variant) => ({ ...variant, origin })),
                sticky: { by: [{ header: "x-visitor" }] },
              },
            },
          });
        expect(assign(at(two, { "/new": ORIGIN }), visitors)).toEqual(
          assign(at(one, {}), visitors),
        );
      }),
    );
  });
});

describe("pin", () => {
  const reweighted = split.chain((before) =>
    fc
      .tuple(...before.map(() => weights))
      .map((all) => ({
        before,
        after: before.map((variant, i) => ({ ...variant, weight: all[i] ?? 0 })),
      }))
      .filter(({ after }) => after.some(({ weight }) => weight > 0)),
  );

  test("ask 1 and 6: keeps the variant through every change of weights", () => {
    check(
      fc.property(reweighted, salts, fc.nat(20), ({ before, after }, salt, days) => {
        const later = pinning(after, salt);
        const came = returning(pinning(before, salt));
        const kept = came.map(({ visitor }) => visitor.visit(later, NOW + days * DAY_MS));
        expect(kept.map(({ variant }) => variant.name)).toEqual(came.map(({ first }) => first));
      }),
      { runs: 40 },
    );
  });

  test("ask 3, draining: at weight 0, keep stays and evict draws anew, and nobody new comes", () => {
    check(
      fc.property(reweighted, salts, ({ before, after }, salt) => {
        const drained = new Set(namesOf(after.filter(({ weight }) => weight === 0)));
        const evicting = pinning(after, salt, { onZero: "evict" });
        const came = returning(pinning(before, salt));
        const next = came.map(({ visitor }) => visitor.visit(evicting));
        expect(namesIn(next).filter((name) => drained.has(name))).toEqual([]);
        expect(next.map(({ reason }) => reason)).toEqual(
          came.map(({ first }) => (drained.has(first) ? "split" : "pinned")),
        );
        expect(namesIn(came.map(({ visitor }) => visitor.visit(evicting)))).toEqual(namesIn(next));
        const newcomers = population(2 * FEW).slice(FEW);
        const keeping = pinning(after, salt);
        const met = namesIn(newcomers.map((id) => browser(id).visit(keeping)));
        expect(met.filter((name) => drained.has(name))).toEqual([]);
      }),
      { runs: 40 },
    );
  });

  test("a removed variant redraws its visitors, and theirs alone", () => {
    check(
      fc.property(evenSplit, salts, names, (variants, salt, extra) => {
        fc.pre(!namesOf(variants).includes(extra));
        const before = pinning([...variants, { name: extra, weight: 3 }], salt);
        const after = pinning(variants, salt);
        const came = returning(before);
        const next = came.map(({ visitor }) => visitor.visit(after));
        expect(next.map(({ reason }) => reason)).toEqual(
          came.map(({ first }) => (first === extra ? "split" : "pinned")),
        );
        const drawn = namesIn(next);
        expect(came.map(({ first }, index) => drawn[index] === first)).toEqual(
          came.map(({ first }) => first !== extra),
        );
        // Pinned anew: a variant that comes back later does not take them away again.
        expect(namesIn(came.map(({ visitor }) => visitor.visit(before)))).toEqual(drawn);
      }),
      { runs: 30 },
    );
  });

  test(`a new epoch redraws everybody, by the weights (alpha ${ALPHA})`, () => {
    check(
      fc.property(evenSplit, salts, fc.nat(9), (variants, salt, epoch) => {
        const at = (number: number) =>
          ready(weightedOf(variants, salt, { sticky: { mode: "pin" }, epoch: number }));
        const [old, next] = [at(epoch), at(epoch + 1)];
        const redrawn = population(2000).map((id) => {
          const visitor = browser(id);
          visitor.visit(old);
          return visitor.visit(next);
        });
        expect(new Set(redrawn.map(({ reason }) => reason))).toEqual(new Set(["split"]));
        const wanted = variants.map(({ weight }) => weight);
        const counts = tally(namesOf(variants), namesIn(redrawn));
        expect(goodnessOfFit(counts, wanted).p).toBeGreaterThan(ALPHA);
      }),
      { runs: 5 },
    );
  });

  test("one split's pin is not another split's: each keeps its own", () => {
    check(
      fc.property(
        evenSplit,
        fc.uniqueArray(salts, { minLength: 2, maxLength: 2 }),
        (variants, two) => {
          const [one, other] = two.map((salt) => pinning(variants, salt));
          if (one === undefined || other === undefined) return;
          const came = returning(one);
          const second = namesIn(came.map(({ visitor }) => visitor.visit(other)));
          const back = came.map(({ visitor }) => [visitor.visit(one), visitor.visit(other)]);
          expect(back.map(namesIn)).toEqual(came.map(({ first }, index) => [first, second[index]]));
          expect(new Set(back.flat().map(({ reason }) => reason))).toEqual(new Set(["pinned"]));
        },
      ),
      { runs: 10 },
    );
  });
});
