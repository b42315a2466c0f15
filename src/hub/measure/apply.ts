import type { AllocationReport } from "../../report/measured.ts";
import type { Head } from "../head.ts";
import type { HubStore } from "../store.ts";
import type { Allocation, Experiment, Experiments } from "./experiments.ts";
import type { MeasureLimits } from "./limits.ts";
import type { Policies } from "./policies.ts";
import type { Queue, QueuedVisitor } from "./queue.ts";
import type { Reach } from "./reach.ts";
import type { Sample } from "./sample.ts";
import { made } from "./tally.ts";
import { broughtUpTo } from "./timeline.ts";

/** What storing visitors and goals takes. */
export interface ApplyContext {
  readonly store: HubStore;
  readonly policies: Policies;
  readonly experiments: Experiments;
  readonly sample: Sample;
  readonly reach: Reach;
  readonly limits: MeasureLimits;
}

/** Since when the text that rules a route does (ms); of one that was put by hand nobody knows. */
const ruledFrom = ({ at, byHand }: Head): number | undefined =>
  byHand === undefined && at > 0 ? at : undefined;

/** Brings the timelines of a route's experiments up to now. Inside a transaction. */
export function keepTime(
  key: string,
  { store, policies, experiments }: Pick<ApplyContext, "store" | "policies" | "experiments">,
  now: number,
  heardFrom: (experiment: string) => number = () => now,
): void {
  const head = store.head(key);
  const route = store.idOf(key);
  if (head === undefined || route === undefined) return;
  const { splits } = policies.of(head);
  for (const experiment of experiments.of(route).values()) {
    const node = splits.get(experiment.name);
    const timeline = broughtUpTo(experiment.timeline, {
      node,
      ruledFrom: ruledFrom(head),
      heardFrom: heardFrom(experiment.name),
      now,
    });
    const goneAt = node === undefined ? (experiment.goneAt ?? now) : undefined;
    if (timeline === experiment.timeline && goneAt === experiment.goneAt) continue;
    Object.assign(experiment, { timeline, goneAt });
    experiments.save(experiment);
  }
}

/** The earliest that visitors of each experiment, or of each of its allocations, were heard of (ms). */
class FirstHeard {
  readonly #at = new Map<string, number>();

  add(name: string, at: number): void {
    this.#at.set(name, Math.min(at, this.#at.get(name) ?? at));
  }

  of(name: string, otherwise: number): number {
    return this.#at.get(name) ?? otherwise;
  }
}

const allocationName = ({ experiment, allocation }: QueuedVisitor): string =>
  `${allocation.id} ${experiment}`;

/** Stores visitors and goals; answers with the experiments that have new ones. Inside a transaction, together with all else that their reports told. */
export function apply(queue: Queue, context: ApplyContext, now: number): ReadonlySet<Experiment> {
  const touched = new Set<Experiment>();
  const { store, policies, experiments, sample, reach, limits } = context;
  const byKey = new Map<string, QueuedVisitor[]>();
  for (const queued of queue.visitors) made(byKey, queued.key, () => []).push(queued);
  for (const { key } of queue.goals) made(byKey, key, () => []);
  for (const [key, visitors] of byKey) {
    const route = store.idOf(key);
    const head = store.head(key);
    if (route === undefined || head === undefined) continue;
    const heard = new FirstHeard();
    for (const queued of visitors) {
      if (queued.visitor.exposure !== "drawn") continue;
      heard.add(allocationName(queued), queued.visitor.at);
      heard.add(queued.experiment, queued.visitor.at);
    }
    for (const queued of visitors) experiments.make(route, queued.experiment);
    keepTime(key, context, now, (experiment) => heard.of(experiment, now));
    const { goals } = policies.of(head);
    for (const queued of visitors) {
      const experiment = experiments.of(route).get(queued.experiment);
      const since = heard.of(allocationName(queued), now);
      const allocation =
        experiment && allocationIn(experiment, queued.allocation, since, experiments, limits);
      if (experiment === undefined || allocation === undefined) continue;
      if (!sample.meet(experiment, allocation, queued.visitor)) continue;
      reach.exposed(route, queued.visitor.digest, goals);
      touched.add(experiment);
    }
    sample.trim(experiments.of(route).values());
  }
  for (const { key, goal } of queue.goals) {
    const head = store.head(key);
    const route = store.idOf(key);
    const declared = head && policies.of(head).goals.get(goal.goal);
    if (route === undefined || declared === undefined) continue;
    const { digest, at, value = 1, id } = goal;
    reach.take(route, declared, { digest, at, value, id }, now);
  }
  return touched;
}

/** An allocation of an experiment, made where there is none and room for one. */
function allocationIn(
  experiment: Experiment,
  report: AllocationReport,
  since: number,
  experiments: Experiments,
  limits: MeasureLimits,
): Allocation | undefined {
  const known = experiment.allocations.get(report.id);
  if (known !== undefined) return known;
  if (experiment.allocations.size >= limits.allocations) return undefined;
  return experiments.addAllocation(experiment, report, since);
}
