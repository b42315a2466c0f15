import { expect, test } from "vitest";

import { allocationOf } from "../../../../src/decide/allocation.ts";
import { Tally } from "../../../../src/gateway/load/tally.ts";
import { MAX_REPORT_CHARS } from "../../../../src/report/wire.ts";
import { NOW } from "../../../property/arbitraries/facts.ts";
import { ready } from "../../../property/population.ts";

const NAMES = Array.from({ length: 10 }, (_, index) => `variant-${index}`);

const [NODE] = ready({
  strategy: "weighted",
  variants: NAMES.map((name) => ({ name, origin: "https://a.example", weight: 1 })),
}).splits;

test("routes whose counts do not all fit into a report have their turn one after another", () => {
  if (NODE === undefined) throw new Error("the policy has a split");
  const allocation = allocationOf(NODE, NOW);
  const tally = new Tally({ rows: 0, goals: 0, visitors: 0, watched: 0 });
  const keys = Array.from({ length: 100 }, (_, index) => `s${index}.example.com`);
  const told = new Set<string>();
  const sizes: number[] = [];
  for (let report = 0; report < 5; report += 1) {
    for (const key of keys)
      for (const name of NAMES)
        tally.apart(key)?.split(NODE, allocation)?.count(1, name, {
          reason: "split",
          counted: true,
          status: 200,
          ms: 5,
          failure: undefined,
          isRescued: false,
        });
    const routes = tally.take(() => ({ version: 1, digest: "1" }));
    expect(JSON.stringify(routes).length).toBeLessThanOrEqual(MAX_REPORT_CHARS);
    expect(routes.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    const whole = routes.filter(({ splits = [] }) => splits.length > 0);
    sizes.push(whole.length);
    for (const { key } of whole) told.add(key);
  }
  expect(Math.max(...sizes)).toBeLessThan(keys.length / 2);
  expect(told.size).toBe(keys.length);
});
