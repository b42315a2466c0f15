import type { Sql } from "../../lib/sql.ts";
import type { GoalsTaken, PostedGoal } from "../../report/answers.ts";
import type { SampleRate } from "../../report/measured.ts";
import type { HeldRoute } from "../../report/wire.ts";
import type { Isolates } from "../isolates.ts";
import type { HubPlatform } from "../platform.ts";
import type { HubStore } from "../store.ts";
import { Changes } from "../changes.ts";
import { apply, keepTime } from "./apply.ts";
import { Chores } from "./chores.ts";
import { Experiments, type Experiment } from "./experiments.ts";
import { GoalIds } from "./goal-ids.ts";
import type { MeasureLimits } from "./limits.ts";
import { packed, unpack } from "./packed.ts";
import { notePeaks, type Uneven } from "./peaks.ts";
import { Policies } from "./policies.ts";
import { Queue } from "./queue.ts";
import { Reach } from "./reach.ts";
import { Ring } from "./ring.ts";
import { Routes } from "./routes.ts";
import { Sample, type VisitorCounts } from "./sample.ts";
import { Storing } from "./storing.ts";
import { count, prepared, tellsNothing, type TakenRoute } from "./take.ts";
import { Waiting } from "./waiting.ts";

/**
 * What isolates tell of routes and splits. It waits in memory and is stored together with the sequences
 * of the reports that brought it: a report that comes again after a crash counts if and only if it was lost.
 */
export class Measure {
  readonly store: HubStore;
  readonly sql: Sql;
  readonly limits: MeasureLimits;
  /** Of what is told: whoever changes any of that says so here. */
  readonly changes = new Changes();
  readonly routes: Routes;
  readonly policies: Policies;
  readonly experiments: Experiments;
  readonly sample: Sample;
  readonly reach: Reach;
  readonly knowsVisitors: boolean;
  readonly #waiting: Waiting;
  readonly #ids: GoalIds;
  readonly #queue: Queue;
  readonly #storing: Storing;
  readonly #isolates: Isolates;
  readonly #chores: Chores;
  readonly #transaction: HubPlatform["transaction"];
  readonly #tell: (uneven: Uneven) => void;
  /** As they were when they were last stored. */
  #visitors: VisitorCounts;

  /** `tell` hears, inside a transaction, of splits that do not divide as they should. */
  constructor(
    { sql, transaction, now, knowsVisitors = true }: HubPlatform,
    store: HubStore,
    isolates: Isolates,
    limits: MeasureLimits,
    tell: (uneven: Uneven) => void = () => {},
  ) {
    this.store = store;
    this.sql = sql;
    this.knowsVisitors = knowsVisitors;
    this.limits = limits;
    this.#isolates = isolates;
    this.#transaction = transaction;
    this.#tell = tell;
    this.routes = new Routes(store, new Ring(sql), limits.routes, now());
    this.policies = new Policies(store);
    this.experiments = new Experiments(sql);
    this.sample = new Sample(sql, this.experiments, limits);
    this.#ids = new GoalIds(sql, limits.idsInGeneration);
    this.#waiting = new Waiting(sql, limits.waiting);
    this.reach = new Reach(this.experiments, this.sample, this.#ids, this.#waiting);
    this.#queue = new Queue(limits.queue);
    const { visitors, retainedAt } = unpack(store.packed(), isolates, this.routes, now());
    this.#visitors = visitors;
    this.sample.load(visitors);
    this.#storing = new Storing(this.routes, now());
    this.#chores = new Chores(sql, this, this.#ids, retainedAt ?? now());
  }

  /** Looks up what a report comes to, so that nothing can fail when it is counted. */
  prepare(routes: readonly HeldRoute[], now: number): readonly TakenRoute[] {
    return routes.map((route) => {
      // That it was heard of is told of all routes, what it says only where it says something.
      if (tellsNothing(route)) this.changes.shard();
      else this.changes.route(route.key);
      return prepared(route, this, now);
    });
  }

  /** Counts what a report comes to. */
  count(taken: readonly TakenRoute[], now: number): void {
    for (const route of taken) {
      count(route, now);
      this.#queue.add(route.visitors, route.goals);
    }
  }

  /** Says that a report was taken, and whether a guard waits for what it tells; whether it is to be stored at once. */
  taken(now: number, isHurried = false): boolean {
    return this.#storing.taken(now, isHurried) || this.#queue.isFull;
  }

  /** Whether storing is due. */
  isDue(now: number): boolean {
    const due = [this.#storing.dueAt(now), this.#waiting.dueAt()];
    return due.some((at) => at !== undefined && at <= now);
  }

  /** When something is to be done (ms). */
  dueAt(now: number): number | undefined {
    const due = [this.#storing.dueAt(now), this.#waiting.dueAt(), this.#chores.dueAt(now)];
    const times = due.filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Stores what waits in memory, all of it or nothing. Throws where it cannot: then all of it goes on waiting. */
  storeAll(now: number): void {
    const isBehind = this.#queue.isFull && this.#storing.isEarly(now);
    for (const { key } of [...this.#queue.visitors, ...this.#queue.goals]) this.changes.route(key);
    const stored = this.#all(() => {
      const written = this.#storing.write(now);
      const touched = apply(this.#queue, this, now);
      const largest = isBehind ? this.sample.largestOf(touched) : undefined;
      if (largest !== undefined) this.#halve(largest);
      this.#keepToLimit();
      for (const uneven of notePeaks(touched, this)) this.#tell(uneven);
      this.#waiting.expire(now);
      this.store.setPacked(
        packed(this.#isolates, written.open, {
          visitors: this.sample.counts(),
          retainedAt: this.#chores.retainedAt,
        }),
      );
      return written.stored;
    });
    this.#storing.committed(stored, now);
    this.#queue.clear();
    this.#chores.look();
  }

  /** One slice of what is deleted by and by, where it is due. */
  chore(now: number): void {
    if (this.#chores.dueAt(now) > now) return;
    this.changes.all();
    this.#all(() => this.#chores.step(now));
  }

  /** The samples of a route that are not all of its visitors. */
  samples(key: string): SampleRate[] {
    const route = this.store.idOf(key);
    if (route === undefined) return [];
    return [...this.experiments.of(route).values()]
      .filter(({ halvings }) => halvings > 0)
      .map(({ name, halvings }) => ({ key, experiment: name, halvings }));
  }

  /** Halves the largest samples while all of them together have too many visitors. Inside a transaction. */
  #keepToLimit(): void {
    for (let id = this.sample.fullest(); id !== undefined; id = this.sample.fullest()) {
      const fullest = this.experiments.byId(id);
      if (fullest === undefined) this.sample.forgetCount(id);
      else if (!this.#halve(fullest)) return;
    }
  }

  /** Halves a sample, be it of a route that nobody reported. Inside a transaction. */
  #halve(experiment: Experiment): boolean {
    this.changes.all();
    return this.sample.halve(experiment);
  }

  /** Takes goals that are known elsewhere. All of them, or none. */
  takeGoals(key: string, goals: readonly PostedGoal[], now: number): GoalsTaken | undefined {
    const head = this.store.head(key);
    const route = this.store.idOf(key);
    if (head === undefined || route === undefined) return undefined;
    // What was reported before them is stored before them.
    if (this.#storing.isDirty) this.storeAll(now);
    this.changes.route(key);
    const declared = this.policies.of(head).goals;
    const outcomes = { taken: 0, known: 0, unknown: 0 };
    this.#all(() => {
      keepTime(key, this, now);
      for (const { name, digest, at, value = 1, id } of goals) {
        const goal = declared.get(name);
        const outcome =
          goal === undefined
            ? "unknown"
            : this.reach.take(route, goal, { digest, at, value, id }, now);
        outcomes[outcome] += 1;
      }
    });
    return outcomes;
  }

  /** Removes what is known of a visitor of a route; whether there was anything. */
  forget(key: string, digest: string): boolean {
    const route = this.store.idOf(key);
    if (route === undefined) return false;
    this.changes.route(key);
    const waited = this.#queue.forget(key, digest);
    return this.#all(() => {
      let found = waited;
      for (const experiment of this.experiments.of(route).values())
        found = this.sample.remove(experiment, digest) || found;
      for (const { number } of this.#waiting.of(route, digest)) {
        this.#waiting.delete(number);
        found = true;
      }
      return found;
    });
  }

  /** Work that is done as a whole, or not at all: then memory is as it was too. */
  #all<T>(work: () => T): T {
    try {
      const done = this.#transaction(work);
      this.#visitors = this.sample.counts();
      return done;
    } catch (error) {
      this.#storing.rolledBack();
      this.experiments.forget();
      this.#ids.forget();
      this.#waiting.forget();
      this.sample.load(this.#visitors);
      throw error;
    }
  }
}
