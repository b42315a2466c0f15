import type { Action } from "./schema.ts";
import { act as onCanary } from "./canary.ts";
import { locate, type Located } from "../locate.ts";
import { switchBack, switchColour } from "./blue-green.ts";
import { nothing, refuse, type ActionResult, type Clock } from "./result.ts";
import type { Policy, Weighted } from "../schema.ts";

type Of<TName extends Action["name"]> = Extract<Action, { name: TName }>;

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
  const isSame = variants.every(({ weight }, at) => weight === policy.variants[at]?.weight);
  return isSame
    ? nothing(policy, "the variants have these weights already")
    : { ok: true, policy: { ...policy, variants } };
}

function force(policy: Policy, variant: string | undefined): ActionResult {
  if (typeof policy === "string" || policy.strategy === "path-map") {
    return refuse(
      "only a split has variants to force",
      'name a policy inside the path-map with "node"',
    );
  }
  if (variant !== undefined && variant === policy.force)
    return nothing(policy, `"${variant}" is forced already`);
  if (variant !== undefined) return { ok: true, policy: { ...policy, force: variant } };
  const { force: forced, ...rest } = policy;
  return forced === undefined
    ? nothing(policy, "no variant is forced")
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
      return action.name === "switch"
        ? switchColour(policy, action, clock)
        : switchBack(policy, action.node ?? "", clock);
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
 * mend it, where the action does not fit the policy; where everything is as the action would have
 * it, the policy comes back with a word that there was nothing to do.
 */
export function act(policy: Policy, action: Action, clock: Clock): ActionResult {
  const located = locate(policy, action.node ?? "");
  if (located === undefined)
    return refuse(`there is no policy at "${action.node}"`, 'point to one, e.g. "/paths/~1store"');
  const acted = actOn(located, action, clock);
  return acted.ok ? { ...acted, policy: located.replace(acted.policy) } : acted;
}
