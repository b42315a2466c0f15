import { abort } from "./abort.ts";
import type { ActionDefinition, Fits } from "./definition.ts";
import { force } from "./force.ts";
import { pause } from "./pause.ts";
import { promote } from "./promote.ts";
import { renew } from "./renew.ts";
import { resume } from "./resume.ts";
import { switchBack } from "./switch-back.ts";
import { switchColour } from "./switch.ts";
import { unforce } from "./unforce.ts";
import { weights } from "./weights.ts";

/** The named changes of a policy. */
export const ACTIONS = {
  promote,
  pause,
  resume,
  abort,
  renew,
  switch: switchColour,
  "switch-back": switchBack,
  weights,
  force,
  unforce,
} as const;

export type ActionName = keyof typeof ACTIONS;

type ParametersOf<T> =
  T extends ActionDefinition<infer _TFits extends Fits, infer TParameters> ? TParameters : never;

/** One action with its parameters. */
export type Action = {
  [TName in ActionName]: { name: TName } & ParametersOf<(typeof ACTIONS)[TName]>;
}[ActionName];

/** The names of all actions. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];

/** Whether a text names an action. */
export function isActionName(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
}
