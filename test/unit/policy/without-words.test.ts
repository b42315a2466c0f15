import { beforeAll, describe, expect, test, vi } from "vitest";

import { parseValue, type Parsed } from "../../../src/policy/parse.ts";
import { afresh } from "../../support/afresh.ts";
import { HOSTILE } from "../../support/hostile-policies.ts";
import { makeFacts } from "../../bench/facts.ts";
import { COMMON } from "./common-fields.ts";
import { blueGreen, canary, pathMap, redirect, respond, single, weighted } from "./judge.ts";
import { OWN } from "./own-fields.ts";

const OPTIONS = { allowPrivateOrigins: false };

const load = async () => {
  const [{ parseValue: parse }, { compile }, { decide }, { traceInto }] = await Promise.all([
    import("../../../src/policy/parse.ts"),
    import("../../../src/policy/compile.ts"),
    import("../../../src/decide/decide.ts"),
    import("../../../src/decide/steps.ts"),
  ]);
  return { parse, compile, decide, traceInto };
};

/** What the gateway's build is made of: the same sources, told to leave their words out. */
let bare: Awaited<ReturnType<typeof load>>;

/** Runs something as that build would. */
function withoutWords<T>(run: () => T): T {
  vi.stubGlobal("WITHOUT_WORDS", true);
  try {
    return run();
  } finally {
    vi.unstubAllGlobals();
  }
}

beforeAll(async () => {
  vi.stubGlobal("WITHOUT_WORDS", true);
  bare = await afresh(load);
  vi.unstubAllGlobals();
});

/** Whether a value is a policy, and where it is wrong. */
const verdict = (parsed: Parsed) =>
  parsed.ok ? "a policy" : [...new Set(parsed.issues.map(({ path }) => path))];

const cases: readonly (readonly [string, unknown])[] = [
  ...Object.entries(HOSTILE).map(([name, make]) => [name, make(5)] as const),
  ...Object.entries(COMMON).flatMap(([name, [good, bad]]) =>
    [...good, ...bad.map(([value]) => value)].map(
      (value) => [name, single({ [name]: value })] as const,
    ),
  ),
  ...Object.entries(OWN).flatMap(([name, [build, good, bad]]) =>
    [...good, ...bad.map(([value]) => value)].map((value) => [name, build(value)] as const),
  ),
];

describe("a build without words", () => {
  test.each(cases)("judges alike: %s", (_, value) => {
    const told = verdict(parseValue(value, OPTIONS));
    expect(withoutWords(() => verdict(bare.parse(value, OPTIONS)))).toEqual(told);
  });

  test("has no words of its own for what is wrong", () => {
    const parsed = withoutWords(() => bare.parse(single({ timeoutMs: -1, rulez: [] }), OPTIONS));
    const issues = parsed.ok ? [] : parsed.issues;
    expect(issues.map(({ fix }) => fix)).toEqual(Array(2).fill("sy validate says what to write"));
  });

  const rules = [{ match: { path: "/products/*" }, variant: "canary" }];
  test.each([
    ["single", single()],
    ["weighted", weighted({ coverage: 50 })],
    ["canary", canary({ percent: 50, sticky: { mode: "pin" } })],
    ["rules", canary({ percent: 5, rules })],
    ["blue-green", blueGreen()],
    ["path-map", pathMap({ paths: { "/products": canary() } })],
    ["redirect", redirect()],
    ["respond", respond()],
  ])("decides alike, and tells nobody how: %s", (_, policy) => {
    const facts = makeFacts([]);
    const outcomes = [undefined, true].map((stubbed) => {
      const steps: { step: string; outcome: string }[] = [];
      const run = () => {
        const parsed = bare.parse(policy, OPTIONS);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
        return bare.decide(
          bare.compile(parsed.policy, "key"),
          facts,
          bare.traceInto(steps, facts.now),
        );
      };
      const outcome = stubbed ? withoutWords(run) : run();
      expect(steps.length > 0).toBe(stubbed === undefined && outcome.do !== "preflight");
      return JSON.stringify(outcome);
    });
    expect(outcomes[1]).toBe(outcomes[0]);
  });
});
