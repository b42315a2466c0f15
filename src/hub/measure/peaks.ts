import { srm } from "../../stats/srm.ts";
import type { Head } from "../head.ts";
import type { HubStore } from "../store.ts";
import type { Experiment, Experiments } from "./experiments.ts";
import type { Names, Policies } from "./policies.ts";
import type { Sample } from "./sample.ts";
import { capsOf, strataOf } from "./strata.ts";

/** A peak is written once it is so much higher (ln of the evidence), or says more than before. */
const STEP = 0.5;

/** What finding out about the ratio of a sample takes. */
export interface PeakContext {
  readonly store: HubStore;
  readonly policies: Policies;
  readonly experiments: Experiments;
  readonly sample: Sample;
}

/** An experiment of which it is known from now on that its shares are not what was drawn. */
export interface Uneven {
  readonly experiment: Experiment;
  readonly head: Head;
  readonly names: Names;
  /** Anytime p-value. */
  readonly p: number;
}

/**
 * Remembers the most evidence against the shares of experiments that met somebody: an alert stays one. Those that
 * became one are told. Inside a transaction.
 */
export function notePeaks(touched: Iterable<Experiment>, context: PeakContext): Uneven[] {
  const uneven: Uneven[] = [];
  for (const experiment of touched) {
    const head = context.store.headOf(experiment.route)?.head;
    const names = head && context.policies.of(head);
    const node = names?.splits.get(experiment.name);
    // Of a split without a draw nothing tells who was to get what.
    if (head === undefined || names === undefined || node?.definition.pins !== true) continue;
    const aggregate = context.sample.aggregate(experiment, capsOf(names.goals.values()));
    const before = srm([], experiment.srmPeak);
    const now = srm(strataOf(experiment, aggregate), experiment.srmPeak);
    if (now.logE < before.logE + STEP && now.verdict === before.verdict) continue;
    experiment.srmPeak = now.logE;
    context.experiments.save(experiment);
    if (now.verdict === "alert" && before.verdict !== "alert")
      uneven.push({ experiment, head, names, p: now.p });
  }
  return uneven;
}
