import type { Goal } from "../../policy/compiled.ts";
import type { Experiment, Experiments } from "./experiments.ts";
import type { GoalIds } from "./goal-ids.ts";
import type { Sample } from "./sample.ts";
import { inForceAt } from "./timeline.ts";
import { KINDS } from "./visitors.ts";
import type { Waiting } from "./waiting.ts";

/** A goal waits so long (ms) for the exposure that it belongs to. */
export const WAIT_MS = 120_000;

/** One of which it is told so long after (ms) comes behind every report, and waits for none. */
export const LATE_MS = 900_000;

/** One value is never more, and what a visitor's come to is exact. */
const MAX_VALUE = 1e12;

/** Somebody reached a goal. */
export interface Reaching {
  readonly digest: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly value: number;
  readonly id: string | undefined;
}

/** What came of it, for one experiment: counted, counted before, to be waited for, or no matter of it. */
type Outcome = "counted" | "known" | "waits" | "not-its";

/** What comes of goals: each counts for each experiment to which its visitor was exposed by then. */
export class Reach {
  readonly #experiments: Experiments;
  readonly #sample: Sample;
  readonly #ids: GoalIds;
  readonly #waiting: Waiting;

  constructor(experiments: Experiments, sample: Sample, ids: GoalIds, waiting: Waiting) {
    this.#experiments = experiments;
    this.#sample = sample;
    this.#ids = ids;
    this.#waiting = waiting;
  }

  /** Takes a goal. Inside a transaction. */
  take(route: number, goal: Goal, reaching: Reaching, now: number): "taken" | "known" | "unknown" {
    const { digest, at, id } = reaching;
    const value = Math.min(reaching.value, MAX_VALUE);
    if (id !== undefined && this.#ids.has(route, goal.name, id)) return "known";
    const outcomes = new Map<number, Outcome>();
    for (const experiment of this.#experiments.of(route).values())
      if (experiment.goneAt === undefined)
        outcomes.set(experiment.id, this.#reach(experiment, goal, { digest, at, value }));
    const found = [...outcomes.values()];
    const done = [...outcomes].flatMap(([number, outcome]) =>
      outcome === "waits" ? [] : [number],
    );
    const waits =
      done.length < found.length &&
      now - at < LATE_MS &&
      this.#waiting.add({ route, digest, goal: goal.name, at, value, until: now + WAIT_MS, done });
    if (!waits && !found.includes("counted")) return found.includes("known") ? "known" : "unknown";
    if (id !== undefined) this.#ids.add(route, goal.name, id);
    return "taken";
  }

  /** Counts what waited for an exposure of this visitor. Inside a transaction. */
  exposed(route: number, digest: string, goals: ReadonlyMap<string, Goal>): void {
    for (const { number, goal } of this.#waiting.of(route, digest)) {
      const declared = goals.get(goal.goal);
      const done = new Set(goal.done);
      let waits = false;
      for (const experiment of this.#experiments.of(route).values()) {
        if (declared === undefined || done.has(experiment.id)) continue;
        if (experiment.goneAt !== undefined) continue;
        if (this.#reach(experiment, declared, goal) === "waits") waits = true;
        else done.add(experiment.id);
      }
      if (waits) this.#waiting.setDone(number, [...done]);
      else this.#waiting.delete(number);
    }
  }

  #reach(
    experiment: Experiment,
    goal: Goal,
    { digest, at, value }: Pick<Reaching, "digest" | "at" | "value">,
  ): Outcome {
    if (!this.#sample.isIn(experiment, digest)) return "not-its";
    const visitor = this.#sample.get(experiment, digest);
    if (visitor === undefined) return "waits";
    if (visitor.kind !== KINDS.drawn) return "not-its";
    // Another isolate may still tell of an earlier exposure.
    if (visitor.firstSeen > at) return visitor.firstSeen - at <= WAIT_MS ? "waits" : "not-its";
    const inForce = experiment.allocations.get(inForceAt(experiment.timeline, at) ?? "");
    if (inForce?.number !== visitor.allocation) return "not-its";
    const before = this.#sample.reachedBy(experiment, digest).get(goal.name);
    if (before !== undefined && goal.count === "once") return "known";
    const now = { count: (before?.count ?? 0) + 1, value: (before?.value ?? 0) + value };
    this.#sample.setReached(experiment, digest, visitor, goal.name, before, now);
    return "counted";
  }
}
