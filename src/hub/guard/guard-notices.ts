import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { JudgedCheck } from "../../stats/guard/types.ts";
import { chance } from "../../stats/words.ts";
import type { Uneven } from "../measure/peaks.ts";
import type { Notice } from "../notify/notice.ts";
import type { SplitName } from "./by-split.ts";
import { actionWords } from "./ordered-action.ts";
import type { Waiting } from "./orders.ts";

const splitOf = ({ key, experiment }: SplitName): Pick<Notice, "route" | "experiment"> => ({
  route: key,
  experiment,
});

/** That a check is breached, and nothing is taken back for it. */
export const alertNotice = (
  name: SplitName,
  { evidence }: JudgedCheck,
  version: number,
  at: number,
): Notice => ({ event: "guard-alerted", ...splitOf(name), at, version, words: evidence });

/** What became of an order. */
export function doneNotice({ order, experiment }: Waiting, version: number, at: number): Notice {
  const { key, action, evidence } = order;
  return {
    event: action.kind === "grant" ? "guard-granted" : "guard-acted",
    route: key,
    experiment,
    at,
    version,
    words: `The guard ${actionWords(action)}. ${evidence}`,
  };
}

export function refusedNotice({ order, experiment }: Waiting, reason: string, at: number): Notice {
  const { key, version, action, evidence } = order;
  return {
    event: "guard-refused",
    route: key,
    experiment,
    at,
    version,
    words: `The guard would have ${actionWords(action)}, and the ledger refused (${reason}): the route stays as it is. ${evidence}`,
  };
}

/** That a split does not divide as it should. */
export const unevenNotice = ({ experiment, head, p }: Uneven, at: number): Notice => ({
  event: "srm-alert",
  route: head.key,
  experiment: experiment.name,
  at,
  version: head.version,
  words: `Visitors are not split as drawn (${chance(p)}): find out why before any figure of this split is believed.`,
});

/** Whom a guard tells; nobody where it is gone. */
export const receiversOf = (split: GuardedSplit | undefined): readonly string[] =>
  split?.guard.notify ?? [];
