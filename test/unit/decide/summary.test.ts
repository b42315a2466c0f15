import { describe, expect, test } from "vitest";

import { explain, summarize } from "../../../src/decide/explain.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { ORIGIN, canary, single } from "../policy/judge.ts";

const told = (policy: unknown, now = 0, facts: Parameters<typeof factsFrom>[0] = {}) =>
  summarize(explain(ready(policy), factsFrom({ ...facts, now })).outcome, {
    visitor: undefined,
    now,
  });

describe("an explanation names the split that was decided", () => {
  test("by its salt or by its own name, with the shares as people read them", () => {
    expect(told(canary({ percent: 10, salt: "s" }))).toMatchObject({
      experiment: "s",
      allocation: "90/10",
    });
    const policy = canary({ percent: 10, experiment: "checkout", coverage: 50 });
    expect(told(policy)).toMatchObject({ experiment: "checkout", allocation: "90/10 of 50 %" });
    expect(told(canary({ percent: 10, force: "canary" }))).toMatchObject({
      allocation: "0/100 forced",
    });
  });

  test("and by the shares at the time of the request", () => {
    const ramp = {
      startAt: "2026-12-01T09:00:00Z",
      steps: [{ percent: 10, holdSeconds: 60 }, { percent: 100 }],
    };
    const at = Date.parse(ramp.startAt);
    const policy = canary({ ramp });
    const labels = [at, at + 60_000].map((now) => told(policy, now)?.allocation);
    expect(labels).toEqual(["90/10", "0/100"]);
  });

  test("but none where one variant is all there is", () => {
    for (const policy of [single(), ORIGIN]) {
      expect(told(policy)).not.toHaveProperty("experiment");
      expect(told(policy)).not.toHaveProperty("allocation");
    }
  });
});
