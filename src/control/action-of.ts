import { ACTIONS, type Action } from "../policy/actions/index.ts";
import type { ActionName } from "../policy/actions/names.ts";
import { demand } from "./body.ts";

/** An action with its parameters, as they were sent; refuses those that are not the action's. */
export function actionOf(name: ActionName, parameters: unknown): Action {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this very name has judged the parameters
  return { name, ...demand(ACTIONS[name].parameters, parameters) } as Action;
}
