import { ok } from "../../lib/result.ts";
import { LANGUAGE, strategyOf, type Language } from "../language.ts";
import { locate, type Located } from "../locate.ts";
import type { Policy } from "../schema.ts";
import { ofUrl } from "../strategies/single.ts";
import { refuse, type ActionResult, type AnyAction, type Clock } from "./definition.ts";
import { ACTIONS, type Action } from "./index.ts";

/** An action on the policy that it is for, or why it does not fit. */
function actOn(
  { policy, sticky }: Located,
  action: Action,
  clock: Clock,
  language: Language,
): ActionResult {
  const definition: AnyAction = ACTIONS[action.name];
  const written = typeof policy === "string" ? ofUrl(policy) : policy;
  const strategy = strategyOf(written, language);
  const isMap = strategy?.definition.kind === "map";
  if (
    definition.fits === "leaf"
      ? isMap || typeof policy === "string"
      : strategy?.name !== definition.fits
  ) {
    const fix = isMap
      ? 'name a policy inside the path-map with "node", for example "/paths/~1store"'
      : "see the list of actions";
    return definition.fits === "leaf"
      ? refuse("only a split has variants to force", fix)
      : refuse(
          `this action is for ${definition.fits} policies, and the policy here is ${strategy?.name ?? "of no known strategy"}`,
          fix,
        );
  }
  return definition.act(written, action, { ...clock, sticky, pointer: action.node ?? "" });
}

/**
 * What an action makes of a policy. Pure: the same policy, action and clock give the same answer,
 * and the policy given stays as it was. The result still has to pass `parse`. Refused, with how to
 * mend it, where the action does not fit the policy; where the policy is as the action would leave
 * it, it is handed back, with the reason.
 */
export function act(
  policy: Policy,
  action: Action,
  clock: Clock,
  language: Language = LANGUAGE,
): ActionResult {
  const located = locate(policy, action.node ?? "", language);
  if (located === undefined)
    return refuse(`there is no policy at "${action.node}"`, 'point to one, e.g. "/paths/~1store"');
  const result = actOn(located, action, clock, language);
  if (!result.ok || result.value.nothing !== undefined)
    return result.ok ? ok({ ...result.value, policy }) : result;
  return ok({ policy: located.replace(result.value.policy) });
}
