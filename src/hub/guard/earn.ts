import { allocationOf } from "../../decide/allocation.ts";
import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { Ramp } from "../../policy/ramp.ts";
import { earned } from "../../stats/guard/earned.ts";
import type { Earned } from "../../stats/guard/types.ts";
import { rolledOut, type Judged, type Sources } from "./gather.ts";

/** The ramp of a split whose steps a guard grants; `undefined` where they need not be earned. */
export function earnedRamp({ node, guard }: GuardedSplit): Ramp | undefined {
  const { guard: guarding } = node.definition;
  return guard.earn && guarding !== "nothing" ? guarding.ramp(node) : undefined;
}

/** When the hold of the step that is granted is over (ms); `undefined` where no step is left, or a pause stops the clock. */
export function holdEndsAt({ startAtMs, steps, upTo, pausedAtMs }: Ramp): number | undefined {
  const next = steps[upTo + 1];
  return next === undefined || pausedAtMs !== undefined ? undefined : startAtMs + next.fromMs;
}

const ofNobody = { visitors: 0, failed: 0 };

/** Whether the visitors of the step that is held speak for the next one. The clock alone never does. */
export function earning(sources: Sources, judged: Judged): Earned {
  const { split, situation, experiment, now } = judged;
  const { node, guard } = split;
  const limits = guard.checks.flatMap((check) =>
    check.metric === "failures" && "maxIncrease" in check ? [check.maxIncrease] : [],
  );
  const [canary] = situation.variants;
  if (limits.length === 0 || canary === undefined)
    return { earned: false, missing: "No check says what the next step is earned by." };
  const number = experiment?.allocations.get(allocationOf(node, now).id)?.number;
  const arms = number === undefined ? undefined : rolledOut(sources, judged)?.arms.get(number);
  return earned({
    minVisitors: guard.minVisitors,
    maxIncrease: Math.min(...limits),
    halvings: experiment?.halvings ?? 0,
    canary: arms?.get(canary) ?? ofNobody,
    control: arms?.get(situation.control) ?? ofNobody,
  });
}

/** What keeps a guard from granting the next step now, in words; `undefined` where only its visitors can. */
export function holds(ramp: Ramp, now: number): string | undefined {
  if (ramp.pausedAtMs !== undefined) return "The ramp is paused.";
  const ends = holdEndsAt(ramp);
  if (ends === undefined) return "No step is left.";
  return now < ends ? `The step is held for ${seconds(ends - now)} more.` : undefined;
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
