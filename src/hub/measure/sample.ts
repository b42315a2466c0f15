import type { Sql } from "../../lib/sql.ts";
import type { VisitorReport } from "../../report/measured.ts";
import { Recent } from "../recent.ts";
import { aggregated, type Aggregate, type Caps, type Reached } from "./aggregate.ts";
import type { Allocation, Experiment, Experiments } from "./experiments.ts";
import type { MeasureLimits } from "./limits.ts";
import { met } from "./meet-visitor.ts";
import { ReachedGoals } from "./reached.ts";
import { belowOf, KINDS, Visitors, type Visitor } from "./visitors.ts";

/** Experiments of which it is kept in memory what their visitors come to. */
const MAX_AGGREGATES = 1000;

/** One in a milliard is left then. */
const MAX_HALVINGS = 30;

/** What is kept of an experiment: of all its visitors, and of those that a guard judges by. */
type Which = "all" | "rolled-out";

/** Visitors of an experiment by its number. */
export type VisitorCounts = readonly (readonly [experiment: number, visitors: number])[];

/**
 * The visitors of all experiments: those whose digest falls into the sample. Whoever is above it has
 * no row, or one that is about to be deleted and that nothing reads.
 */
export class Sample {
  readonly #sql: Sql;
  readonly #experiments: Experiments;
  readonly #limits: MeasureLimits;
  readonly #visitors: Visitors;
  readonly #reached: ReachedGoals;
  readonly #aggregates = new Recent<Aggregate>(MAX_AGGREGATES);
  readonly #counts = new Map<number, number>();
  #together = 0;
  /** Whether a sample was halved since rows above samples were last looked for. */
  hasUnswept = false;

  constructor(sql: Sql, experiments: Experiments, limits: MeasureLimits) {
    this.#sql = sql;
    this.#experiments = experiments;
    this.#limits = limits;
    this.#visitors = new Visitors(sql);
    this.#reached = new ReachedGoals(sql);
  }

  /** Takes back what was stored last; also after a transaction was rolled back. */
  load(counts: VisitorCounts): void {
    this.#aggregates.clear();
    this.#counts.clear();
    this.#together = 0;
    for (const [experiment, visitors] of counts) this.#setCount(experiment, visitors);
  }

  counts(): VisitorCounts {
    return [...this.#counts];
  }

  #setCount(experiment: number, visitors: number): void {
    this.#together += visitors - (this.#counts.get(experiment) ?? 0);
    if (visitors > 0) this.#counts.set(experiment, visitors);
    else this.#counts.delete(experiment);
  }

  countOf(experiment: Experiment): number {
    return this.#counts.get(experiment.id) ?? 0;
  }

  isIn({ halvings }: Experiment, digest: string): boolean {
    return digest < belowOf(halvings);
  }

  get(experiment: Experiment, digest: string): Visitor | undefined {
    return this.isIn(experiment, digest) ? this.#visitors.get(experiment.id, digest) : undefined;
  }

  reachedBy(experiment: Experiment, digest: string): ReadonlyMap<string, Reached> {
    return this.#reached.of(experiment.id, digest);
  }

  /** Takes what was reported of a visitor; whether anything is new. Inside a transaction. */
  meet(experiment: Experiment, allocation: Allocation, report: VisitorReport): boolean {
    const { digest } = report;
    if (!this.isIn(experiment, digest)) return false;
    const known = this.#visitors.get(experiment.id, digest);
    const now = met(known, report, allocation);
    if (now === undefined) return false;
    this.#visitors.set(experiment.id, digest, now);
    if (known === undefined) this.#setCount(experiment.id, this.countOf(experiment) + 1);
    for (const aggregate of this.#kept(experiment.id)) {
      if (known !== undefined) aggregate.add(known, -1);
      aggregate.add(now, 1);
    }
    // What was reached before the draw that counts is of no allocation.
    if (known !== undefined && known.kind !== now.kind) this.#reached.delete(experiment.id, digest);
    return true;
  }

  /** Says what a visitor made of a goal by now. Inside a transaction. */
  setReached(
    experiment: Experiment,
    digest: string,
    visitor: Visitor,
    goal: string,
    before: Reached | undefined,
    now: Reached,
  ): void {
    this.#reached.set(experiment.id, digest, goal, now);
    for (const aggregate of this.#kept(experiment.id)) {
      if (before !== undefined) aggregate.addReached(visitor, goal, before, -1);
      aggregate.addReached(visitor, goal, now, 1);
    }
  }

  /** What an experiment's visitors come to; `caps` are those of its goals. */
  aggregate(experiment: Experiment, caps: Caps): Aggregate {
    return this.#aggregate("all", experiment, caps, 0);
  }

  /** What the visitors of an experiment come to who were first seen at a time (ms) or later. */
  aggregateSince(experiment: Experiment, caps: Caps, since: number): Aggregate {
    if (since === 0) return this.aggregate(experiment, caps);
    return this.#aggregate("rolled-out", experiment, caps, since);
  }

  #aggregate(which: Which, { id, halvings }: Experiment, caps: Caps, since: number): Aggregate {
    const known = this.#aggregates.get(`${id} ${which}`);
    const isSame = known?.since === since && JSON.stringify(known.caps) === JSON.stringify(caps);
    if (known !== undefined && isSame) return known;
    const fresh = aggregated(this.#sql, id, belowOf(halvings), caps, since);
    this.#aggregates.set(`${id} ${which}`, fresh);
    return fresh;
  }

  /** The aggregates of an experiment that are in memory. */
  #kept(experiment: number): Aggregate[] {
    const all = this.#aggregates.get(`${experiment} all`);
    const rolledOut = this.#aggregates.get(`${experiment} rolled-out`);
    return [all, rolledOut].filter((one) => one !== undefined);
  }

  #forgetAggregates(experiment: number): void {
    this.#aggregates.delete(`${experiment} all`);
    this.#aggregates.delete(`${experiment} rolled-out`);
  }

  /** Halves samples for as long as they hold too much. Inside a transaction. */
  trim(experiments: Iterable<Experiment>): void {
    for (const experiment of experiments)
      while (this.countOf(experiment) > this.#limits.sampled && this.halve(experiment));
  }

  /** Of an experiment that is there no more. */
  forgetCount(experiment: number): void {
    this.#setCount(experiment, 0);
  }

  /** The one of some experiments that has the most visitors. */
  largestOf(experiments: Iterable<Experiment>): Experiment | undefined {
    let largest: Experiment | undefined;
    for (const experiment of experiments)
      if (largest === undefined || this.countOf(experiment) > this.countOf(largest))
        largest = experiment;
    return largest;
  }

  /** Whether all experiments together have too many visitors, and which one has the most. */
  fullest(): number | undefined {
    if (this.#together <= this.#limits.visitors) return undefined;
    let most: readonly [number | undefined, number] = [undefined, 0];
    for (const [id, count] of this.#counts) if (count > most[1]) most = [id, count];
    return most[0];
  }

  /**
   * Drops the upper half of the digests: their exposures are counted for ever, their rows deleted by
   * and by. Whether there was one to drop. Inside a transaction.
   */
  halve(experiment: Experiment): boolean {
    if (experiment.halvings >= MAX_HALVINGS) return false;
    const [from, below] = [belowOf(experiment.halvings + 1), belowOf(experiment.halvings)];
    const byNumber = new Map(
      [...experiment.allocations.values()].map((allocation) => [allocation.number, allocation]),
    );
    for (const { allocation, variant, n } of this.#visitors.drawn(experiment.id, from, below)) {
      const of = byNumber.get(allocation);
      if (of !== undefined) this.#experiments.drop(of, { [variant]: n });
    }
    experiment.halvings += 1;
    this.#experiments.save(experiment);
    this.#setCount(experiment.id, this.#visitors.count(experiment.id, from));
    this.#forgetAggregates(experiment.id);
    this.hasUnswept = true;
    return true;
  }

  /** Deletes rows above the sample; whether there may be more. Inside a transaction. */
  sweep(experiment: Experiment, most: number): boolean {
    const { id, halvings, swept } = experiment;
    if (swept === halvings) return false;
    if (this.#visitors.deleteFrom(id, belowOf(halvings), most)) return true;
    experiment.swept = halvings;
    this.#experiments.save(experiment);
    return false;
  }

  /** Deletes rows of an experiment that is over; whether there may be more. Inside a transaction. */
  clear({ id }: Experiment, most: number): boolean {
    this.#forgetAggregates(id);
    this.#setCount(id, 0);
    return this.#visitors.deleteFrom(id, "", most);
  }

  /** Removes what is known of a visitor; the exposure stays counted. Inside a transaction. */
  remove(experiment: Experiment, digest: string): boolean {
    const known = this.#visitors.get(experiment.id, digest);
    if (known === undefined) return false;
    this.#visitors.delete(experiment.id, digest);
    this.#reached.delete(experiment.id, digest);
    this.#forgetAggregates(experiment.id);
    // Above the sample it is counted as dropped already.
    if (!this.isIn(experiment, digest)) return true;
    this.#setCount(experiment.id, this.countOf(experiment) - 1);
    for (const allocation of experiment.allocations.values())
      if (known.kind === KINDS.drawn && allocation.number === known.allocation)
        this.#experiments.drop(allocation, { [known.variant]: 1 });
    return true;
  }
}
