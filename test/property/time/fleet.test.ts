import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import { check } from "../../support/property.ts";
import { ARRIVAL_MS, agree, askAll, type Edit, type Machine } from "./fleet.ts";
import { EPOCH_MS, canaryOn, rampArbitrary, schedule } from "./ramps.ts";
import { compiled, cookieOf, factsOf, iso, visitorId } from "./scene.ts";

/** When the edit is published; what it plans lies a minute or more ahead. */
const PUBLISHED = EPOCH_MS;

interface Plan extends Edit {
  readonly name: string;
  /** The instants at which some visitor's variant may change. */
  readonly edges: readonly number[];
}

const colours = (next?: unknown): CompiledPolicy =>
  compiled({
    strategy: "blue-green",
    blue: "https://blue.example.com",
    green: "https://green.example.com",
    active: "blue",
    ...(next === undefined ? {} : { next }),
  });

const cutOver = fc
  .record({ ahead: fc.integer({ min: ARRIVAL_MS, max: 600_000 }), drain: fc.nat({ max: 900 }) })
  .map(({ ahead, drain }): Plan => {
    const at = PUBLISHED + ahead;
    return {
      name: "cut-over",
      publishedMs: PUBLISHED,
      before: colours(),
      after: colours({ active: "green", at: iso(at), drainSeconds: drain }),
      edges: [at, at + drain * 1000],
    };
  });

const idle = compiled({
  strategy: "canary",
  stable: "https://stable.example.com",
  canary: "https://canary.example.com",
  percent: 0,
});

const ramped = fc
  .tuple(
    rampArbitrary,
    fc.integer({ min: ARRIVAL_MS, max: 600_000 }),
    fc.option(fc.nat(20_000_000)),
  )
  .map(([{ steps }, ahead, leased]): Plan => {
    const ramp = { startMs: PUBLISHED + ahead, steps };
    const until = leased === null ? undefined : ramp.startMs + leased;
    const lease = until === undefined ? {} : { lease: { until: iso(until) } };
    return {
      name: "ramp",
      publishedMs: PUBLISHED,
      before: idle,
      after: compiled(canaryOn(ramp, null, lease)),
      edges: [
        ...schedule(ramp).map(({ fromMs }) => fromMs),
        ...(until === undefined ? [] : [until]),
      ],
    };
  });

const planArbitrary = fc.oneof(cutOver, ramped);

/** Machines the edit reaches at once, a minute late, or in between; with clocks off by `spread` at most. */
const fleetArbitrary = (spread: number) =>
  fc
    .array(
      fc.record({
        arrivalMs: fc.oneof(fc.constantFrom(0, ARRIVAL_MS), fc.nat({ max: ARRIVAL_MS })),
        skewMs: fc.nat({ max: spread }),
      }),
      { minLength: 2, maxLength: 5 },
    )
    .map((machines): Machine[] => machines);

/** A visitor who was seen at some time around the edit, or never. */
const visitorArbitrary = fc.record({
  number: fc.nat({ max: 100_000 }),
  seenAt: fc.option(fc.integer({ min: PUBLISHED - 100_000, max: PUBLISHED + 700_000 })),
});

const requestOf =
  ({ number, seenAt }: { readonly number: number; readonly seenAt: number | null }) =>
  (clock: number) =>
    factsOf({
      now: clock,
      draw: visitorId(number),
      cookies: seenAt === null ? {} : cookieOf({ id: visitorId(number), seenAt, sentAt: seenAt }),
    });

/** Instants that matter, and any others. */
const instantsOf = (plan: Plan, others: readonly number[]): number[] => [
  ...others.map((offset) => PUBLISHED + offset),
  ...plan.edges.flatMap((edge) => [edge - 1, edge, edge + 1]),
];

const offsetsArbitrary = fc.array(fc.integer({ min: -100_000, max: 15_000_000 }), {
  minLength: 5,
  maxLength: 20,
});

describe("a fleet with one clock", () => {
  it("agrees on every visitor at every instant, the minute in which the edit arrives included", () => {
    let moved = 0;
    check(
      fc.property(
        planArbitrary,
        fleetArbitrary(0),
        visitorArbitrary,
        offsetsArbitrary,
        (plan, machines, visitor, offsets) => {
          const served = instantsOf(plan, offsets).map((at) => {
            const answers = askAll(machines, plan, at, requestOf(visitor));
            expect(agree(answers)).toBe(true);
            return answers[0]?.variant.name;
          });
          if (new Set(served).size > 1) moved += 1;
        },
      ),
      { runs: 500 },
    );
    // The visitors of a fleet that never changes anything would agree too.
    expect(moved).toBeGreaterThan(100);
  });

  it("agrees again once an edit without a time has arrived everywhere, and only then", () => {
    let disagreed = 0;
    check(
      fc.property(fleetArbitrary(0), visitorArbitrary, (machines, visitor) => {
        const edit = {
          publishedMs: PUBLISHED,
          before: colours(),
          after: compiled({
            strategy: "blue-green",
            blue: "https://blue.example.com",
            green: "https://green.example.com",
            active: "green",
          }),
        };
        const arrived = PUBLISHED + Math.max(...machines.map(({ arrivalMs }) => arrivalMs));
        expect(agree(askAll(machines, edit, arrived, requestOf(visitor)))).toBe(true);
        expect(agree(askAll(machines, edit, PUBLISHED - 1, requestOf(visitor)))).toBe(true);
        if (!agree(askAll(machines, edit, arrived - 1, requestOf(visitor)))) disagreed += 1;
      }),
    );
    // This is what `next` is for; were it not so, the simulation would prove nothing.
    expect(disagreed).toBeGreaterThan(50);
  });
});

describe("a fleet whose clocks are off by s", () => {
  it("disagrees, once the edit has arrived everywhere, only while an edge lies between its clocks", () => {
    let disagreed = 0;
    check(
      fc.property(
        planArbitrary,
        fleetArbitrary(5000),
        visitorArbitrary,
        fc.array(fc.integer({ min: -6000, max: 6000 }), { minLength: 20, maxLength: 20 }),
        (plan, machines, visitor, offsets) => {
          const skews = machines.map(({ skewMs }) => skewMs);
          const ahead = Math.max(...skews);
          const behind = Math.min(...skews);
          const arrived = PUBLISHED + Math.max(...machines.map(({ arrivalMs }) => arrivalMs));
          for (const edge of plan.edges) {
            const instants = [
              ...offsets.map((offset) => edge + offset),
              edge - ahead - 1,
              edge - behind,
            ];
            for (const at of instants.filter((one) => one >= arrived)) {
              if (agree(askAll(machines, plan, at, requestOf(visitor)))) continue;
              disagreed += 1;
              const between = plan.edges.some((one) => one > at + behind && one <= at + ahead);
              expect({ between, at }).toEqual({ between: true, at });
            }
          }
        },
      ),
      { runs: 500 },
    );
    expect(disagreed).toBeGreaterThan(100);
  });

  it("disagrees for s at most at each edge, counted millisecond by millisecond", () => {
    const spread = 40;
    let longest = 0;
    check(
      fc.property(
        planArbitrary.filter(({ edges }) =>
          edges.every((one) =>
            edges.every((other) => one === other || Math.abs(one - other) > 4 * spread),
          ),
        ),
        fleetArbitrary(spread),
        visitorArbitrary,
        (plan, machines, visitor) => {
          const arrived = machines.map((machine) => ({ ...machine, arrivalMs: 0 }));
          const skews = machines.map(({ skewMs }) => skewMs);
          const s = Math.max(...skews) - Math.min(...skews);
          for (const edge of plan.edges) {
            let lasted = 0;
            for (let at = edge - 2 * spread; at <= edge + 2 * spread; at += 1) {
              if (!agree(askAll(arrived, plan, at, requestOf(visitor)))) lasted += 1;
            }
            expect(lasted).toBeLessThanOrEqual(s);
            longest = Math.max(longest, lasted);
          }
        },
      ),
    );
    expect(longest).toBeGreaterThan(0);
  });
});
