import { isFields, type Fields } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import type { GoalInput } from "./fields/goals.ts";
import type { Idle } from "./idle-fields.ts";
import { strategyOf, type Language } from "./language.ts";
import type { Written } from "./strategies/definition.ts";

/** Whether a policy, or one inside it, parts its visitors between variants. */
function splits(policy: Fields, language: Language): boolean {
  const waiting: Fields[] = [policy];
  for (let written = waiting.pop(); written !== undefined; written = waiting.pop()) {
    const definition = strategyOf(written, language)?.definition;
    if (definition?.kind === "leaf" && definition.splits) {
      if (definition.variantNames(written).length > 1) return true;
    }
    for (const { value } of childrenOf(written, language)) if (isFields(value)) waiting.push(value);
  }
  return false;
}

/** What of one goal does nothing, or hardly what somebody meant. */
function* oddOf({ match, count = "once", cap }: GoalInput, index: number): Generator<Idle> {
  if (count === "every" && cap === undefined)
    yield {
      steps: ["goals", index, "count"],
      message:
        '"count": "every" does nothing here: without a "cap" no values are added up, and results tell who reached the goal alone',
      fix: 'add a "cap", what one visitor may add up to at most, or take "count" away',
    };
  if (count === "once" && cap !== undefined && match !== undefined)
    yield {
      steps: ["goals", index, "cap"],
      message: '"cap" does nothing here: a request that matches counts 1, and once a visitor',
      fix: 'write "count": "every", or take "cap" away',
    };
}

/** What is odd about a route's goals, though they are valid. Linear in the policy. */
export function* oddGoals(policy: Written, language: Language): Generator<Idle> {
  const { goals } = policy;
  if (goals === undefined) return;
  if (goals.length > 0 && !splits({ ...policy }, language))
    yield {
      steps: ["goals"],
      message:
        '"goals" does nothing here: no policy of the route parts visitors between variants, so there is nothing to compare',
      fix: 'add a split, or take "goals" away',
    };
  for (const [index, goal] of goals.entries()) yield* oddOf(goal, index);
}
