import type { Action } from "../policy/actions/index.ts";
import type { ActionName } from "../policy/actions/names.ts";
import { act } from "../policy/actions/act.ts";
import { parseValue } from "../policy/parse.ts";
import { plan } from "../preview/plan.ts";
import type { Pending } from "./action-command.ts";

/** The server knows how long its changes take to be known everywhere; who moves does not depend on it. */
const NO_DELAY_MS = 0;

/**
 * The variant that everybody gets once an action has been run, where some do not get it before; else
 * nothing, also where the action does not fit, which is for the server to say. `now` is in
 * milliseconds.
 */
export async function everybodyAfter(
  name: ActionName,
  { route, node, parameters }: Pending,
  now: number,
): Promise<string | undefined> {
  const { policy } = await route.route();
  const before = parseValue(policy, { allowPrivateOrigins: true });
  if (!before.ok) return undefined;
  // The server checks the parameters; here a wrong one only means that nobody is asked.
  const action = { name, ...(node === "" ? {} : { node }), ...parameters } as Action;
  const result = act(before.policy, action, { now, propagationMs: NO_DELAY_MS });
  if (!result.ok) return undefined;
  const planned = plan(route.key, before.policy, result.value.policy, { now });
  const whole = planned.paths.find(({ moved, after }) => moved > 0 && after.length === 1);
  return whole?.after[0]?.at?.variant;
}
