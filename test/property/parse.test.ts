import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/policy/compile.ts";
import { join, renderIssue } from "../../src/lib/issue.ts";
import { MAX_ISSUES } from "../../src/policy/limits.ts";
import { parse, parseValue, type Parsed } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";
import { policies } from "./arbitraries/policies.ts";
import { characters } from "./arbitraries/text.ts";

const OPTIONS = { allowPrivateOrigins: false };

/** Policies per property: they are large. */
const RUNS = 300;

type Json = Readonly<Record<string, unknown>>;
type Step = string | number;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The way to every value inside a value. */
function waysInto(value: unknown, way: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== "object" || value === null) return [way];
  const steps: [Step, unknown][] = Array.isArray(value)
    ? value.map((child: unknown, index): [Step, unknown] => [index, child])
    : Object.entries(value);
  return [way, ...steps.flatMap(([step, child]) => waysInto(child, [...way, step]))];
}

function at(value: unknown, way: readonly Step[]): unknown {
  let here = value;
  for (const step of way) here = (here as Readonly<Record<Step, unknown>>)[step];
  return here;
}

/** One of many, without the index that `constantFrom` makes of them. */
const oneOf = <T>(all: readonly T[]): fc.Arbitrary<T> =>
  fc.nat(all.length - 1).map((index) => all[index] as T);

/** A copy with another value at the end of a way. */
function replaced(value: unknown, way: readonly Step[], put: unknown): unknown {
  const [step, ...rest] = way;
  if (step === undefined) return put;
  if (Array.isArray(value) && typeof step === "number")
    return value.with(step, replaced(value[step], rest, put));
  return { ...(value as Json), [step]: replaced(at(value, [step]), rest, put) };
}

/** Whether the result is a policy, or issues that somebody can act on: each says where, what and what to write. */
const isAnswer = (parsed: Parsed): boolean =>
  parsed.ok ||
  (parsed.issues.length > 0 &&
    parsed.issues.length <= MAX_ISSUES &&
    parsed.issues.every(
      (issue) =>
        issue.path.startsWith("$") &&
        issue.message !== "" &&
        issue.fix !== "" &&
        !/^Invalid|\[object/.test(issue.message) &&
        !/\p{Cc}/u.test(issue.fix + renderIssue(issue)),
    ));

/** Words of the contract, so that arbitrary JSON looks like a policy here and there. */
const word = fc.constantFrom(
  ..."strategy weighted canary path-map single origin variants name weight paths percent ramp steps rules match sticky".split(
    " ",
  ),
  "https://www.example.com",
);
const likeAPolicy = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(word, fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(word, tie("value"), { maxKeys: 5 }),
  ),
})).value;

describe("any JSON value gives a policy or issues, never an exception", () => {
  test("any text", () => {
    check(
      fc.property(fc.oneof(fc.string({ unit: characters }), fc.json()), (text) => {
        expect(isAnswer(parse(text, OPTIONS))).toBe(true);
        expect(parse(text, OPTIONS)).toEqual(parse(text, OPTIONS));
      }),
      { runs: 1000 },
    );
  });

  test("any value, alone and under the words of the contract", () => {
    check(
      fc.property(fc.oneof(fc.jsonValue(), likeAPolicy), word, (value, strategy) => {
        expect(isAnswer(parseValue(value, OPTIONS))).toBe(true);
        const shaped = isObject(value) ? { ...value, strategy } : { strategy, variants: value };
        expect(isAnswer(parseValue(shaped, OPTIONS))).toBe(true);
        expect(parseValue(shaped, OPTIONS)).toEqual(parseValue(shaped, OPTIONS));
      }),
      { runs: 1000 },
    );
  });

  test("any valid policy with any value in any place: what still passes compiles", () => {
    // Each smaller policy would draw its place anew: shrinking takes minutes and ends nowhere.
    const broken = fc.noShrink(
      policies().chain((policy) =>
        fc
          .tuple(oneOf(waysInto(policy)), fc.oneof(fc.jsonValue(), word))
          .map(([way, put]) => replaced(policy, way, put)),
      ),
    );
    check(
      fc.property(broken, (value) => {
        const parsed = parseValue(value, OPTIONS);
        expect(isAnswer(parsed)).toBe(true);
        if (parsed.ok) compile(parsed.policy, "key");
      }),
      { runs: RUNS },
    );
  });

  test("JSON a million levels deep, as text and as a policy's field", () => {
    for (const text of [
      "[".repeat(1e6) + "]".repeat(1e6),
      `{"strategy":"weighted","variants":${"[".repeat(1e5)}${"]".repeat(1e5)}}`,
      `${'{"strategy":"path-map","paths":{"/a":'.repeat(1e4)}1${"}}".repeat(1e4)}`,
    ]) {
      expect(isAnswer(parse(text, OPTIONS))).toBe(true);
      expect(parse(text, OPTIONS).ok).toBe(false);
    }
  });
});

describe("every valid policy", () => {
  test("survives a round trip through its text, and again", () => {
    check(
      fc.property(policies(), (policy) => {
        const once = parse(JSON.stringify(policy), OPTIONS);
        expect(once).toEqual({ ok: true, policy });
        if (!once.ok) return;
        expect(parse(JSON.stringify(once.policy), OPTIONS)).toEqual(once);
      }),
      { runs: RUNS },
    );
  });
});

/** Objects whose keys are names of the writer's choice: prefixes, headers, cookies, query parameters. */
const isFree = (way: readonly Step[]): boolean => {
  const last = way.at(-1);
  const parent = way.at(-2);
  return (
    last === "paths" ||
    ((last === "set" || last === "add") && (parent === "request" || parent === "response")) ||
    (parent === "match" && (last === "header" || last === "query" || last === "cookie"))
  );
};

describe("unknown fields", () => {
  test("are caught at any depth, by their path, whatever else is there", () => {
    const unknown = fc.stringMatching(/^zz[a-z_]{0,10}$/);
    const strange = policies()
      .map((policy) => {
        const closed = waysInto(policy).filter((way) => isObject(at(policy, way)) && !isFree(way));
        return { policy, closed };
      })
      .filter(({ closed }) => closed.length > 0)
      .chain(({ policy, closed }) =>
        fc.record({
          policy: fc.constant(policy),
          way: oneOf(closed),
          field: unknown,
          value: likeAPolicy,
        }),
      );
    check(
      fc.property(fc.noShrink(strange), ({ policy, way, field, value }) => {
        const parent = at(policy, way) as Json;
        const parsed = parseValue(replaced(policy, way, { ...parent, [field]: value }), OPTIONS);
        const path = [...way, field].reduce<string>(join, "$");
        expect(parsed.ok ? [] : parsed.issues.map((issue) => issue.path)).toContain(path);
        const issue = parsed.ok ? undefined : parsed.issues.find((one) => one.path === path);
        expect(issue?.message).toContain(`"${field}" is not a field`);
      }),
      { runs: RUNS },
    );
  });
});
