import { describe, expect, test } from "vitest";
import { allocationOf } from "../../../src/decide/allocation.ts";
import { NOW } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";

const A = "https://a.example";
const B = "https://b.example";
const MINUTE_MS = 60_000;

const splitOf = (policy: object) => {
  const [split] = ready(policy).splits;
  if (split === undefined) throw new Error("the policy has a split");
  return split;
};

const of = (policy: object, now = NOW) => allocationOf(splitOf(policy), now);

const weighted = (weights: Record<string, number>, fields: object = {}) => ({
  strategy: "weighted",
  variants: Object.entries(weights).map(([name, weight]) => ({ name, origin: A, weight })),
  ...fields,
});

const canary = (fields: object) => ({ strategy: "canary", stable: A, canary: B, ...fields });

describe("an allocation", () => {
  test("names the shares of a weighted split", () => {
    const { label, shares } = of(weighted({ control: 90, treatment: 10 }));
    expect(label).toBe("90/10");
    expect(shares).toEqual({ control: 0.9, treatment: 0.1 });
  });

  test("rounds what people read, and no more", () => {
    const { label, shares } = of(weighted({ a: 1, b: 2 }));
    expect(label).toBe("33.333/66.667");
    expect(shares["a"]).toBe(1 / 3);
  });

  test("is the same one again when shares come back, in whatever order variants stand", () => {
    const first = of(weighted({ a: 1, b: 3 }));
    expect(of(weighted({ a: 25, b: 75 })).id).toBe(first.id);
    expect(of(weighted({ b: 3, a: 1 })).id).toBe(first.id);
    expect(of(weighted({ a: 3, b: 1 })).id).not.toBe(first.id);
  });

  test.each([
    ["a weight", weighted({ a: 1, b: 2 })],
    ["a salt", weighted({ a: 1, b: 1 }, { salt: "other" })],
    ["an epoch", weighted({ a: 1, b: 1 }, { epoch: 2 })],
    ["coverage", weighted({ a: 1, b: 1 }, { coverage: 50 })],
    ["a group", weighted({ a: 1, b: 1 }, { group: { name: "prices", from: 0, to: 50 } })],
    ["force", weighted({ a: 1, b: 1 }, { force: "b" })],
  ])("is another one with %s", (_what, policy) => {
    expect(of(policy).id).not.toBe(of(weighted({ a: 1, b: 1 })).id);
  });

  test("says what else than the shares makes it", () => {
    const fields = { coverage: 50, group: { name: "prices", from: 0, to: 50 }, epoch: 2 };
    expect(of(weighted({ a: 1, b: 1 }, fields)).label).toBe("50/50 of 50 % in 0–50 of prices @2");
    expect(of(weighted({ a: 1, b: 1 }, { force: "b" })).label).toBe("0/100 forced");
  });

  test("changes with each step of a ramp, and with the end of a lease", () => {
    const start = new Date(NOW).toISOString();
    const until = new Date(NOW + 3 * MINUTE_MS).toISOString();
    const policy = canary({
      ramp: { startAt: start, steps: [{ percent: 1, holdSeconds: 60 }, { percent: 10 }] },
      lease: { until },
    });
    const labels = [-1, 0, MINUTE_MS, 3 * MINUTE_MS].map((ms) => of(policy, NOW + ms).label);
    expect(labels).toEqual(["100/0", "99/1", "90/10", "100/0"]);
    expect(of(policy, NOW - 1).id).toBe(of(policy, NOW + 3 * MINUTE_MS).id);
  });

  test("of blue-green is the active colour's", () => {
    const at = new Date(NOW).toISOString();
    const policy = {
      strategy: "blue-green",
      blue: A,
      green: B,
      active: "blue",
      next: { active: "green", at },
    };
    expect(of(policy, NOW - 1).shares).toEqual({ blue: 1, green: 0 });
    expect(of(policy, NOW).shares).toEqual({ blue: 0, green: 1 });
  });
});
