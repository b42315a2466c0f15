import type { Action } from "./schema.ts";
import { nothing, refuse, type ActionResult, type Clock } from "./result.ts";
import { formatInstant, millis } from "../../lib/instant-text.ts";
import type { Canary } from "../schema.ts";
import type { StickyInput } from "../fields/sticky.ts";
import type { RampInput } from "../time.ts";

type CanaryAction = Extract<Action, { name: "promote" | "pause" | "resume" | "abort" | "renew" }>;

const isPaused = (ramp: RampInput): ramp is RampInput & { pausedAt: string } =>
  ramp.pausedAt != null;

/** Milliseconds of a ramp's clock; below 0 before its start. */
function elapsedOf(ramp: RampInput, now: number): number {
  const clock = isPaused(ramp) ? Math.min(now, millis(ramp.pausedAt)) : now;
  return clock - millis(ramp.startAt);
}

/** From when on each step holds, in milliseconds of the ramp's clock. */
function startsOf(ramp: RampInput): number[] {
  let from = 0;
  return ramp.steps.map((step) => {
    const start = from;
    from += (step.holdSeconds ?? 0) * 1000;
    return start;
  });
}

/** Which step a ramp is on; -1 before its start. */
function stepOf(ramp: RampInput, now: number): number {
  const elapsed = elapsedOf(ramp, now);
  return startsOf(ramp).findLastIndex((from) => from <= elapsed);
}

function promote(policy: Canary, to: number | undefined, now: number): ActionResult {
  const { ramp, percent, ...rest } = policy;
  if (policy.lease !== undefined && millis(policy.lease.until) <= now)
    return refuse("the lease has lapsed, so the canary gets nobody", "renew the lease first");
  if (ramp !== undefined && to === undefined) {
    const next = stepOf(ramp, now) + 1;
    const from = startsOf(ramp)[next];
    if (from === undefined) {
      return ramp.steps.at(-1)?.percent === 100
        ? nothing(policy, "the ramp is on its last step, and the canary has everybody")
        : refuse("the ramp is on its last step", 'name a percent with "to"');
    }
    // A paused ramp stays paused, on the next step.
    const pausedAt = isPaused(ramp) ? { pausedAt: formatInstant(now) } : {};
    return {
      ok: true,
      policy: { ...rest, ramp: { ...ramp, startAt: formatInstant(now - from), ...pausedAt } },
    };
  }
  const current =
    ramp === undefined ? (percent ?? 0) : (ramp.steps[stepOf(ramp, now)]?.percent ?? 0);
  const wanted = to ?? 100;
  if (wanted === current && ramp === undefined)
    return nothing(policy, `the canary has ${current} % already`);
  if (wanted < current)
    return refuse(
      `the canary has ${current} % already, and a promotion only raises it`,
      "abort, or put a policy with a lower percent",
    );
  return { ok: true, policy: { ...rest, percent: wanted } };
}

/**
 * Stops a ramp's clock at the first instant that every machine knows of in time. A pause at once
 * would reach some of them only after they had served the next step, and take it from visitors again.
 */
function pause(policy: Canary, { now, propagationMs }: Clock): ActionResult {
  const { ramp } = policy;
  if (ramp === undefined)
    return refuse("there is no ramp to pause", "a fixed percent stands still");
  if (isPaused(ramp)) return nothing(policy, "the ramp is paused already");
  const pausedAt = formatInstant(now + propagationMs);
  return { ok: true, policy: { ...policy, ramp: { ...ramp, pausedAt } } };
}

function resume(policy: Canary, now: number): ActionResult {
  const { ramp } = policy;
  if (ramp === undefined || !isPaused(ramp)) return nothing(policy, "no ramp is paused here");
  const { pausedAt, ...rest } = ramp;
  // A pause that lies ahead has stopped nothing yet, and is called off.
  const stoodMs = Math.max(0, now - millis(pausedAt));
  const startAt = formatInstant(millis(ramp.startAt) + stoodMs);
  return { ok: true, policy: { ...policy, ramp: { ...rest, startAt } } };
}

/** Everybody back to stable, those included whom a pin would keep on the canary. */
function abort(policy: Canary, inherited: StickyInput | undefined): ActionResult {
  const { ramp: _ramp, percent: _percent, ...rest } = policy;
  const sticky = policy.sticky ?? inherited;
  const keeps = typeof sticky === "object" && sticky.mode === "pin" && sticky.onZero !== "evict";
  if (policy.ramp === undefined && policy.percent === 0 && !keeps)
    return nothing(policy, "the canary has nobody already");
  return {
    ok: true,
    policy: {
      ...rest,
      percent: 0,
      ...(keeps ? { sticky: { ...sticky, onZero: "evict" as const } } : {}),
    },
  };
}

/** The actions on a canary; `inherited` is the stickiness that path-maps hand down. */
export function act(
  policy: Canary,
  inherited: StickyInput | undefined,
  action: CanaryAction,
  clock: Clock,
): ActionResult {
  const { now } = clock;
  switch (action.name) {
    case "promote":
      return promote(policy, action.to, now);
    case "pause":
      return pause(policy, clock);
    case "resume":
      return resume(policy, now);
    case "abort":
      return abort(policy, inherited);
    case "renew":
      return {
        ok: true,
        policy: { ...policy, lease: { until: formatInstant(now + action.seconds * 1000) } },
      };
    default:
      return action satisfies never;
  }
}
