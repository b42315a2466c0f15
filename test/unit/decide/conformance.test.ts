import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import type { Decision } from "../../../src/decide/outcome.ts";
import { REASONS, type Reason } from "../../../src/policy/reason.ts";
import { STRATEGIES } from "../../../src/policy/strategies/index.ts";
import { factsFrom, NOW, withCookie, type Scene } from "../../property/arbitraries/facts.ts";
import { population, ready } from "../../property/population.ts";
import { blueGreen, canary, issuesOf, ORIGIN, pathMap, single, weighted } from "../policy/judge.ts";
import { ENDS } from "./ends.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What every strategy must hold to, and what differs between them. */
interface Subject {
  readonly make: (fields?: Fields) => Fields;
  readonly variants: readonly string[];
  /** Whom those get that are in no experiment. */
  readonly otherwise: string;
  /** Why a newcomer gets what they get. */
  readonly reason: Reason;
  /** Whether it sets a cookie. */
  readonly remembers: boolean;
  /** Whether nothing but a cookie tells it who stays where they are. */
  readonly needsCookie?: true;
}

const second = { startAt: new Date(NOW).toISOString(), steps: [{ percent: 50 }] };
const lapsed = { until: new Date(NOW).toISOString() };
const turn = { active: "green", at: new Date(NOW - 1000).toISOString(), drainSeconds: 60 };

const SUBJECTS: Readonly<Record<string, Subject>> = {
  single: {
    make: single,
    variants: ["origin"],
    otherwise: "origin",
    reason: "only",
    remembers: false,
  },
  weighted: {
    make: weighted,
    variants: ["control", "treatment"],
    otherwise: "control",
    reason: "split",
    remembers: true,
  },
  canary: {
    make: (fields) => canary({ percent: 50, ...fields }),
    variants: ["stable", "canary"],
    otherwise: "stable",
    reason: "split",
    remembers: true,
  },
  "canary on a ramp": {
    make: (fields) => canary({ ramp: second, ...fields }),
    variants: ["stable", "canary"],
    otherwise: "stable",
    reason: "ramp",
    remembers: true,
  },
  "canary without its lease": {
    make: (fields) => canary({ percent: 50, lease: lapsed, ...fields }),
    variants: ["stable", "canary"],
    otherwise: "stable",
    reason: "lease-expired",
    remembers: false,
  },
  "blue-green": {
    make: blueGreen,
    variants: ["blue", "green"],
    otherwise: "blue",
    reason: "active",
    remembers: false,
  },
  "blue-green that drains": {
    make: (fields) => blueGreen({ next: turn, ...fields }),
    variants: ["blue", "green"],
    otherwise: "green",
    reason: "active",
    remembers: true,
    needsCookie: true,
  },
};

function serve(policy: unknown, scene: Scene = {}): Decision {
  const decision = decide(ready(policy), factsFrom(scene));
  if (decision === undefined) throw new Error("no prefix matched");
  return decision;
}

describe.each(Object.entries(SUBJECTS))(
  "%s",
  (_, { make, variants, otherwise, reason, remembers, needsCookie = false }) => {
    test("serves one of its variants to everybody, for its own reason", () => {
      for (const draw of population(200)) {
        const decision = serve(make(), { draw });
        expect(variants).toContain(decision.variant.name);
        expect(decision.reason).toBe(reason);
      }
    });

    test("gives the same answer to the same question", () => {
      const policy = ready(make());
      for (const draw of population(50))
        expect(decide(policy, factsFrom({ draw }))).toStrictEqual(
          decide(policy, factsFrom({ draw })),
        );
    });

    test("gives a newcomer a cookie where it splits by it, and nothing to one who has it", () => {
      const [id = ""] = population(1);
      const { remember } = serve(make(), { draw: id });
      expect(remember?.id).toBe(remembers ? id : undefined);
      const known = { id, seenAt: NOW, sentAt: NOW, pins: [] };
      expect(serve(make(), withCookie(known)).remember).toBeUndefined();
    });

    test("sets no cookie where stickiness is off, or cannot be without one", () => {
      const sticky = false;
      expect(needsCookie ? issuesOf(make({ sticky })) : []).toHaveLength(needsCookie ? 1 : 0);
      expect(needsCookie || serve(make({ sticky })).remember === undefined).toBe(true);
    });

    test("force, bots, rules and overrides lead to each of its variants, and are not counted", () => {
      for (const name of variants) {
        const decisions = [
          serve(make({ force: name })),
          serve(make({ bots: name }), { bot: true }),
          serve(make({ rules: [{ match: { method: "GET" }, variant: name }] })),
          serve(make(), { override: { ok: true, variant: name } }),
          serve(make({ override: "open" }), { headers: { "x-switchyard-force": name } }),
        ];
        expect(decisions.map(({ variant }) => variant.name)).toEqual(decisions.map(() => name));
        expect(decisions.map((one) => one.reason)).toEqual([
          "forced",
          "bot",
          "rule",
          "override",
          "override",
        ]);
        expect(
          decisions.filter(({ counted, remember }) => counted || remember !== undefined),
        ).toEqual([]);
      }
    });

    test("the default variant is for those in no experiment: without consent, or not covered", () => {
      const node = serve(make()).node;
      expect(node.definition.defaultVariant(node, NOW).name).toBe(otherwise);
      for (const draw of population(20)) {
        const refused = serve(make({ consent: { cookie: "ok" } }), { draw });
        expect([refused.variant.name, refused.reason]).toEqual([otherwise, "no-consent"]);
        expect(refused.remember).toBeUndefined();
        if (variants.length === 1) continue;
        const outside = serve(make({ coverage: 0 }), { draw });
        expect([outside.variant.name, outside.reason]).toEqual([otherwise, "not-covered"]);
        expect(outside.counted).toBe(false);
      }
    });

    test("an override that names no variant, or is not valid, is told and not followed", () => {
      const plain = serve(make());
      const unknown = serve(make(), { override: { ok: true, variant: "nobody" } });
      expect([unknown.ignored, unknown.reason]).toEqual(["unknown-variant", reason]);
      for (const fault of [
        "expired",
        "forged",
        "other-route",
        "other-environment",
        "no-secret",
      ] as const) {
        const { ignored, variant } = serve(make(), { override: { ok: false, fault } });
        expect([ignored, variant.name]).toEqual([fault, plain.variant.name]);
      }
      const off = serve(make({ override: "off" }), { override: { ok: true, variant: "nobody" } });
      expect(off.ignored).toBe("switched-off");
      const closed = serve(make(), { headers: { "x-switchyard-force": variants.at(-1) ?? "" } });
      expect([closed.reason, closed.ignored]).toEqual([reason, undefined]);
    });

    test("under a path-map it decides as it does alone, with the path as it is to be forwarded", () => {
      const map = pathMap({ paths: { "/a": make({ stripPrefix: true, salt: "s" }) } });
      for (const draw of population(20)) {
        const below = serve(map, { draw, path: "/a/b" });
        const alone = serve(make({ salt: "s" }), { draw, path: "/b" });
        expect([below.variant.name, below.reason]).toEqual([alone.variant.name, alone.reason]);
        expect([below.path, below.stripped]).toEqual(["/b", "/a"]);
        expect([alone.path, alone.stripped]).toEqual(["/b", ""]);
      }
    });

    test("a mirror copies all, none, or as many as it says, without a word to the visitor", () => {
      const mirrored = (percent: number) =>
        population(200).filter(
          (draw) =>
            serve(make({ mirror: { origin: ORIGIN, percent } }), { draw }).mirrors.length > 0,
        );
      expect(mirrored(0)).toEqual([]);
      expect(mirrored(100)).toHaveLength(200);
      expect(mirrored(50).length).toBeGreaterThan(50);
      expect(mirrored(50).length).toBeLessThan(150);
      expect(serve(make({ mirror: { origin: ORIGIN, percent: 50 } })).remember?.id).toBe(
        serve(make()).remember?.id,
      );
    });
  },
);

describe("all of them", () => {
  test("are tried here, path-map by the others", () => {
    const tried = Object.values(SUBJECTS).map(({ make }) => make()["strategy"] ?? "single");
    const others = ["path-map", ...Object.keys(ENDS)];
    expect(new Set([...tried, ...others])).toEqual(new Set(Object.keys(STRATEGIES)));
  });

  test("a path-map without a prefix for the path, and no default, decides nothing", () => {
    const decided = decide(ready(pathMap()), factsFrom({ path: "/b" }));
    expect(decided).toBeUndefined();
  });

  test("reasons are unlike each other, and all have words", () => {
    expect(new Set(REASONS).size).toBe(REASONS.length);
  });
});
