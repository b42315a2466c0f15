import type { GuardCheck } from "../../lib/guard.ts";
import { failuresIncrease } from "./failures-increase.ts";
import { failuresMax } from "./failures-max.ts";
import { worst, type Finding } from "./finding.ts";
import { latency } from "./latency.ts";
import { maxDrop } from "./max-drop.ts";
import { split } from "./split.ts";
import type { GuardData, JudgedCheck, Judgement } from "./types.ts";

type OfVariant = Exclude<GuardCheck, { readonly metric: "srm" }>;

function judgeVariant(check: OfVariant, data: GuardData, variant: string): Finding {
  if (check.metric === "latency") return latency(data, variant, check);
  if (check.metric === "goal") return maxDrop(data, variant, check);
  return "max" in check
    ? failuresMax(data, variant, check.max)
    : failuresIncrease(data, variant, check.maxIncrease);
}

/** The limit of a check, as the policy has it. */
function limitOf(check: OfVariant): number {
  if ("max" in check) return check.max;
  if ("maxMs" in check) return check.maxMs;
  return "maxDrop" in check ? check.maxDrop : check.maxIncrease;
}

function judgeCheck(check: GuardCheck, data: GuardData): JudgedCheck {
  if (check.metric === "srm") return { check, ...split(data) };
  const found = worst(data.variants.map((variant) => judgeVariant(check, data, variant)));
  if (found === undefined) {
    const missing = "There is no variant to be taken back.";
    const nothing = { variant: undefined, value: undefined, visitors: 0, missing } as const;
    return { check, ...nothing, limit: limitOf(check), verdict: "watching", evidence: missing };
  }
  const { nearness: _, ...told } = found;
  return { check, ...told };
}

/**
 * What a guard comes to by these figures, now: a pure function of them, to be asked as often as anybody likes. A
 * healthy variant is found to be breached by a sequential check in at most 1 of 100 roll-outs, however long they run,
 * and by each check of windows in at most 1 of 100 000 windows. What it takes is linear in checks, variants,
 * allocations and buckets.
 */
export function judgeGuard(data: GuardData): Judgement {
  const checks = data.checks.map((check) => judgeCheck(check, data));
  const verdicts = new Set(checks.map(({ verdict }) => verdict));
  const verdict = (["breached", "watching"] as const).find((one) => verdicts.has(one));
  return { verdict: verdict ?? "healthy", checks };
}
