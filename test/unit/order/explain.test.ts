import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decide } from "../../../src/decide/decide.ts";
import { explain } from "../../../src/decide/explain.ts";
import type { Step } from "../../../src/decide/steps.ts";
import type { Reason } from "../../../src/policy/reason.ts";
import { compile } from "../../../src/policy/compile.ts";
import { factsFrom, scenes } from "../../property/arbitraries/facts.ts";
import { policies } from "../../property/arbitraries/policies.ts";
import { compiled, factsOf } from "../../property/time/scene.ts";
import { check } from "../../support/property.ts";
import { ORDER, SUBJECTS, arrange, type Field, type State } from "./layers.ts";

/** What takes a second may take many on a machine with other work. */
const BUSY_MS = 30_000;

/** Under which step a decision with this reason ends. */
const LAST_STEP: Readonly<Record<Reason, readonly string[]>> = {
  forced: ["force"],
  bot: ["bots"],
  "no-consent": ["consent"],
  override: ["override"],
  rule: ["rules"],
  "not-covered": ["coverage", "group"],
  pinned: ["pin"],
  split: ["strategy"],
  ramp: ["strategy"],
  "lease-expired": ["strategy"],
  active: ["strategy"],
  draining: ["drain"],
  only: ["strategy"],
};

/** What a summary says, and the step that comes last, where no variant serves. */
const WORD = {
  forward: "",
  refuse: "path-not-mapped",
  redirect: "redirected",
  respond: "answered",
  preflight: "preflight",
};
const LAST = {
  forward: [],
  refuse: ["path-map"],
  redirect: ["redirect"],
  respond: ["respond"],
  preflight: ["cors"],
};

const names = (steps: readonly Step[]): string[] => steps.map(({ step }) => step);

describe("explain", () => {
  it("decides what decide decides, on any policy and any request", { timeout: BUSY_MS }, () => {
    const seen = new Set<string>();
    check(
      fc.property(policies(), scenes, (policy, scene) => {
        const ready = compile(policy, "shop");
        const told = explain(ready, factsFrom(scene));
        expect(told.outcome).toEqual(decide(ready, factsFrom(scene)));
        const decision = told.outcome.do === "forward" ? told.outcome : undefined;
        const word = WORD[told.outcome.do];
        seen.add(decision?.reason ?? word);
        expect(told.summary).toContain(decision?.reason ?? word);
        expect(told.summary).toContain(decision?.variant.name ?? word);
        // Copies go out beside what was decided, and are told after it.
        const last = told.steps.findLast(({ step }) => step !== "mirror")?.step;
        const expected =
          decision === undefined ? LAST[told.outcome.do] : LAST_STEP[decision.reason];
        expect(expected).toContain(last);
        for (const { outcome } of told.steps) expect(outcome).not.toBe("");
      }),
      { runs: 400 },
    );
    expect(seen.size).toBeGreaterThan(8);
  });

  it.each(SUBJECTS)(
    "names each step that $name passes, in order, and none after the last",
    (subject) => {
      // The kill switch has no way of not applying, and an override that is not carried is not a step.
      const named = ORDER.filter((field) => subject.outcomes[field] !== undefined);
      for (const [index, last] of named.entries()) {
        const states: Partial<Record<Field, State>> = {};
        for (const field of named) states[field] = "passing";
        states[last] = "deciding";
        const { policy, facts } = arrange(subject, states);
        const passed = named
          .slice(0, index)
          .filter((field) => field !== "force" && field !== "override");
        expect(names(explain(policy, facts).steps)).toEqual([...passed, last]);
      }
    },
  );

  it("says why in words, step by step", () => {
    const policy = compiled({
      strategy: "path-map",
      rules: [{ name: "german", match: { country: "DE" }, policy: "https://de.example.com" }],
      paths: {
        "/store": {
          strategy: "canary",
          stable: "https://stable.example.com",
          canary: "https://canary.example.com",
          percent: 0,
          bots: "stable",
          consent: { cookie: "agreed" },
          rules: [{ match: { query: { beta: true } }, variant: "canary" }],
          coverage: 100,
        },
      },
    });
    const told = explain(
      policy,
      factsOf({
        path: "/store/cart",
        cookies: { agreed: ["1"] },
        override: { ok: false, fault: "expired" },
      }),
    );
    expect(told.steps).toEqual([
      { step: "rules", outcome: "none of 1 matches" },
      { step: "path-map", outcome: '"/store" leads on' },
      { step: "bots", outcome: "no declared crawler" },
      { step: "consent", outcome: "given" },
      { step: "override", outcome: "ignored: expired" },
      { step: "rules", outcome: "none of 1 matches" },
      { step: "strategy", outcome: 'canary chooses "stable"' },
    ]);
    expect(told.summary).toBe(
      "stable (split; override=expired): the visitor's hash falls to this variant",
    );
  });

  it("tells where no prefix matches", () => {
    const policy = compiled({ strategy: "path-map", paths: { "/a": "https://a.example.com" } });
    const told = explain(policy, factsOf({ path: "/b" }));
    expect(told.outcome).toEqual({ do: "refuse", problem: "path-not-mapped" });
    expect(names(told.steps)).toEqual(["path-map"]);
    expect(told.summary).toMatch(/^path-not-mapped/);
  });
});
