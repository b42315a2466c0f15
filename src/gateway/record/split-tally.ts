import type { Allocation } from "../../decide/allocation.ts";
import { murmur3 } from "../../lib/hash.ts";
import type { WatchedVisitor } from "../../report/guard.ts";
import {
  MAX_REPORTED_MINUTES,
  type MinuteCounts,
  type SentSplit,
  type SentVisitor,
} from "../../report/measured.ts";
import { fits, MAX_ROWS, MAX_WAITING_VISITORS, type Bounds, type Room } from "./bounds.ts";
import { Watched } from "./watched.ts";
import { countIn, countsOf, ROW, type Outcome } from "./row.ts";

/** One minute (since the epoch), with a row for each variant. */
interface Minute {
  readonly minute: number;
  readonly rows: Uint32Array;
}

/** What is counted of one split, or single origin, under one allocation, until it is reported. */
export class SplitTally {
  /** Equal for the same split of a route under the same allocation, whenever it is counted. */
  readonly mark: number;
  readonly experiment: string;
  unchecked = 0;
  readonly #allocation: Allocation;
  readonly #names: readonly string[];
  /** Oldest first. */
  readonly #minutes: Minute[] = [];
  #visitors: SentVisitor[] = [];
  /** Made with the first one: most splits have no guard. */
  #watched: Watched | undefined;
  readonly #bounds: Bounds;

  constructor(route: string, experiment: string, allocation: Allocation, bounds: Bounds) {
    this.mark = murmur3(`${route}\n${experiment}\n${allocation.id}`, 0);
    this.experiment = experiment;
    this.#allocation = allocation;
    this.#names = Object.keys(allocation.shares);
    this.#bounds = bounds;
  }

  /** Counts a request in a minute. */
  count(minute: number, variant: string, outcome: Outcome): void {
    const index = this.#names.indexOf(variant);
    const there = this.#minutes.find((one) => one.minute === minute) ?? this.#begin(minute);
    if (there !== undefined && index >= 0) countIn(there.rows, index * ROW, outcome);
  }

  /** Begins a minute. Those beyond five are merged, and where there are no more rows, this one and the last. */
  #begin(minute: number): Minute | undefined {
    const { length } = this.#names;
    if (this.#bounds.rows + length > MAX_ROWS) return this.#minutes.at(-1);
    const begun = { minute, rows: new Uint32Array(length * ROW) };
    this.#bounds.rows += length;
    this.#minutes.push(begun);
    const [oldest, next] = this.#minutes;
    if (this.#minutes.length > MAX_REPORTED_MINUTES && oldest && next) {
      oldest.rows.forEach(
        (count, place) => void (next.rows[place] = (next.rows[place] ?? 0) + count),
      );
      this.#forget(oldest);
    }
    return begun;
  }

  #forget(minute: Minute): void {
    this.#minutes.splice(this.#minutes.indexOf(minute), 1);
    this.#bounds.rows -= this.#names.length;
  }

  /** Visitors who wait for a report. */
  get waiting(): number {
    return this.#visitors.length;
  }

  /** Takes a visitor up for the next report; whether there is room for another one. */
  tell(visitor: SentVisitor): boolean {
    if (this.#bounds.visitors >= MAX_WAITING_VISITORS) return false;
    this.#bounds.visitors += 1;
    this.#visitors.push(visitor);
    return true;
  }

  /** Visitors of its guard who wait for a report. */
  get watched(): number {
    return this.#watched?.waiting ?? 0;
  }

  /** Takes somebody up who came in a guard's window; whether there was room. */
  watch(window: number, visitor: WatchedVisitor): boolean {
    this.#watched ??= new Watched(this.#bounds);
    return this.#watched.add(window, visitor);
  }

  /** What a report says of it, as far as there is room: the rest waits. */
  take(room: Room): SentSplit | undefined {
    const { experiment, unchecked } = this;
    const frame = {
      experiment,
      allocation: this.#allocation,
      minutes: [],
      ...(unchecked > 0 && { unchecked }),
    };
    if (!fits(room, frame)) return undefined;
    this.unchecked = 0;
    const minutes = [...this.#minutes].map((minute) => this.#takeMinute(room, minute));
    const visitors = this.#takeVisitors(room);
    return {
      ...frame,
      minutes: minutes.filter(({ variants }) => variants.length > 0),
      ...(visitors.length > 0 && { visitors }),
      ...this.#watched?.take(room),
    };
  }

  #takeMinute(room: Room, one: Minute): MinuteCounts {
    const { minute, rows } = one;
    const told = { minute, variants: [] as MinuteCounts["variants"][number][] };
    if (!fits(room, told)) return told;
    let isWhole = true;
    this.#names.forEach((name, index) => {
      const counts = countsOf(name, rows, index * ROW);
      if (counts === undefined) return;
      if (!fits(room, counts)) {
        isWhole = false;
        return;
      }
      told.variants.push(counts);
      rows.fill(0, index * ROW, (index + 1) * ROW);
    });
    if (isWhole) this.#forget(one);
    return told;
  }

  #takeVisitors(room: Room): SentVisitor[] {
    const most = Math.min(room.visitors, Math.ceil(this.waiting * room.share));
    const visitors: SentVisitor[] = [];
    for (const visitor of this.#visitors.slice(0, most)) {
      if (!fits(room, visitor)) break;
      visitors.push(visitor);
    }
    this.#visitors = this.#visitors.slice(visitors.length);
    this.#bounds.visitors -= visitors.length;
    room.visitors -= visitors.length;
    return visitors;
  }

  /** Whether there is nothing to report. */
  get isEmpty(): boolean {
    const isWatched = this.#watched?.isEmpty === false;
    return this.#minutes.length + this.waiting + this.unchecked === 0 && !isWatched;
  }
}
