import { shorten } from "../../lib/shorten.ts";
import type { OrderedAction, GuardOrder } from "../../report/guard.ts";
import type { JudgedCheck, Judgement } from "../../stats/guard/types.ts";
import type { Head } from "../head.ts";
import { isMild } from "./ordered-action.ts";
import type { Judged } from "./gather.ts";
import { breachesOf } from "./judge.ts";
import type { Decided, Waiting } from "./orders.ts";
import { checkName, refusedOf, type GuardState } from "./state.ts";

/** Characters of what was found, as a note keeps it: as many as a person's. */
const MAX_EVIDENCE_CHARS = 500;

/** What is to be done about a judgement. */
export interface Decision {
  readonly order?: Decided;
  /** Checks that somebody is to be told of. */
  readonly alerts: readonly JudgedCheck[];
}

/** What it takes to decide. */
export interface Standing {
  readonly head: Head;
  readonly state: GuardState;
  readonly waiting: Waiting | undefined;
}

/** An order for the version that was judged. */
export function orderFor(
  { head: { key, version } }: Pick<Standing, "head">,
  { split }: Judged,
  action: OrderedAction,
  evidence: string,
): GuardOrder {
  const node = split.pointer;
  return { key, version, node, action, evidence: shorten(evidence, MAX_EVIDENCE_CHARS) };
}

/** Whether nothing more is to be asked of the ledger about this version: it was, and has answered, or is about to. */
function isSettled({ head, state, waiting }: Standing, { kind }: OrderedAction): boolean {
  const { version } = head;
  const { outdated = 0 } = state;
  const isRefused = refusedOf(state, head)?.kind === kind;
  // Whether an earlier one was done is to be known first: else the same evidence might be acted on twice.
  const isAsked =
    waiting !== undefined &&
    waiting.order.action.kind !== "grant" &&
    (waiting.attempts > 0 || waiting.order.version === version);
  return isRefused || outdated >= version || isAsked;
}

/** What a guard does about its checks. An uneven split takes nothing back: at most it pauses, and that once. Pure. */
export function decided(judgement: Judgement, of: Judged, standing: Standing): Decision {
  const { state, head } = standing;
  const { situation } = of;
  const breaches = breachesOf(judgement);
  const action = head.version > 0 && head.byHand === undefined ? situation.action : undefined;
  const mayTake = ({ check }: JudgedCheck) =>
    check.metric !== "srm" ||
    (action !== undefined && isMild(action.kind) && state.srmActed !== true);
  const taking = action === undefined ? [] : breaches.filter(mayTake);
  const told = state.alerted?.version === head.version ? state.alerted.checks : [];
  const alerts = breaches
    .filter((one) => !taking.includes(one))
    .filter(({ check }) => !told.includes(checkName(check)));
  if (action === undefined || taking.length === 0 || isSettled(standing, action)) return { alerts };
  const evidence = taking.map((one) => one.evidence).join(" ");
  const checks = taking.map(({ check }) => checkName(check));
  return { alerts, order: { order: orderFor(standing, of, action, evidence), checks } };
}

/** Whether a step may be granted now, as far as nothing else is asked of the ledger. */
export const mayGrant = ({ head, state, waiting }: Standing): boolean =>
  head.version > 0 &&
  head.byHand === undefined &&
  waiting === undefined &&
  (state.outdated ?? 0) < head.version &&
  refusedOf(state, head)?.kind !== "grant";
