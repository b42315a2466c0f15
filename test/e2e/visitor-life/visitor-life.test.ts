import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { REASONS } from "../../../src/policy/reason.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { check, runs } from "../../support/property.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { lives } from "./lives.ts";
import { STRANGER } from "./oracle.ts";
import { START } from "./policy.ts";
import { comes, consents, forgets, operator, type Step } from "./steps.ts";
import { FAULTS, type Model } from "./visits.ts";
import { SECRET, World } from "./world.ts";

const VISITORS = 3;

/** Lives of an ordinary run, which meet the same code as ever more of them; `npm run fuzz` leads fifty times as many. */
const LIVES = 12;

/** A life on a busy machine (ms). */
const LIFE_MS = 15_000;

let origin: Origin;
let gateway: BareGateway;
let routes = 0;

beforeAll(async () => {
  origin = await startOrigin("shop");
  gateway = await startBare({
    policies: {},
    vars: { MEMORY_TTL_SECONDS: "0" },
    secrets: { OVERRIDE_SECRET: SECRET, VISITOR_KEY: "000102030405060708090a0b0c0d0e0f" },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

/** A route of its own for each life, so that none starts with another's policy in memory. */
async function begin(met: Set<string>): Promise<{ model: Model; real: World }> {
  routes += 1;
  const real = new World(`life${routes}`, gateway, origin, VISITORS);
  await real.operate(START);
  const people = Array.from({ length: VISITORS }, () => STRANGER);
  return { model: { policy: START, people, met }, real };
}

/** The visitor comes once plainly. */
const ada: Step = comes({ visitor: 0 });
const ben: Step = comes({ visitor: 1 });
const cleo: Step = comes({ visitor: 2 });

test("model and Worker agree on a life told from beginning to end, through every reason", async () => {
  const life: readonly Step[][] = [
    [ada, ada, ben, operator.weights([9, 1, 0]), ada, ben, operator.weights([0, 0, 1]), ada],
    [operator.weights([1, 1, 1]), operator.epoch(0), ada, ben, cleo, operator.epoch(1), ada, ben],
    // Pins outlive weights, but neither an epoch nor, where the policy says so, a weight of 0.
    [operator.sticky(true), ada, ben, operator.weights([0, 0, 1]), ada, ben, cleo],
    [operator.sticky(true, "evict"), ada, ada, operator.epoch(2), ada],
    // Each epoch has pins of its own, and the newer ones leave the older alone.
    [operator.sticky(true), operator.weights([0, 1, 0]), operator.epoch(3), ada],
    [
      operator.epoch(4),
      ada,
      operator.weights([1, 0, 0]),
      operator.epoch(3),
      ada,
      operator.sticky(false),
    ],
    // A tester's session stays through the pages, beside a life of their own.
    [comes({ visitor: 0, link: { variant: 0 } }), ada, ada, ben],
    FAULTS.map((fault) => comes({ visitor: 1, link: { variant: 0, fault } })),
    [operator.canary(30, false, false), ada, ben, operator.canary(60, true, false), ben, cleo],
    [operator.canary(60, true, true), ben, cleo, forgets(0), ada],
    // Who is here before the cut-over stays until the drain ends; who comes after it does not.
    [operator.plan("blue", "green", 600), ada, ben, forgets(2), operator.cutOver(), ada, ben, cleo],
    [
      operator.consent(true),
      ada,
      operator.consent(false),
      operator.coverage(0),
      ben,
      operator.coverage(100),
    ],
    [operator.endDrain(), ada, ben, cleo, operator.promote(), ada],
    [operator.weights([1, 1, 1]), operator.consent(true), ada, consents(0, true), ada, ben],
    [consents(0, false), ada, operator.consent(false), operator.coverage(0), ada],
    [operator.coverage(50), ada, ben, cleo, operator.coverage(100)],
    [operator.beta(true), comes({ visitor: 0, isBeta: true }), ada],
    [operator.bots(true), comes({ visitor: 2, isBot: true, isBeta: true }), cleo],
    [operator.force(1), ada, ben, cleo, operator.force(undefined), ada, ben, cleo],
  ];
  const met = new Set<string>();
  const { model, real } = await begin(met);
  for (const step of life.flat()) {
    expect(step.check(model)).toBe(true);
    await step.run(model, real);
  }
  const seen = new Set([...met].flatMap((reason) => reason.split("; ")));
  expect([...seen].toSorted()).toEqual(
    [
      ...REASONS.filter((reason) => reason !== "only"),
      ...FAULTS.map((fault) => `override=${fault}`),
    ].toSorted(),
  );
});

test(
  "model and Worker agree at each step of any life",
  async () => {
    const met = new Set<string>();
    await check(
      fc.asyncProperty(lives(VISITORS), async (steps) => {
        await fc.asyncModelRun(() => begin(met), steps);
      }),
      { runs: LIVES },
    );
    // Were all lives empty, they would agree too.
    expect(met.size).toBeGreaterThan(5);
  },
  runs(LIVES) * LIFE_MS,
);
