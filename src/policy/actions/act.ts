import type { Action } from "./schema.ts";
import { act as onCanary } from "./canary.ts";
import { locate, type Located } from "../locate.ts";
import { refuse, type ActionResult, type Clock } from "./result.ts";
import type { BlueGreen, Policy, Weighted } from "../schema.ts";
import { formatInstant, millis } from "../../lib/instant-text.ts";

type Of<TName extends Action["name"]> = Extract<Action, { name: TName }>;

const other = (colour: "blue" | "green"): "blue" | "green" =>
  colour === "blue" ? "green" : "blue";

function switchColour(policy: BlueGreen, action: Of<"switch">, clock: Clock): ActionResult {
  const { next, ...rest } = policy;
  const due = next !== undefined && clock.now >= millis(next.at);
  const active = due ? next.active : policy.active;
  const to = action.to ?? other(active);
  const when = action.at ?? "safe";
  if (to === active && (next === undefined || due))
    return refuse(`"${to}" is the active colour already`, `switch to "${other(to)}"`);
  const drain = action.drainSeconds === undefined ? {} : { drainSeconds: action.drainSeconds };
  if (when === "now") {
    const policyNow: BlueGreen =
      action.drainSeconds === undefined || to === active
        ? { ...rest, active: to }
        : { ...rest, active, next: { active: to, at: formatInstant(clock.now), ...drain } };
    return { ok: true, policy: policyNow };
  }
  // A change of mind before the cut-over: the colour that serves goes on serving.
  if (to === active) return { ok: true, policy: { ...rest, active } };
  const safe = clock.now + clock.propagationMs;
  const atMs = when === "safe" ? safe : millis(when);
  if (atMs < safe) {
    return refuse(
      `not every machine can know of a switch before ${formatInstant(safe)}, and they would serve both colours at once`,
      'choose a later instant, leave out "at", or write "at": "now" and accept that',
    );
  }
  return {
    ok: true,
    policy: { ...rest, active, next: { active: to, at: formatInstant(atMs), ...drain } },
  };
}

/** Before a cut-over it is called off; after it, or without one, the colour before serves again, at once. */
function switchBack(policy: BlueGreen): ActionResult {
  const { next, ...rest } = policy;
  const undone = next !== undefined && next.active !== policy.active;
  return { ok: true, policy: undone ? rest : { ...rest, active: other(policy.active) } };
}

function changeWeights(policy: Weighted, { weights }: Of<"weights">): ActionResult {
  const known = policy.variants.map(({ name }) => name);
  const unknown = Object.keys(weights).find((name) => !known.includes(name));
  if (unknown !== undefined)
    return refuse(
      `"${unknown}" is not a variant of this policy`,
      `use one of: ${known.join(", ")}`,
    );
  const variants = policy.variants.map((variant) =>
    Object.hasOwn(weights, variant.name)
      ? { ...variant, weight: weights[variant.name] ?? variant.weight }
      : variant,
  );
  return { ok: true, policy: { ...policy, variants } };
}

function force(policy: Policy, variant: string | undefined): ActionResult {
  if (typeof policy === "string" || policy.strategy === "path-map") {
    return refuse(
      "only a split has variants to force",
      'name a policy inside the path-map with "node"',
    );
  }
  if (variant !== undefined) return { ok: true, policy: { ...policy, force: variant } };
  const { force: forced, ...rest } = policy;
  return forced === undefined
    ? refuse("no variant is forced", "there is nothing to undo")
    : { ok: true, policy: rest };
}

function needs(strategy: string, policy: Policy): ActionResult {
  const is = typeof policy === "string" ? "single" : (policy.strategy ?? "single");
  return refuse(
    `this action is for ${strategy} policies, and the policy here is ${is}`,
    is === "path-map"
      ? 'name a policy inside the path-map with "node", for example "/paths/~1store"'
      : "see the list of actions",
  );
}

function actOn(located: Located, action: Action, clock: Clock): ActionResult {
  const { policy } = located;
  switch (action.name) {
    case "promote":
    case "pause":
    case "resume":
    case "abort":
    case "renew":
      return typeof policy === "object" && policy.strategy === "canary"
        ? onCanary(policy, located.sticky, action, clock)
        : needs("canary", policy);
    case "switch":
    case "switch-back":
      if (typeof policy === "string" || policy.strategy !== "blue-green")
        return needs("blue-green", policy);
      return action.name === "switch" ? switchColour(policy, action, clock) : switchBack(policy);
    case "weights":
      return typeof policy === "object" && policy.strategy === "weighted"
        ? changeWeights(policy, action)
        : needs("weighted", policy);
    case "force":
      return force(policy, action.variant);
    case "unforce":
      return force(policy, undefined);
    default:
      return action satisfies never;
  }
}

/**
 * What an action makes of a policy. Pure: the same policy, action and clock give the same answer,
 * and the policy given stays as it was. The result still has to pass `parse`. Refused, with how to
 * mend it, where the action does not fit the policy or would change nothing.
 */
export function act(policy: Policy, action: Action, clock: Clock): ActionResult {
  const located = locate(policy, action.node ?? "");
  if (located === undefined)
    return refuse(`there is no policy at "${action.node}"`, 'point to one, e.g. "/paths/~1store"');
  const acted = actOn(located, action, clock);
  return acted.ok ? { ok: true, policy: located.replace(acted.policy) } : acted;
}
