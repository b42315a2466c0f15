import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { GuardData } from "../../stats/guard/types.ts";
import { srm } from "../../stats/srm.ts";
import { identityOf } from "../measure/data.ts";
import type { Experiment } from "../measure/experiments.ts";
import type { Measure } from "../measure/measure.ts";
import type { Names } from "../measure/policies.ts";
import { capsOf, strataOf } from "../measure/strata.ts";
import type { SplitName } from "./by-split.ts";
import type { Networks } from "./networks.ts";
import type { Situation } from "./situation.ts";
import { windowAt, type Windows } from "./windows.ts";

/** What a guard judges by comes from here. */
export interface Sources {
  readonly measure: Measure;
  readonly windows: Windows;
  readonly networks: Networks;
}

/** Which split is judged, and when. */
export interface Judged {
  readonly name: SplitName;
  readonly names: Names;
  readonly split: GuardedSplit;
  readonly situation: Situation;
  /** As far as anybody was exposed. */
  readonly experiment: Experiment | undefined;
  /** The roll-out is of those who were first seen at this time (ms) or later. */
  readonly since: number;
  readonly now: number;
}

/** What the visitors of a roll-out come to. */
export function rolledOut(
  { measure }: Pick<Sources, "measure">,
  { experiment, names, since }: Judged,
) {
  return (
    experiment && measure.sample.aggregateSince(experiment, capsOf(names.goals.values()), since)
  );
}

/** Whether the split divides as it should: of all its visitors, as an alert is for good. */
function soundness(measure: Measure, { experiment, names, split }: Judged): GuardData["srm"] {
  const asks = split.guard.checks.some(({ metric }) => metric === "srm");
  if (!asks || experiment === undefined || !split.node.definition.pins)
    return { verdict: "ok", p: 1 };
  const aggregate = measure.sample.aggregate(experiment, capsOf(names.goals.values()));
  return srm(strataOf(experiment, aggregate), experiment.srmPeak);
}

/** All that a guard is judged by, of what is stored and remembered. */
export function gathered(sources: Sources, judged: Judged): GuardData {
  const { measure, windows, networks } = sources;
  const { name, names, split, situation, experiment, now } = judged;
  const { node, guard } = split;
  const aggregate = rolledOut(sources, judged);
  const strata = experiment && aggregate ? strataOf(experiment, aggregate) : [];
  const had = new Set(strata.flatMap(({ variants }) => Object.keys(variants)));
  const compared = node.variants
    .map((variant) => variant.name)
    .filter((variant) => variant !== situation.control)
    .filter((variant) => situation.variants.includes(variant) || had.has(variant));
  const compares = node.definition.guard !== "nothing" && node.definition.guard.compares;
  const newest = windowAt(now, guard.windowMs);
  return {
    checks: guard.checks,
    minVisitors: guard.minVisitors,
    control: situation.control,
    variants: compares ? compared : situation.variants,
    identity: identityOf(node, measure.knowsVisitors),
    windowMs: guard.windowMs,
    window: windows.tally(name, newest),
    before: windows.tally(name, newest - 1),
    strata,
    networks: networks.of(name),
    halvings: experiment?.halvings ?? 0,
    goals: [...names.goals.values()].map((goal) => ({
      goal: goal.name,
      ...(goal.cap === undefined ? {} : { cap: goal.cap }),
      unattributed: 0,
    })),
    srm: soundness(measure, judged),
  };
}

const without = <T>(
  record: Readonly<Record<string, T>>,
  names: ReadonlySet<string>,
): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));

/** What a guard is judged by, with nothing known of some variants, which are still counted among those that are compared. */
export function blanked(data: GuardData, names: ReadonlySet<string>): GuardData {
  return {
    ...data,
    window: without(data.window, names),
    ...(data.before && { before: without(data.before, names) }),
    strata: data.strata.map((stratum) => ({
      ...stratum,
      variants: without(stratum.variants, names),
    })),
  };
}
