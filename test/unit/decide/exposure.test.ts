import { describe, expect, test } from "vitest";
import { exposureOf } from "../../../src/decide/exposure.ts";
import { pinOf } from "../../../src/decide/visitor.ts";
import { decide } from "../../support/decide.ts";
import { factsFrom, NOW, withCookie, type Scene } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { weighted } from "../policy/judge.ts";

const ID = "kJ3-x9_QmZ0aB7cD2eF4gH";

const exposed = (policy: object, scene: Scene) => {
  const decision = decide(ready(policy), factsFrom(scene));
  if (decision === undefined) throw new Error("a split serves everybody");
  return { exposure: exposureOf(decision, NOW), variant: decision.variant.name, decision };
};

const pinned = (policy: object, variant: string, byRule = false) => {
  const salt = ready(policy).splits[0]?.salt ?? "";
  const pin = byRule ? { ...pinOf(salt, variant), byRule } : pinOf(salt, variant);
  return withCookie({ id: ID, seenAt: NOW - 5000, sentAt: NOW - 5000, pins: [pin] } as const);
};

const known = withCookie({ id: ID, seenAt: NOW - 5000, sentAt: NOW - 5000, pins: [] });
const PINS = { sticky: { mode: "pin" } };

describe("a visitor is exposed", () => {
  test("by a draw, known or new", () => {
    expect(exposed(weighted({}), known).exposure).toBe("drawn");
    expect(exposed(weighted({}), {}).exposure).toBe("drawn");
  });

  test("by a header, not by an address", () => {
    const headers = { "x-user": "u1" };
    const byHeader = exposed(weighted({ sticky: { by: [{ header: "x-user" }] } }), { headers });
    expect(byHeader.exposure).toBe("drawn");
    const byIp = exposed(weighted({ sticky: { by: ["ip"] } }), { ip: "192.0.2.1" });
    expect(byIp.decision.counted).toBe(true);
    expect(byIp.exposure).toBeUndefined();
  });

  test("by a pin that a draw would give again, and by one that it would not", () => {
    const policy = weighted(PINS);
    const { variant: drawn } = exposed(policy, known);
    const names = ready(policy).splits[0]?.variants.map(({ name }) => name) ?? [];
    const other = names.find((name) => name !== drawn) ?? "";
    expect(exposed(policy, pinned(policy, drawn)).exposure).toBe("pinned");
    expect(exposed(policy, pinned(policy, other))).toMatchObject({
      exposure: "older",
      variant: other,
    });
  });

  test("by a pin of somebody whom the split does not cover", () => {
    const policy = weighted({ ...PINS, coverage: 0 });
    const [first] = ready(policy).splits[0]?.variants ?? [];
    const { exposure } = exposed(policy, pinned(policy, first?.name ?? ""));
    expect(exposure).toBe("older");
  });

  test("by a pin that a rule made, apart", () => {
    const policy = weighted(PINS);
    const { variant } = exposed(policy, known);
    expect(exposed(policy, pinned(policy, variant, true)).exposure).toBe("rule");
  });

  test.each([
    ["a HEAD request", {}, { method: "HEAD" }],
    ["a crawler", {}, { bot: true }],
    ["a prefetch", {}, { headers: { "sec-purpose": "prefetch" } }],
    ["nobody's request", { sticky: false }, {}],
    ["the uncovered", { coverage: 0 }, {}],
  ])("never by %s", (_what, fields, scene: Scene) => {
    const { exposure } = exposed(weighted(fields), { ...known, ...scene });
    expect(exposure).toBeUndefined();
  });
});
