import { expect, test } from "vitest";
import { explain, summarize } from "../../../src/decide/explain.ts";
import { bucket, SEED } from "../../../src/lib/hash.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { single } from "../policy/judge.ts";

const NOBODY = { visitor: undefined, now: 0 };

const at = (name: string) => `https://${name}.example.com`;
const policy = ready(
  single({
    salt: "s",
    sticky: { by: [{ header: "x-visitor" }] },
    mirror: [0, 25, 50, 100].map((percent) => ({ origin: at(`m${percent}`), percent })),
  }),
);

test("of several mirrors each is compared with one draw, and an explanation names who gets a copy", () => {
  const seen = new Set<number>();
  for (let n = 0; n < 100; n += 1) {
    const visitor = `visitor-${n}`;
    const facts = factsFrom({ headers: { "x-visitor": visitor } });
    const { outcome, steps } = explain(policy, facts);
    const place = bucket(SEED.mirror, "s", visitor) * 100;
    const expected = [25, 50, 100].filter((percent) => place < percent);
    seen.add(expected.length);
    expect(steps.filter(({ step }) => step === "mirror").map((one) => one.outcome)).toEqual(
      expected.map((percent) => `a copy goes to ${at(`m${percent}`)}`),
    );
    expect(summarize(outcome, NOBODY)?.mirrored).toBe(true);
  }
  expect([...seen].toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
});
