import type * as fc from "fast-check";

import { STRANGER } from "./oracle.ts";
import type { Colour, Operated, Split } from "./policy.ts";
import { visits, type Model, type VisitPlan } from "./visits.ts";
import { moment, type World } from "./world.ts";

/** One thing that happens: in the Worker and in the model. */
export type Step = fc.AsyncCommand<Model, World>;

const HOUR_MS = 3_600_000;

const step = (
  name: string,
  run: (model: Model, world: World) => Promise<void>,
  when: (model: Model) => boolean = () => true,
): Step => ({ check: when, run, toString: () => name });

/** An edit of the policy by its operator. */
const edit = (
  name: string,
  change: (policy: Operated) => Operated,
  when: (policy: Operated) => boolean = () => true,
): Step =>
  step(
    name,
    async (model, world) => {
      // What the clock decides must lie clear of the visits before and after it.
      await moment();
      model.policy = change(model.policy);
      await world.operate(model.policy);
      await moment();
    },
    ({ policy }) => when(policy),
  );

const field = (fields: Partial<Operated>): Step =>
  edit(`set ${JSON.stringify(fields)}`, (policy) => ({ ...policy, ...fields }));

type BlueGreen = Extract<Split, { readonly strategy: "blue-green" }>;
type Planned = BlueGreen & { readonly next: NonNullable<BlueGreen["next"]> };

/** An edit of a blue-green policy that has a cut-over planned or behind it. */
const editNext = (name: string, change: (split: Planned) => BlueGreen): Step =>
  edit(
    name,
    (policy) => {
      const { split } = policy;
      return split.strategy === "blue-green" && split.next !== undefined
        ? { ...policy, split: change({ ...split, next: split.next }) }
        : policy;
    },
    ({ split }) => split.strategy === "blue-green" && split.next !== undefined,
  );

/** Somebody asks for a page. */
export const comes = (plan: VisitPlan): Step =>
  step(`visit ${JSON.stringify(plan)}`, async (model, world) => visits(model, world, plan));

/** The site's banner sets the consent cookie, or takes it away again. */
export const consents = (visitor: number, given: boolean): Step =>
  step(`visitor ${visitor} consents: ${given}`, async (model, world) => {
    await world.consent(visitor, given);
    model.people[visitor] = { ...(model.people[visitor] ?? STRANGER), consents: given };
  });

/** A visitor clears their browser. */
export const forgets = (visitor: number): Step =>
  step(`visitor ${visitor} clears all cookies`, async (model, world) => {
    await world.forget(visitor);
    model.people[visitor] = STRANGER;
  });

/** What an operator may do to the route. */
export const operator = {
  weights: (weights: readonly number[]): Step =>
    field({ split: { strategy: "weighted", weights } }),
  canary: (percent: number, onRamp: boolean, lapsed: boolean): Step =>
    field({ split: { strategy: "canary", percent, onRamp, lapsed } }),
  allTo: (active: Colour): Step =>
    field({ split: { strategy: "blue-green", active, next: undefined } }),
  plan: (from: Colour, to: Colour, drainSeconds: number): Step =>
    edit(`plan ${from} to ${to}, drain ${drainSeconds}`, (policy) => ({
      ...policy,
      split: {
        strategy: "blue-green",
        active: from,
        next: { active: to, atMs: Date.now() + HOUR_MS, drainSeconds },
      },
    })),
  cutOver: (): Step =>
    editNext("cut over now", (split) => ({ ...split, next: { ...split.next, atMs: Date.now() } })),
  endDrain: (): Step =>
    editNext("the drain ends", (split) => ({
      ...split,
      next: { ...split.next, atMs: Date.now() - 2000, drainSeconds: 1 },
    })),
  promote: (): Step =>
    editNext("take the plan out, and keep who is active", (split) => ({
      ...split,
      active: split.next.atMs <= Date.now() ? split.next.active : split.active,
      next: undefined,
    })),
  epoch: (epoch: number): Step => field({ epoch }),
  sticky: (pins: boolean, onZero: "keep" | "evict" = "keep"): Step => field({ pins, onZero }),
  consent: (consent: boolean): Step => field({ consent }),
  coverage: (coverage: number): Step => field({ coverage }),
  force: (force: number | undefined): Step => field({ force }),
  beta: (beta: boolean): Step => field({ beta }),
  bots: (bots: boolean): Step => field({ bots }),
} as const;
