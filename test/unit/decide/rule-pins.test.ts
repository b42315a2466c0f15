import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import { pinOf } from "../../../src/decide/visitor.ts";
import {
  factsFrom,
  FRESH_ID,
  NOW,
  withCookie,
  type Scene,
} from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { canary, weighted } from "../policy/judge.ts";

const SALT = "shop.example.com";
const BETA: Scene = { headers: { "x-beta": "1" } };

const policy = (fields: object = {}, rule: object = {}) =>
  ready(
    weighted({
      sticky: { mode: "pin" },
      rules: [{ match: { header: { "x-beta": true } }, variant: "treatment", pin: true, ...rule }],
      ...fields,
    }),
  );

const asked = (compiled: ReturnType<typeof ready>, scene: Scene = {}) => {
  const decision = decide(compiled, factsFrom(scene));
  if (decision === undefined) throw new Error("a split serves everybody");
  return decision;
};

const known = (pins: object[] = []) =>
  withCookie({ id: FRESH_ID, seenAt: NOW, sentAt: NOW, pins: pins as [] });

const RULED = { ...pinOf(SALT, "treatment"), byRule: true };

describe('a rule with "pin": true', () => {
  test("keeps what it chose in the cookie, and none without it does", () => {
    expect(asked(policy(), BETA)).toMatchObject({
      variant: { name: "treatment" },
      reason: "rule",
      counted: false,
      remember: { id: FRESH_ID, pins: [RULED] },
    });
    expect(asked(policy({}, { pin: false }), BETA).remember).toBeUndefined();
  });

  test("holds once the rule no longer matches, counted in nothing", () => {
    const { remember } = asked(policy(), BETA);
    if (remember === undefined) throw new Error("a pin is written");
    const later = asked(policy(), withCookie(remember));
    expect(later).toMatchObject({
      variant: { name: "treatment" },
      reason: "pinned",
      counted: false,
      remember: undefined,
    });
  });

  test("writes no cookie on every visit", () => {
    expect(asked(policy(), { ...BETA, ...known([RULED]) }).remember).toBeUndefined();
  });

  test("takes the place of what was drawn, of the same variant too: its visits came of no draw any more", () => {
    for (const name of ["control", "treatment"]) {
      const scene = { ...BETA, ...known([pinOf(SALT, name)]) };
      expect(asked(policy(), scene).remember?.pins).toEqual([RULED]);
    }
  });

  test.each<[string, object]>([
    ["hash mode", { sticky: {} }],
    ["no stickiness", { sticky: false }],
  ])("does nothing with %s", (_, fields) => {
    expect(asked(policy(fields), BETA)).toMatchObject({
      variant: { name: "treatment" },
      reason: "rule",
      remember: undefined,
    });
  });

  test("gives no id to a request that cannot keep one, and pins a known visitor on any", () => {
    const post = { ...BETA, method: "POST" };
    expect(asked(policy(), post)).toMatchObject({ remember: undefined, fleeting: false });
    expect(asked(policy(), { ...post, ...known() }).remember?.pins).toEqual([RULED]);
  });

  test("pins beside a header that names the visitor", () => {
    const sticky = { mode: "pin", by: [{ header: "x-user-id" }, "cookie"] };
    const headers = { ...BETA.headers, "x-user-id": "ada" };
    expect(asked(policy({ sticky }), { headers }).remember?.pins).toEqual([RULED]);
  });

  test("goes before coverage and group, like any pin", () => {
    expect(asked(policy({ coverage: 0 }), known([RULED])).reason).toBe("pinned");
  });

  test("is worth nothing at weight 0 where the policy evicts, and in a canary without its lease", () => {
    const variants = [
      { name: "control", origin: "https://www.example.com", weight: 1 },
      { name: "treatment", origin: "https://www.example.com", weight: 0 },
    ];
    const evicting = policy({ variants, sticky: { mode: "pin", onZero: "evict" } });
    expect(asked(evicting, known([RULED]))).toMatchObject({
      variant: { name: "control" },
      reason: "split",
      counted: true,
      remember: { pins: [pinOf(SALT, "control")] },
    });
    const lapsed = ready(
      canary({
        percent: 50,
        sticky: { mode: "pin" },
        lease: { until: new Date(NOW).toISOString() },
      }),
    );
    const held = known([{ ...pinOf(SALT, "canary"), byRule: true }]);
    expect(asked(lapsed, held).reason).toBe("lease-expired");
  });
});
