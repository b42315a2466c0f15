import { mergeSpans, type Spans } from "./pack.ts";
import type { Ring } from "./ring.ts";
import { emptyRoute, made, mergeRoute, type RouteTally } from "./tally.ts";

const MINUTES_IN_HOUR = 60;

/** What a series has in the tables, as far as the next row depends on it. */
interface Stored {
  /** The minute of the newest row, and what is in it. */
  minute: number;
  row: Spans;
  /** What is in the rows of each hour that is not closed yet. */
  readonly hours: Map<number, Spans>;
  /** All that was counted up to the end of the last hour that was closed. */
  readonly base: RouteTally;
}

const byHour = (spans: Spans): Spans => {
  const hours: Spans = new Map();
  for (const [minute, route] of spans) {
    const hour = Math.floor(minute / MINUTES_IN_HOUR);
    mergeRoute(made(hours, hour, emptyRoute), route);
  }
  return hours;
};

/** What one route counted: what is in its rows, and what waits to be. */
export class RouteSeries {
  /** The route's number in the tables; 0 stands for all that are not told apart. */
  readonly id: number;
  readonly key: string;
  readonly #ring: Ring;
  /** Whether its policy divides visitors: then what waits is stored every ten seconds, else every minute. */
  divides = false;
  /** When it was last reported (ms); `undefined` where that is not known any more. */
  reportedAt: number | undefined;
  /** When it was last reported, or when the shard began anew (ms). */
  heardAt = 0;
  /** By the isolates' minutes. */
  #pending: Spans = new Map();
  #stored: Stored | undefined;
  /** Variants by split that have counts anywhere. */
  #names: Map<string, Set<string>> | undefined;

  constructor(id: number, key: string, ring: Ring) {
    this.id = id;
    this.key = key;
    this.#ring = ring;
  }

  get waits(): boolean {
    return this.#pending.size > 0;
  }

  get pending(): Spans {
    return this.#pending;
  }

  /** What waits for a minute of the isolates, to be added to. */
  at(minute: number): RouteTally {
    return made(this.#pending, minute, emptyRoute);
  }

  /** Takes back what waited when the shard was last stored. */
  restore(spans: Spans): void {
    mergeSpans(this.#pending, spans);
  }

  #load(): Stored {
    if (this.#stored !== undefined) return this.#stored;
    const { hour, totals } = this.#ring.lastHour(this.id);
    const stored: Stored = { minute: -1, row: new Map(), hours: new Map(), base: totals };
    for (const { minute, spans } of this.#ring.minutes(this.id, (hour + 1) * MINUTES_IN_HOUR)) {
      const within = Math.floor(minute / MINUTES_IN_HOUR);
      mergeSpans(
        made(stored.hours, within, () => new Map()),
        byHour(spans),
      );
      stored.minute = minute;
      stored.row = spans;
    }
    this.#stored = stored;
    return stored;
  }

  /** The hour that is to be closed next; `undefined` where none is open. */
  openHour(): number | undefined {
    const open = [...this.#load().hours.keys()];
    return open.length === 0 ? undefined : Math.min(...open);
  }

  #nameAll(): Map<string, Set<string>> {
    if (this.#names !== undefined) return this.#names;
    const names = new Map<string, Set<string>>();
    for (const [experiment, { variants }] of this.totals().splits)
      names.set(experiment, new Set(variants.keys()));
    this.#names = names;
    return names;
  }

  /** Whether a variant of a split is told apart: it is already, or there are fewer than `most`. */
  hasRoom(experiment: string, variant: string, most: number): boolean {
    const names = this.#nameAll();
    if (names.get(experiment)?.has(variant) === true) return true;
    let together = 0;
    for (const variants of names.values()) together += variants.size;
    if (together >= most) return false;
    made(names, experiment, () => new Set()).add(variant);
    return true;
  }

  /** Where there is no room left, leaves out the totals of splits that no policy has any more. */
  makeRoom(known: ReadonlyMap<string, unknown>, most: number): void {
    let together = 0;
    for (const variants of this.#nameAll().values()) together += variants.size;
    if (together < most) return;
    const { base } = this.#load();
    const gone = [...base.splits.keys()].filter((experiment) => !known.has(experiment));
    for (const experiment of gone) base.splits.delete(experiment);
    if (gone.length > 0) this.#names = undefined;
  }

  /** Writes the hours before `minute` that are over. Inside a transaction. */
  close(minute: number): void {
    const stored = this.#load();
    for (const hour of [...stored.hours.keys()].toSorted((a, b) => a - b)) {
      if ((hour + 1) * MINUTES_IN_HOUR > minute) return;
      const spans = stored.hours.get(hour) ?? new Map<number, RouteTally>();
      for (const route of spans.values()) mergeRoute(stored.base, route);
      this.#ring.setHour(this.id, { hour, spans }, stored.base);
      stored.hours.delete(hour);
    }
  }

  /** Writes what waits: one row, whatever minutes it is of, and one for an hour that is over. Inside a transaction. */
  store(now: number): void {
    const stored = this.#load();
    const minute = Math.max(now, stored.minute);
    this.close(minute);
    if (!this.waits) return;
    if (minute > stored.minute) stored.row = new Map();
    stored.minute = minute;
    mergeSpans(stored.row, this.#pending);
    const within = Math.floor(minute / MINUTES_IN_HOUR);
    mergeSpans(
      made(stored.hours, within, () => new Map()),
      byHour(this.#pending),
    );
    this.#ring.setMinute(this.id, minute, stored.row);
  }

  /** The transaction is done: nothing waits any more. */
  committed(): void {
    this.#pending = new Map();
  }

  /** The transaction was rolled back, or rows were deleted: what is in the tables is to be read anew. */
  forgetStored(): void {
    this.#stored = undefined;
    this.#names = undefined;
  }

  /** All that was ever counted. */
  totals(): RouteTally {
    const { base, hours } = this.#load();
    const totals = emptyRoute();
    mergeRoute(totals, base);
    for (const spans of [...hours.values(), this.#pending])
      for (const route of spans.values()) mergeRoute(totals, route);
    return totals;
  }

  /** What was counted, by the isolates' minutes, of rows from one minute to another. */
  minutes(from: number, to: number): Spans {
    const spans: Spans = new Map();
    for (const row of this.#ring.minutes(this.id, from, to)) mergeSpans(spans, row.spans);
    mergeSpans(spans, this.#pending);
    return spans;
  }

  /** What was counted, of rows from one hour to another. */
  hours(from: number, to: number): Spans {
    const spans: Spans = new Map();
    for (const row of this.#ring.hours(this.id, from, to)) mergeSpans(spans, row.spans);
    for (const open of this.#load().hours.values()) mergeSpans(spans, open);
    mergeSpans(spans, byHour(this.#pending));
    return spans;
  }

  /** The minute of the newest row; `undefined` where there is none that is not part of a closed hour. */
  lastMinute(): number | undefined {
    const { minute } = this.#load();
    return minute < 0 ? undefined : minute;
  }
}
