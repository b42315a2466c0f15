import { plan, type Plan } from "../preview/plan.ts";
import type { Planner } from "./edit.ts";

/** A plan made for a preview is good for the edit that follows it within so long (ms): ramps move on meanwhile. */
export const PLAN_KEPT_MS = 60_000;

interface Kept {
  readonly of: string;
  readonly at: number;
  readonly plan: Plan;
}

/**
 * A planner that remembers its last plan, so that an edit after its own preview plans nothing anew:
 * sending ten thousand visitors through two policies is what an edit costs most.
 */
export function rememberingPlanner(make: Planner = plan): Planner {
  let kept: Kept | undefined;
  return (key, before, after, options) => {
    if (options.request !== undefined) return make(key, before, after, options);
    const of = JSON.stringify([before ?? null, after ?? null]);
    const { now } = options;
    if (kept?.of === of && Math.abs(now - kept.at) < PLAN_KEPT_MS) return kept.plan;
    kept = { of, at: now, plan: make(key, before, after, options) };
    return kept.plan;
  };
}
