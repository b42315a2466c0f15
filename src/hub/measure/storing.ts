import { MINUTE_MS } from "./ring.ts";
import type { RouteSeries } from "./route-series.ts";
import type { Routes } from "./routes.ts";
import { charsOf, MAX_OPEN_CHARS } from "./packed.ts";

/** What was taken is stored so often (ms); the first report after a longer pause at once. */
export const STORED_MS = 10_000;

/** Where a guard waits for it, what was taken is stored so often (ms): the guard's verdict is late by no more. */
export const HURRIED_MS = 2000;

const HOUR_MS = 60 * MINUTE_MS;

/** Hours are closed so long after their end (ms): what isolates told within the last interval is in them. */
const CLOSED_AFTER_MS = 1000;

/** When what waits in memory is to be stored, and which rows that takes. */
export class Storing {
  readonly #routes: Routes;
  #isDirty = false;
  #isHurried = false;
  #storedAt = Number.NEGATIVE_INFINITY;
  /** Series without a split have their rows up to this minute. */
  #minute: number;
  /** The hour in which series may have rows that are not closed; `undefined` where none has. */
  #openHour: number | undefined;

  constructor(routes: Routes, now: number) {
    this.#routes = routes;
    this.#minute = Math.floor(now / MINUTE_MS);
    // Whether hours are open from before nobody knows yet.
    this.#openHour = routes.told().length === 0 ? undefined : Math.floor(now / HOUR_MS) - 1;
  }

  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Says that a report was taken, and whether a guard waits for what it tells; whether it is to be stored at once. */
  taken(now: number, isHurried: boolean): boolean {
    const isFirst = !this.#isDirty;
    this.#isDirty = true;
    this.#isHurried ||= isHurried;
    const since = Math.abs(now - this.#storedAt);
    return (isFirst && since >= STORED_MS) || (this.#isHurried && since >= HURRIED_MS);
  }

  /** Whether so little time went by since the last that a shard which must store already is behind. */
  isEarly(now: number): boolean {
    return Math.abs(now - this.#storedAt) < STORED_MS;
  }

  /** When something is to be stored (ms); `undefined` where nothing is. */
  dueAt(now: number): number | undefined {
    const interval = this.#isHurried ? HURRIED_MS : STORED_MS;
    const counts = this.#isDirty ? Math.min(now, this.#storedAt) + interval : undefined;
    const hours =
      this.#openHour === undefined ? undefined : (this.#openHour + 1) * HOUR_MS + CLOSED_AFTER_MS;
    if (counts === undefined || hours === undefined) return counts ?? hours;
    return Math.min(counts, hours);
  }

  /** Writes the rows that are due. Those whose counts still wait are told: they go into the packed row. Inside a transaction. */
  write(now: number): {
    readonly stored: readonly RouteSeries[];
    readonly open: readonly RouteSeries[];
  } {
    const minute = Math.floor(now / MINUTE_MS);
    const all = this.#routes.all();
    const waiting = all.filter((series) => series.waits);
    const rest = waiting.filter((series) => !series.divides && this.#routes.has(series));
    const unpacks = minute !== this.#minute || charsOf(rest) > MAX_OPEN_CHARS;
    const open = unpacks ? [] : rest;
    const stored = waiting.filter((series) => !open.includes(series));
    for (const series of stored) series.store(minute);
    if (this.#closes(now)) for (const series of all) series.close(minute);
    return { stored, open };
  }

  #closes(now: number): boolean {
    return this.#openHour !== undefined && Math.floor(now / HOUR_MS) > this.#openHour;
  }

  /** The transaction is done. */
  committed(stored: readonly RouteSeries[], now: number): void {
    for (const series of stored) series.committed();
    this.#routes.dropLeaving();
    this.#isDirty = false;
    this.#isHurried = false;
    this.#storedAt = now;
    this.#minute = Math.floor(now / MINUTE_MS);
    const hour = Math.floor(now / HOUR_MS);
    if (this.#closes(now)) this.#openHour = undefined;
    if (stored.length > 0) this.#openHour = hour;
  }

  /** The transaction was rolled back: what waits goes on waiting. */
  rolledBack(): void {
    for (const series of this.#routes.all()) series.forgetStored();
  }
}
