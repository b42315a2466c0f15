/** The names of all actions, apart from what they do: whoever only names one need not load them. */
export const ACTION_NAMES = [
  "promote",
  "pause",
  "resume",
  "abort",
  "renew",
  "switch",
  "switch-back",
  "weights",
  "force",
  "unforce",
] as const;

export type ActionName = (typeof ACTION_NAMES)[number];

/** Whether a text names an action. */
export function isActionName(name: string): name is ActionName {
  return ACTION_NAMES.some((known) => known === name);
}
