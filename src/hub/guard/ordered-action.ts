import type { GuardAction } from "../../lib/guard.ts";
import type { Variant } from "../../policy/compiled.ts";
import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { OrderedAction } from "../../report/guard.ts";

type Kind = OrderedAction["kind"];

/** What each action of a guard asks of the ledger; nothing where there is nothing to be done. */
const ACTIONS: Readonly<
  Record<
    GuardAction,
    (split: GuardedSplit, control: Variant | undefined) => OrderedAction | undefined
  >
> = {
  abort: () => ({ kind: "abort" }),
  pause: ({ node }) => {
    const { guard } = node.definition;
    const ramp = guard === "nothing" ? undefined : guard.ramp(node);
    // What stands still already cannot be paused.
    return ramp === undefined || ramp.pausedAtMs !== undefined ? undefined : { kind: "pause" };
  },
  "force-control": (_split, control) => control && { kind: "force", variant: control.name },
  "switch-back": (_split, control) => control && { kind: "switch-back" },
  alert: () => undefined,
};

/** What the action of a guard asks of the ledger now; `undefined` where somebody is only told. */
export const orderedAction = (
  split: GuardedSplit,
  control: Variant | undefined,
): OrderedAction | undefined => ACTIONS[split.guard.action](split, control);

const MILD: Readonly<Record<Kind, boolean>> = {
  abort: false,
  pause: true,
  force: false,
  "switch-back": false,
  grant: true,
};

/** Whether an action takes a variant from nobody who has it. */
export const isMild = (kind: Kind): boolean => MILD[kind];

type Words = {
  readonly [TKind in Kind]: (action: Extract<OrderedAction, { readonly kind: TKind }>) => string;
};

const WORDS: Words = {
  abort: () => "aborted the canary",
  pause: () => "paused the ramp",
  force: ({ variant }) => `sent everybody to "${variant}"`,
  "switch-back": () => "switched back to the colour before",
  grant: ({ step }) => `granted step ${step + 1} of the ramp`,
};

/** An action in words, as it was done. */
export function actionWords(action: OrderedAction): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the words of its own kind, which types of tables cannot say
  const words = WORDS[action.kind] as (action: OrderedAction) => string;
  return words(action);
}
