import { srm } from "../../stats/srm.ts";
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

/** What the newest policy of an experiment's route says. */
function namesOf(
  { route }: Experiment,
  { store, policies }: Pick<PeakContext, "store" | "policies">,
): Names | undefined {
  const found = store.headOf(route);
  return found && policies.of(found.head);
}

/** Remembers the most evidence against the shares of experiments that met somebody: an alert stays one. Inside a transaction. */
export function notePeaks(touched: Iterable<Experiment>, context: PeakContext): void {
  for (const experiment of touched) {
    const names = namesOf(experiment, context);
    const node = names?.splits.get(experiment.name);
    // Of a split without a draw nothing tells who was to get what.
    if (names === undefined || node?.definition.pins !== true) continue;
    const aggregate = context.sample.aggregate(experiment, capsOf(names.goals.values()));
    const before = srm([], experiment.srmPeak);
    const now = srm(strataOf(experiment, aggregate), experiment.srmPeak);
    if (now.logE < before.logE + STEP && now.verdict === before.verdict) continue;
    experiment.srmPeak = now.logE;
    context.experiments.save(experiment);
  }
}
