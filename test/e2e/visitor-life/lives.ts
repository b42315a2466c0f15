import * as fc from "fast-check";

import { comes, consents, forgets, operator, type Step } from "./steps.ts";
import { FAULTS } from "./visits.ts";

/** Steps of one life, at most. */
const MAX_STEPS = 40;

const colours = fc.constantFrom("blue" as const, "green" as const);
const weights = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(3))
  .filter((all) => all.some((weight) => weight > 0));

const splits = fc.oneof(
  weights.map(operator.weights),
  fc
    .tuple(fc.constantFrom(0, 30, 60, 100), fc.boolean(), fc.constantFrom(false, false, true))
    .map(([percent, onRamp, lapsed]) => operator.canary(percent, onRamp, lapsed)),
  colours.map(operator.allTo),
  fc
    .tuple(colours, colours, fc.constantFrom(0, 600))
    .map(([from, to, drainSeconds]) => operator.plan(from, to, drainSeconds)),
  fc.constantFrom(operator.cutOver(), operator.endDrain(), operator.promote()),
);

const fields = fc.oneof(
  fc.nat(2).map(operator.epoch),
  fc
    .tuple(fc.boolean(), fc.constantFrom("keep" as const, "evict" as const))
    .map(([pins, onZero]) => operator.sticky(pins, onZero)),
  fc.boolean().map(operator.consent),
  fc.constantFrom(100, 100, 50, 0).map(operator.coverage),
  fc.constantFrom(undefined, undefined, 0, 1).map(operator.force),
  fc.boolean().map(operator.beta),
  fc.boolean().map(operator.bots),
);

/** All that can happen to a route with this many visitors, in any order. */
export function lives(visitors: number): fc.Arbitrary<Iterable<Step>> {
  const visitor = fc.nat({ max: visitors - 1 });
  const plainVisits = fc.record({ visitor });
  const anyVisits = fc.record(
    {
      visitor,
      link: fc.record(
        { variant: fc.nat(2), fault: fc.constantFrom(undefined, undefined, ...FAULTS) },
        { requiredKeys: ["variant"] },
      ),
      isBot: fc.boolean(),
      isBeta: fc.boolean(),
    },
    { requiredKeys: ["visitor"] },
  );
  const visits = fc.oneof(plainVisits, anyVisits).map(comes);
  const own = fc.oneof(
    fc.tuple(visitor, fc.boolean()).map(([who, given]) => consents(who, given)),
    visitor.map(forgets),
  );
  return fc.commands([visits, visits, visits, splits, fields, own], {
    maxCommands: MAX_STEPS,
    size: "max",
  });
}
