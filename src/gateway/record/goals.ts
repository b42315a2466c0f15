import { hasConsent } from "../../decide/consent.ts";
import { identify, isOwnId } from "../../decide/identity.ts";
import { matches } from "../../decide/match.ts";
import { isPrefetch } from "../../decide/newcomer.ts";
import type { Decision } from "../../decide/outcome.ts";
import { sampleUnit } from "../../lib/visitor-digest.ts";
import type { CompiledPolicy, Goal, LeafNode } from "../../policy/compiled.ts";
import type { Facts } from "../../policy/facts.ts";
import { readGoalField, type Reached } from "./goal-field.ts";
import type { RouteTally } from "./route-tally.ts";
import { canBeKnown, type Visitors } from "./visitors.ts";

/** Splits of one policy that goals are counted for. */
const MAX_GOAL_SPLITS = 64;

/** Splits of a policy that know visitors in the same way: one of them, and what all are called. */
type Alike = readonly [node: LeafNode, experiments: string[]];

const cookieOf = ({ sticky }: LeafNode) => sticky && sticky.cookie.name;

function alikeIn({ splits }: CompiledPolicy): readonly Alike[] {
  const found = new Map<string, Alike>();
  for (const node of splits.slice(0, MAX_GOAL_SPLITS)) {
    const way = JSON.stringify([node.sticky && node.sticky.by, cookieOf(node), node.consent]);
    const alike = found.get(way) ?? [node, []];
    found.set(way, alike);
    alike[1].push(node.experiment);
  }
  return Array.from(found.values());
}

/** The goals that a request reached: by the policy, or by its origin's word (`field`). */
function reachedBy(goals: readonly Goal[], facts: Facts, status: number, field: string | null) {
  const told = field === null ? [] : readGoalField(field);
  return goals.flatMap((goal): (readonly [Goal, Reached])[] => {
    const { name, match, statuses, classes } = goal;
    if (match === undefined)
      return told.filter((one) => one.goal === name).map((one) => [goal, one]);
    const isReached =
      (statuses.has(status) || classes.has(Math.floor(status / 100))) &&
      matches(match, facts, facts.path);
    return isReached ? [[goal, { goal: name }]] : [];
  });
}

/** Counts goals for whom each split of a policy knows. */
export class Goals {
  readonly #visitors: Visitors | undefined;
  readonly #alike = new WeakMap<CompiledPolicy, readonly Alike[]>();
  #serial = 0;

  constructor(visitors: Visitors | undefined) {
    this.#visitors = visitors;
  }

  /** The digest of who asks, as a split knows them: by an id that came, or that this very answer gives and that is sure to be kept. */
  #digest(route: RouteTally, node: LeafNode, facts: Facts, decision?: Decision) {
    const who = identify(node.sticky, facts, false);
    if (!hasConsent(node, facts) || !canBeKnown(who, facts)) return undefined;
    if (who.isNew && isOwnId(who)) {
      const isGiven = decision?.remember?.id === who.visitor;
      if (!isGiven || cookieOf(decision.node) !== cookieOf(node)) return undefined;
    }
    return this.#visitors?.digest(route, who);
  }

  /** Counts the goals that a request reached. */
  count(
    route: RouteTally,
    policy: CompiledPolicy,
    facts: Facts,
    status: number,
    field: string | null,
    decision?: Decision,
  ): void {
    const reached = reachedBy(policy.goals, facts, status, field);
    if (reached.length === 0 || isPrefetch(facts)) return;
    const alike = this.#alike.get(policy) ?? alikeIn(policy);
    this.#alike.set(policy, alike);
    const told = new Set<string>();
    for (const [node, experiments] of alike) {
      const digest = this.#digest(route, node, facts, decision);
      if (digest === undefined) {
        for (const name of experiments)
          for (const [, { goal }] of reached) route.unattributed(name, goal);
        continue;
      }
      const isSampled = (name: string) =>
        sampleUnit(digest) < 2 ** -(route.halvings.get(name) ?? 0);
      if (told.has(digest) || !experiments.some(isSampled)) continue;
      told.add(digest);
      for (const [{ name, count }, goal] of reached) {
        // What counts once waits once, and so does what has an id.
        const mark = count === "once" ? "" : (goal.id ?? (this.#serial += 1));
        route.reached(`${digest}\n${name}\n${mark}`, { ...goal, digest, at: facts.now });
      }
    }
  }
}
