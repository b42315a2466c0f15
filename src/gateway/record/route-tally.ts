import type { Allocation } from "../../decide/allocation.ts";
import type { LeafNode } from "../../policy/compiled.ts";
import {
  MAX_REPORTED_SPLITS,
  type GoalReport,
  type MeasuredRoute,
  type SentSplit,
  type UnattributedGoals,
} from "../../report/measured.ts";
import { MAX_EXPERIMENT_CHARS } from "../../report/wire-limits.ts";
import { fits, MAX_WAITING_GOALS, type Bounds, type Room } from "./bounds.ts";
import { SplitTally } from "./split-tally.ts";

/** What a report says of a route beside its requests. */
export type Sent = Omit<MeasuredRoute, "splits"> & { readonly splits?: readonly SentSplit[] };

/** What is counted of one route until it is reported. */
export class RouteTally {
  requests = 0;
  readonly key: string;
  /** How often the hub has halved the sample of each experiment; never, where it says nothing. */
  readonly halvings = new Map<string, number>();
  /** By what was done with requests that ended at the gateway. */
  readonly #ends = new Map<string, number>();
  readonly #splits = new Map<Allocation, SplitTally>();
  readonly #goals = new Map<string, GoalReport>();
  readonly #unattributed = new Map<string, UnattributedGoals>();
  readonly #bounds: Bounds;

  constructor(key: string, bounds: Bounds) {
    this.key = key;
    this.#bounds = bounds;
  }

  /** Where a split is counted under an allocation; nothing where there is no room for more. */
  split({ experiment }: LeafNode, allocation: Allocation): SplitTally | undefined {
    const known = this.#splits.get(allocation);
    if (known !== undefined) return known;
    if (this.#splits.size >= MAX_REPORTED_SPLITS || experiment.length > MAX_EXPERIMENT_CHARS)
      return undefined;
    const split = new SplitTally(this.key, experiment, allocation, this.#bounds);
    this.#splits.set(allocation, split);
    return split;
  }

  /** Counts a request that ended at the gateway. */
  ended(done: string): void {
    this.#ends.set(done, (this.#ends.get(done) ?? 0) + 1);
  }

  /** Takes a goal up for the next report, in place of one of the same name that waits for it. */
  reached(name: string, goal: GoalReport): void {
    const there = this.#goals.get(name);
    if (there === undefined) {
      if (this.#bounds.goals >= MAX_WAITING_GOALS) return;
      this.#bounds.goals += 1;
    }
    // With the later time: they may have been exposed only since.
    this.#goals.set(name, { ...goal, ...there, at: goal.at });
  }

  /** Counts a goal of somebody whom an experiment does not know. */
  unattributed(experiment: string, goal: string): void {
    const name = `${experiment}\n${goal}`;
    const count = (this.#unattributed.get(name)?.count ?? 0) + 1;
    this.#unattributed.set(name, { experiment, goal, count });
  }

  /** Whether there is nothing to report. */
  get isEmpty(): boolean {
    const { size } = this.#splits;
    return (
      this.requests + size + this.#ends.size + this.#goals.size + this.#unattributed.size === 0
    );
  }

  /** Visitors who wait for a report: of the splits, or of their guards. */
  waiting(kind: "waiting" | "watched"): number {
    return Array.from(this.#splits.values()).reduce((sum, split) => sum + split[kind], 0);
  }

  /** What a report says of it beside its requests, as far as there is room. The rest waits for the next. */
  take(room: Room): Sent {
    const splits: SentSplit[] = [];
    for (const [allocation, split] of this.#splits) {
      const report = split.take(room);
      if (report !== undefined) splits.push(report);
      // Whoever had no room stands ahead of those that come back.
      if (split.isEmpty) this.#splits.delete(allocation);
    }
    const goals = taken(this.#goals, room, room.goals);
    room.goals -= goals.length;
    this.#bounds.goals -= goals.length;
    const unattributed = taken(this.#unattributed, room, Infinity);
    const ends = Object.fromEntries(this.#ends);
    const hasEnds = this.#ends.size > 0 && fits(room, { ends });
    if (hasEnds) this.#ends.clear();
    return {
      ...(splits.length > 0 && { splits }),
      ...(hasEnds && { ends }),
      ...(goals.length > 0 && { goals }),
      ...(unattributed.length > 0 && { unattributed }),
    };
  }
}

/** The first of a list that find room in a report, so many at most: they are no longer in it. */
function taken<T>(list: Map<string, T>, room: Room, most: number): T[] {
  const found: T[] = [];
  for (const [name, one] of list) {
    if (found.length >= most || !fits(room, one)) break;
    found.push(one);
    list.delete(name);
  }
  return found;
}
