import { describe, expect, test } from "vitest";
import { policyJsonSchema } from "../../../src/api/openapi/policy-schema.ts";
import { explain } from "../../../src/decide/explain.ts";
import { rescuer } from "../../../src/gateway/forward/failover.ts";
import { compile } from "../../../src/policy/compile.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { previewPath } from "../../../src/preview/preview-path.ts";
import { decide } from "../../support/decide.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { faults } from "../api/json-schema.ts";
import { ORIGIN, pathMap } from "./judge.ts";
import { leaf } from "./leaf.ts";
import { MADE_UP } from "./made-up.ts";

const NIGHT = "https://night.example.com";
const shift = (more: object = {}) => ({
  strategy: "night-shift",
  day: ORIGIN,
  night: { origin: NIGHT },
  fromHour: 22,
  ...more,
});
const parsed = (value: unknown) => parseValue(value, { allowPrivateOrigins: false }, MADE_UP);

function made(value: unknown) {
  const result = parsed(value);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return compile(result.policy, "shop.example.com", MADE_UP);
}

const lines = (value: unknown) => {
  const result = parsed(value);
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`);
};

/** At an hour and a minute of 1 December 2026, UTC. */
const at = (hour: number, minute = 0) =>
  factsFrom({ now: Date.UTC(2026, 11, 1, hour, minute), path: "/" });

describe("a strategy of one file and one line is known to", () => {
  test("the real language not at all", () => {
    expect(parseValue(shift(), { allowPrivateOrigins: false }).ok).toBe(false);
  });

  test("validation: its shape, its own rules, its variants, and how deep it stands", () => {
    expect(lines(shift())).toEqual([]);
    expect(lines(shift({ fromHour: 24 }))[0]).toContain("$.fromHour");
    expect(lines(shift({ fromHour: 0 }))).toEqual(["$.fromHour: leaves no day"]);
    expect(lines(shift({ force: "nigth" }))[0]).toContain('"nigth" is not a variant');
    expect(lines({ strategy: "night-shif" })[0]).toContain('"night-shift"');
    expect(lines(pathMap({ bots: "blue", paths: { "/a": shift() } }))[0]).toContain("$.bots");
  });

  test("the check for private origins", () => {
    expect(lines(shift({ night: { origin: { url: "http://10.0.0.1" } } }))).toEqual([
      '$.night.origin.url: the origin "10.0.0.1" is a private, loopback, link-local or metadata address',
    ]);
  });

  test("the cache key", () => {
    expect(leaf(made(shift()).root).cache).toEqual({ vary: ["cookie"], unshareable: false });
    expect(leaf(made(shift({ sticky: false })).root).cache.unshareable).toBe(true);
  });

  test("decide and explain", () => {
    const policy = made(shift());
    expect(decide(policy, at(12))?.variant.name).toBe("day");
    const { steps, summary } = explain(policy, at(23));
    expect(decide(policy, at(23))?.variant.origin.origin).toBe(NIGHT);
    expect(steps).toContainEqual({ step: "strategy", outcome: 'night-shift chooses "night"' });
    expect(summary).toContain("night (active)");
  });

  test("who rescues whom", () => {
    const decision = decide(made(shift()), at(23));
    expect(decision && rescuer(decision)?.name).toBe("day");
  });

  test("the preview", () => {
    const moved = previewPath(made(shift()), made(shift({ fromHour: 20 })), at(21), 10);
    expect(moved).toMatchObject({ moved: 10, reshuffled: 0 });
  });

  test("the JSON Schema", () => {
    const schema = policyJsonSchema(MADE_UP);
    expect(faults(schema, shift(), schema)).toEqual([]);
    expect(faults(schema, shift({ fromHour: 24 }), schema)).not.toEqual([]);
    expect(faults(policyJsonSchema(), shift(), policyJsonSchema())).not.toEqual([]);
  });
});

describe("a condition of one file and one line is known to", () => {
  const ruled = (match: unknown, more: object = {}) =>
    shift({ rules: [{ match, variant: "night" }], ...more });

  test("validation", () => {
    expect(lines(ruled({ evenMinute: true }))).toEqual([]);
    expect(lines(ruled({ evenMinute: 1 }))[0]).toContain("$.rules[0].match.evenMinute");
  });

  test("decide and explain", () => {
    const policy = made(ruled({ evenMinute: false }));
    expect(decide(policy, at(12, 2))?.reason).toBe("active");
    expect(decide(policy, at(12, 3))?.reason).toBe("rule");
    expect(explain(policy, at(12, 3)).steps).toContainEqual({
      step: "rules",
      outcome: "rule 1 matches: the minute is odd",
    });
  });

  test("the cache key", () => {
    expect(leaf(made(ruled({ evenMinute: true })).root).cache).toEqual({
      vary: ["cookie", "x-minute"],
      unshareable: true,
    });
  });

  test("the JSON Schema", () => {
    const schema = policyJsonSchema(MADE_UP);
    expect(faults(schema, ruled({ evenMinute: true }), schema)).toEqual([]);
    expect(faults(schema, ruled({ evenMinute: 1 }), schema)).not.toEqual([]);
  });
});
