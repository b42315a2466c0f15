import { abort } from "./abort.ts";
import type { ActionDefinition, AnyAction, Fits } from "./definition.ts";
import { force } from "./force.ts";
import type { ActionName } from "./names.ts";
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
} as const satisfies Readonly<Record<ActionName, AnyAction>>;

type ParametersOf<T> =
  T extends ActionDefinition<infer _TFits extends Fits, infer TParameters> ? TParameters : never;

/** One action with its parameters. */
export type Action = {
  [TName in ActionName]: { name: TName } & ParametersOf<(typeof ACTIONS)[TName]>;
}[ActionName];
