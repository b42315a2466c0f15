import { GoalsSchema } from "../api/goals.ts";
import { MAX_GOAL_AGE_SECONDS, MAX_GOAL_AHEAD_SECONDS } from "../api/limits.ts";
import { instant } from "../lib/instant.ts";
import { shownIssues, type Issue } from "../lib/issue.ts";
import { nearest } from "../lib/nearest.ts";
import type { PostedGoal } from "../report/answers.ts";
import { compile } from "../policy/compile.ts";
import { parse } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import { ApiError } from "./api-error.ts";
import { bodyOf, iso, json, keyOf, policyOf, withLedger, type Call } from "./call.ts";
import { withHub } from "./hub.ts";

/** The policy that rules: what somebody put to KV by hand, where it is one, or else the newest version. */
async function policyNow(call: Call, key: string): Promise<Policy> {
  const { latest, drift } = await withLedger(call, key, async (ledger) => ledger.status(key));
  const byHand = drift?.text == null ? undefined : parse(drift.text, call.services.config);
  if (byHand?.ok === true) return byHand.policy;
  if (latest?.text == null) throw new ApiError("route-not-found");
  return policyOf(latest.text, call);
}

/** Why goals cannot have been reached when they say. */
function* faultsOfTime(goals: readonly PostedGoal[], now: number): Generator<Issue> {
  const latest = now + MAX_GOAL_AHEAD_SECONDS * 1000;
  const earliest = now - MAX_GOAL_AGE_SECONDS * 1000;
  for (const [index, { at }] of goals.entries()) {
    const path = `$.goals[${index}].at`;
    if (at > latest)
      yield {
        path,
        message: `is in the future: more than ${MAX_GOAL_AHEAD_SECONDS} seconds after ${iso(now)}`,
        fix: "send when it was reached, or leave it out for now",
      };
    if (at < earliest)
      yield {
        path,
        message: `is older than ${MAX_GOAL_AGE_SECONDS / 86_400} days`,
        fix: "leave this goal out: nothing is kept from then",
      };
  }
}

function* faultsOfName(
  goals: readonly PostedGoal[],
  declared: readonly string[],
): Generator<Issue> {
  const known = new Set(declared);
  for (const [index, { name }] of goals.entries()) {
    if (known.has(name)) continue;
    const near = nearest(name, declared);
    const all = declared.length === 0 ? "it declares none" : `it declares: ${declared.join(", ")}`;
    yield {
      path: `$.goals[${index}].name`,
      message: `"${name}" is not a goal of the route's policy`,
      fix:
        near === undefined ? `add it to "goals" of the policy; ${all}` : `did you mean "${near}"?`,
    };
  }
}

/** Takes conversions that are known elsewhere: all of them, or none. */
export async function postGoals(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const now = call.services.now();
  const goals = bodyOf(call, GoalsSchema).goals.map(({ at, ...goal }): PostedGoal => ({
    ...goal,
    at: at === undefined ? now : (instant(at) ?? now),
  }));
  const late = shownIssues(faultsOfTime(goals, now));
  if (late.length > 0) throw new ApiError("body-invalid", undefined, { issues: late });
  const declared = compile(await policyNow(call, key), key).goals.map(({ name }) => name);
  const unknown = shownIssues(faultsOfName(goals, declared));
  if (unknown.length > 0) throw new ApiError("unknown-goal", undefined, { issues: unknown });
  const taken = await withHub(call, key, async (hub) => hub.takeGoals(key, goals));
  return json(taken ?? { taken: 0, known: 0, unknown: goals.length });
}
