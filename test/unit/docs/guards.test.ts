import { expect, test } from "vitest";

import { actsOf } from "../../../src/cli/guard/forecast.ts";
import { lasting } from "../../../src/cli/guard/render.ts";
import { triedSplit } from "../../../src/cli/guard/split.ts";
import { parse } from "../../../src/policy/parse.ts";
import { blocksOf, page, tableOf } from "./markdown.ts";

const guards = page("docs/guards.md");

/** One visitor of 200 meets a failure whatever serves them. */
const BASELINE = 0.005;

/** Some simulations, each of hundreds of roll-outs. */
const LONG_MS = 60_000;

test(
  "how soon the first guard acts is what simulation says",
  () => {
    const [first] = blocksOf(guards, "json policy");
    const parsed = parse(first?.text ?? "", { allowPrivateOrigins: false });
    if (!parsed.ok) throw new Error("the page begins with a policy");
    const split = triedSplit({ key: "shop.example.com", policy: parsed.policy }, undefined, 0);
    const { header, rows } = tableOf(guards, "new visitors a minute");
    const failures = header.slice(1).map((cell) => Number(/\d+/.exec(cell)?.[0]) / 100);
    expect(failures).toEqual([0.02, 0.05, 0.2, 1]);
    const told = rows.map(([rate]) => [
      rate,
      ...failures.map((share) => {
        const acts = actsOf({
          split,
          visitorsPerMinute: Number(rate),
          baseline: BASELINE,
          failures: share,
          variant: "canary",
        });
        return `${lasting(acts.median)}, ${lasting(acts.p99)}`;
      }),
    ]);
    expect(told).toEqual(rows);
  },
  LONG_MS,
);

test("what the page says of visitors and windows is what a policy without them has", () => {
  const split = triedSplit(
    {
      key: "shop.example.com",
      policy: {
        strategy: "canary",
        stable: "https://v1.example.com",
        canary: "https://v2.example.com",
        percent: 5,
        guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
      },
    },
    undefined,
    0,
  );
  expect(guards.text).toContain(`\`minVisitors\` (${split.guard.minVisitors})`);
  expect(guards.text).toContain(`\`windowSeconds\` long (${split.guard.windowMs / 1000})`);
});
