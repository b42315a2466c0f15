import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { compiled, factsOf, iso, pinnedCookie, visitorId } from "../../property/time/scene.ts";

const variants = [
  { name: "control", origin: "https://one.example.com", weight: 1 },
  { name: "treatment", origin: "https://two.example.com", weight: 1 },
];
const canary = {
  strategy: "canary",
  stable: "https://stable.example.com",
  canary: "https://canary.example.com",
};

describe("what an order by hand goes before", () => {
  const lapsed = { ...canary, percent: 100, lease: { until: iso(1000) } };
  const cookies = pinnedCookie(visitorId(1), "shop", "canary");

  it.each([
    ["force", { force: "canary" }, {}],
    ["bots", { bots: "canary" }, { bot: true }],
    ["a rule", { rules: [{ match: { method: "GET" }, variant: "canary" }] }, {}],
    ["an override", {}, { override: { ok: true as const, variant: "canary" } }],
  ])("%s leads to the canary of a lapsed lease too", (_, fields, scene) => {
    const policy = compiled({ ...lapsed, ...fields });
    expect(decide(policy, factsOf({ now: 1000, ...scene }))?.variant.name).toBe("canary");
  });

  it("a pin does not", () => {
    const policy = compiled({ ...lapsed, sticky: { mode: "pin" } });
    const decision = decide(policy, factsOf({ now: 1000, cookies }));
    expect([decision?.variant.name, decision?.reason]).toEqual(["stable", "lease-expired"]);
  });
});

describe("visits that only look", () => {
  it.each([
    ["forced", { force: "treatment" }, {}],
    ["a crawler", { bots: "treatment" }, { bot: true }],
    ["without consent", { consent: { cookie: "agreed" } }, {}],
    ["an override", {}, { override: { ok: true as const, variant: "treatment" } }],
    ["a rule", { rules: [{ match: { method: "GET" }, variant: "treatment" }] }, {}],
  ])("%s: never counted, never pinned, and no cookie", (_, fields, scene) => {
    const policy = compiled({ strategy: "weighted", variants, sticky: { mode: "pin" }, ...fields });
    const decision = decide(policy, factsOf(scene));
    expect(decision?.counted).toBe(false);
    expect(decision?.remember).toBeUndefined();
  });

  it("outside the coverage: not counted, not pinned, known by the cookie that keeps them out", () => {
    const policy = compiled({
      strategy: "weighted",
      variants,
      sticky: { mode: "pin" },
      coverage: 0,
    });
    const decision = decide(policy, factsOf());
    expect([decision?.variant.name, decision?.reason]).toEqual(["control", "not-covered"]);
    expect(decision?.counted).toBe(false);
    expect(decision?.remember?.pins).toEqual([]);
  });
});

describe("what a path-map hands down", () => {
  it("makes no single origin set a cookie", () => {
    const policy = compiled({
      strategy: "path-map",
      coverage: 50,
      group: { name: "checkout", from: 0, to: 50 },
      paths: { "/static": "https://static.example.com" },
    });
    const decision = decide(policy, factsOf({ path: "/static/a.css" }));
    expect([decision?.variant.name, decision?.reason]).toEqual(["origin", "only"]);
    expect(decision?.remember).toBeUndefined();
  });

  it("asks each policy on the way for itself: consent of the inner one comes after the outer's rules", () => {
    const inner = { strategy: "weighted", variants, consent: { cookie: "agreed" } };
    const policy = compiled({
      strategy: "weighted",
      variants,
      rules: [{ name: "beta", match: { header: { "x-beta": true } }, policy: inner }],
    });
    const decision = decide(policy, factsOf({ headers: { "x-beta": "" } }));
    expect(decision?.reason).toBe("no-consent");
    expect(decide(policy, factsOf())?.reason).toBe("split");
  });

  it("an override that the outer policy has no variant for is the inner one's", () => {
    const policy = compiled({
      ...canary,
      percent: 0,
      rules: [
        { name: "beta", match: { method: "GET" }, policy: { strategy: "weighted", variants } },
      ],
    });
    const ask = (variant: string) => decide(policy, factsOf({ override: { ok: true, variant } }));
    expect([ask("treatment")?.variant.name, ask("treatment")?.reason]).toEqual([
      "treatment",
      "override",
    ]);
    expect([ask("canary")?.variant.name, ask("canary")?.reason]).toEqual(["canary", "override"]);
    expect(ask("nobody")?.ignored).toBe("unknown-variant");
  });
});

describe('the word "split"', () => {
  it("leaves crawlers to the split even where a variant is called so", () => {
    const policy = compiled({
      strategy: "weighted",
      variants: [
        { name: "split", origin: "https://one.example.com", weight: 0 },
        { name: "other", origin: "https://two.example.com", weight: 1 },
      ],
      bots: "split",
    });
    const decision = decide(policy, factsOf({ bot: true }));
    expect([decision?.variant.name, decision?.reason]).toEqual(["other", "split"]);
  });
});

describe('"open" overrides', () => {
  const forced = (override: string, name: string) =>
    decide(
      compiled({ strategy: "weighted", variants, override }),
      factsOf({ headers: { "x-switchyard-force": name } }),
    );

  it("take the plain header, and no other policy does", () => {
    const open = forced("open", "treatment");
    expect([open?.variant.name, open?.reason, open?.counted]).toEqual([
      "treatment",
      "override",
      false,
    ]);
    expect(forced("open", "nobody")?.ignored).toBe("unknown-variant");
    for (const override of ["signed", "off"]) {
      expect(forced(override, "treatment")?.reason).toBe("split");
    }
  });

  it("off, a link is ignored and the reason says so", () => {
    const policy = compiled({ strategy: "weighted", variants, override: "off" });
    const decision = decide(policy, factsOf({ override: { ok: true, variant: "treatment" } }));
    expect([decision?.reason, decision?.ignored]).toEqual(["split", "switched-off"]);
  });
});
