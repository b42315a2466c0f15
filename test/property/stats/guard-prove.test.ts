import { describe, expect, test } from "vitest";
import { machines, oneVisitor } from "../../prove/guard/alone.ts";
import { dropInError, dropped } from "../../prove/guard/checkout.ts";
import { atHalf, HEALTHY, inError, keeps, MAX_ERROR, WINDOWS } from "../../prove/guard/error.ts";
import { CANARIES, found } from "../../prove/guard/found.ts";
import { CONTROLS, slowDays, slowed } from "../../prove/guard/slow.ts";
import { runs, seed } from "../../support/property.ts";
import { ALPHA } from "../../support/statistics.ts";

/** Roll-outs of each line; `npm run prove` takes 10 000. */
const FEW = 60;

describe(`acted in error: at most ${MAX_ERROR} (seed ${seed()}, alpha ${ALPHA})`, () => {
  test.each(HEALTHY)("$name", (one) => {
    const proof = inError(one, runs(FEW), seed());
    expect(keeps(proof)).toBe(true);
    // The same test of requests acts on every other one.
    expect(keeps({ ...proof, acted: proof.byRequest ?? 0 })).toBe(proof.byRequest === undefined);
  });

  test.each(WINDOWS)("half of the limit, %i visitors a window", (visitors) => {
    expect(keeps(atHalf(visitors, runs(FEW), seed()))).toBe(true);
  });

  test("goals that are as they were, or less by what is allowed", () => {
    for (const lost of [0, 0.05]) expect(keeps(dropInError(lost, runs(FEW), seed()))).toBe(true);
    expect(keeps(dropInError(1, runs(FEW), seed()))).toBe(false);
  });

  test("slow-downs of both variants", () => {
    expect(keeps(slowDays(runs(10), seed()))).toBe(true);
  });

  test("one visitor, and one machine", () => {
    expect(oneVisitor().acted).toBe(0);
    expect(machines(1, 1000).acted).toBe(0);
    expect(machines(9, 1000).acted).toBe(0);
    expect(machines(10, 1000).acted).toBeGreaterThan(900);
  });
});

describe("found", () => {
  test.each(CANARIES)("$name", (scene) => {
    const { guard } = found(scene, runs(20), seed()).rules;
    const isBad = scene.failing > scene.control;
    // One of a hundred healthy ones may be acted on: more than four of twenty are with a chance below 1e-6.
    expect(guard.never).toBeGreaterThanOrEqual(isBad ? 0 : 0.8);
    expect(guard.never).toBeLessThanOrEqual(isBad ? 0 : 1);
    // Ten visitors of the canary are to fail, of some two and a half a report.
    expect(guard.median ?? Infinity).toBeGreaterThan(10);
  });

  test("a checkout that is broken", () => {
    expect(dropped(1, runs(10), seed()).p99).toBeLessThan(10_000);
  });

  test.each(CONTROLS)("half as slow again as %i ms at p95", (p95) => {
    expect(slowed(p95, 1.5, runs(10), seed()).never).toBe(0);
    expect(slowed(p95, 1, runs(5), seed()).never).toBe(1);
  });
});
