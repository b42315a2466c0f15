import { act } from "../../../policy/actions/act.ts";
import type { Action } from "../../../policy/actions/index.ts";
import type { ActionName } from "../../../policy/actions/names.ts";
import { actionsFor, type Branch } from "../route/tree.ts";

/** What a person sets before an action is done. */
export type FormName = "nothing" | "percent" | "weights" | "seconds" | "cut-over" | "variant";

/** How an action is offered. */
export interface Lever {
  readonly title: string;
  /** On the button that does it, where that is not the title. */
  readonly says?: string;
  /** What it does, in a line. */
  readonly does: string;
  readonly form: FormName;
  /** Whether it only takes back: nobody is then asked to type anything first. */
  readonly takesBack: boolean;
  /** Whether it is drawn as one that hurts. */
  readonly isGrave: boolean;
  /** Whether what it does depends on earlier versions, which the API alone knows. */
  readonly knowsPast?: boolean;
}

const plain = { takesBack: false, isGrave: false } as const;
const back = { form: "nothing", takesBack: true, isGrave: false } as const;

/** Every action that people take, in the order in which they are offered. */
export const LEVERS: Readonly<Record<ActionName, Lever>> = {
  weights: {
    ...plain,
    form: "weights",
    title: "Weights",
    says: "Set weights",
    does: "Gives variants other weights.",
  },
  promote: {
    ...plain,
    form: "percent",
    title: "Percent",
    says: "Take the next step",
    does: "Gives the canary more visitors.",
  },
  switch: { ...plain, form: "cut-over", title: "Switch", does: "Cuts over to the other colour." },
  abort: {
    ...back,
    isGrave: true,
    title: "Abort",
    does: "Takes everybody off the canary, at once.",
  },
  "switch-back": {
    ...back,
    isGrave: true,
    knowsPast: true,
    title: "Switch back",
    does: "Calls a cut-over off, or undoes the last one.",
  },
  pause: { ...back, title: "Pause", does: "Stops the clock of the ramp." },
  resume: { ...back, title: "Resume", does: "Lets a paused ramp go on where it stopped." },
  renew: {
    ...plain,
    form: "seconds",
    title: "Renew",
    does: "Lets the canary have visitors for longer.",
  },
  force: {
    ...plain,
    form: "variant",
    title: "Force",
    does: "Gives everybody one variant, ahead of everything.",
  },
  unforce: { ...back, title: "Stop forcing", does: "The policy chooses again." },
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const ORDER = Object.keys(LEVERS) as readonly ActionName[];

/** The action of that name, if there is one. */
export const leverNamed = (name: string): ActionName | undefined =>
  ORDER.find((known) => known === name);

/** Whether an action that takes nothing has something to do just now, as far as the policy tells. */
function hasWork(branch: Branch, name: ActionName, now: number): boolean {
  const { form, knowsPast = false } = LEVERS[name];
  if (form !== "nothing" || knowsPast) return true;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an action whose form has nothing takes nothing
  const result = act(branch.policy, { name } as Action, { now, propagationMs: 0 });
  return result.ok && result.value.nothing === undefined;
}

/** The actions that one may take with a branch now. Pure. */
export function leversOf(branch: Branch, now: number): readonly ActionName[] {
  const fitting = new Set(actionsFor(branch));
  return ORDER.filter((name) => fitting.has(name) && hasWork(branch, name, now));
}
