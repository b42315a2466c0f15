/**
 * A threshold on one draw: the canary where `u * 100 < percent`.
 * Invariant: the visitors below a threshold are among those below any higher one, so raising the
 * percent only ever adds visitors.
 */
import type { CanaryNode, Ramp } from "../../policy/compiled.ts";
import { SEED, bucket } from "../../lib/hash.ts";
import type { Strategy } from "./choice.ts";

/** A ramp's percent at a time: 0 before its start, each step from its first instant, the last for ever; a pause stops its clock. */
function rampPercent(ramp: Ramp, now: number): number {
  const elapsed = Math.min(now, ramp.pausedAtMs ?? now) - ramp.startAtMs;
  let percent = 0;
  for (const step of ramp.steps) {
    if (elapsed < step.fromMs) break;
    percent = step.percent;
  }
  return percent;
}

/** Whether the lease has lapsed: from `until` on the canary has nobody. */
export function isLapsed(node: CanaryNode, now: number): boolean {
  return node.leaseUntilMs !== undefined && now >= node.leaseUntilMs;
}

/** The canary's share at a time, in percent. */
export function canaryPercent(node: CanaryNode, now: number): number {
  if (isLapsed(node, now)) return 0;
  return node.ramp === undefined ? node.percent : rampPercent(node.ramp, now);
}

/** A share of the visitors for the canary, the rest for stable. */
export const canary: Strategy<CanaryNode> = (node, who, now) => {
  if (isLapsed(node, now)) return { variant: node.stable, reason: "lease-expired" };
  const reason = node.ramp === undefined ? "split" : "ramp";
  const percent = canaryPercent(node, now);
  const isIn = bucket(SEED.split, node.salt, who().visitor) * 100 < percent;
  return { variant: isIn ? node.canary : node.stable, reason };
};
