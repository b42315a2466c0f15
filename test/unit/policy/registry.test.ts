import { describe, expect, test } from "vitest";
import { policyJsonSchema } from "../../../src/api/openapi/policy-schema.ts";
import { explain } from "../../../src/decide/explain.ts";
import { rescuer } from "../../../src/gateway/forward/failover.ts";
import { compile } from "../../../src/policy/compile.ts";
import type { Variant } from "../../../src/policy/compiled.ts";
import { leavesOf } from "../../../src/policy/leaves.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { previewPath } from "../../../src/preview/preview-path.ts";
import { decide } from "../../support/decide.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { faults } from "../api/json-schema.ts";
import { referenceTables } from "../docs/reference-tables.ts";
import { ORIGIN, pathMap } from "./judge.ts";
import { leaf } from "./leaf.ts";
import { MADE_UP, MADE_UP_DOCS } from "./made-up.ts";

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
      '$.night.origin.url: the origin "10.0.0.1" is an IP address, and a Worker can fetch none',
    ]);
  });

  test("the cache key", () => {
    expect(leaf(made(shift()).root).cacheKey).toEqual({ vary: ["cookie"], unshareable: false });
    expect(leaf(made(shift({ sticky: false })).root).cacheKey.unshareable).toBe(true);
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
    expect(leaf(made(ruled({ evenMinute: true })).root).cacheKey).toEqual({
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

describe("a field of one file and one line is known to", () => {
  const OTHER = "https://other.example.com";
  const under = (understudy: unknown, more: object = {}) => shift({ understudy, ...more });
  const understudyOf = (value: unknown) => {
    const { understudy } = leaf(made(value).root) as unknown as { understudy?: Variant };
    return understudy;
  };

  test("the real language not at all", () => {
    const policy = { origin: ORIGIN, understudy: { origin: OTHER } };
    expect(lines(policy)).toEqual([]);
    expect(parseValue(policy, { allowPrivateOrigins: false }).ok).toBe(false);
  });

  test("validation: its shape, the variant it names, and where it may stand", () => {
    expect(lines(under({ origin: OTHER, of: "night" }))).toEqual([]);
    expect(lines(under({ origin: 1 }))[0]).toContain("$.understudy.origin");
    expect(lines(under({ origin: OTHER, of: "nigth" }))[0]).toContain('"nigth" is not a variant');
    expect(lines({ origin: ORIGIN, understduy: {} })[0]).toContain("$.understduy");
    const ending = { strategy: "respond", status: 204, understudy: { origin: OTHER } };
    expect(lines(ending)[0]).toContain("$.understudy");
  });

  test("validation of what a path-map hands down", () => {
    const handing = (of: string) =>
      pathMap({ understudy: { origin: OTHER, of }, paths: { "/a": shift() } });
    expect(lines(handing("night"))).toEqual([]);
    expect(lines(handing("blue"))[0]).toContain("$.understudy.of");
  });

  test("the check for private origins", () => {
    expect(lines(under({ origin: "http://10.0.0.1" }))[0]).toContain(
      "$.understudy.origin: the origin",
    );
  });

  test("the compiled form, with the policy's own fields, and what is inherited", () => {
    const own = understudyOf(under({ origin: OTHER }, { timeoutMs: 1234 }));
    expect(own).toMatchObject({ origin: { origin: OTHER }, timeoutMs: 1234 });
    expect(understudyOf(shift())).toBeUndefined();
    const map = made(pathMap({ understudy: { origin: OTHER }, paths: { "/a": shift() } }));
    const [one] = [...leavesOf(map)] as unknown as { understudy?: Variant }[];
    expect(one?.understudy?.origin.origin).toBe(OTHER);
  });

  test("the cache key", () => {
    const { cacheKey } = leaf(made(under({ origin: OTHER }, { sticky: false, force: "day" })).root);
    expect(cacheKey.vary).toContain("x-ill");
    expect(leaf(made(shift({ sticky: false, force: "day" })).root).cacheKey.vary).not.toContain(
      "x-ill",
    );
  });

  test("the JSON Schema", () => {
    const schema = policyJsonSchema(MADE_UP);
    expect(faults(schema, under({ origin: OTHER }), schema)).toEqual([]);
    expect(faults(schema, under({ origin: 1 }), schema)).not.toEqual([]);
    expect(
      faults(policyJsonSchema(), { origin: ORIGIN, understudy: {} }, policyJsonSchema()),
    ).not.toEqual([]);
  });
});

describe("all three are known to what people read:", () => {
  test("the reference's tables", () => {
    const rows = referenceTables(MADE_UP, MADE_UP_DOCS).flatMap((table) => table.rows);
    for (const row of [
      ["`night-shift`", "`day`, `night`", "[night-shift](strategies/night-shift.md)"],
      ["`fromHour`", "`night-shift`", "0 to 23", "when the night begins (UTC)"],
      ["`understudy`", "`{ origin, of? }`", "who stands in"],
      ["`evenMinute`?", "`true` in even minutes"],
    ])
      expect(rows).toContainEqual(row);
  });

  test("editors, by the texts of the JSON Schema", () => {
    const text = JSON.stringify(policyJsonSchema(MADE_UP, MADE_UP_DOCS));
    for (const said of [
      "One origin by day",
      "when the night begins",
      "who stands in",
      "in even minutes",
    ])
      expect(text).toContain(said);
  });
});
