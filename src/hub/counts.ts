import type { Isolates, PackedIsolate } from "./isolates.ts";
import type { HubStore } from "./store.ts";

/** What was taken is stored so often (ms); the first report after a longer pause at once. */
export const STORED_MS = 10_000;

/** Counts are kept for so many minutes. */
export const KEPT_MINUTES = 60;

/** Routes without a split whose counts wait in the packed row; with more than these they get rows of their own sooner. */
export const MAX_PACKED_ROUTES = 1000;

/** Where requests of keys are counted that the hub does not know. */
export const OTHER = "";

const MINUTE_MS = 60_000;

type PackedCount = readonly [key: string, minute: number, requests: number];

interface Packed {
  readonly isolates: readonly PackedIsolate[];
  readonly counts: readonly PackedCount[];
}

/** Requests by route and minute. */
class Tally {
  readonly #byKey = new Map<string, Map<number, number>>();

  get routes(): number {
    return this.#byKey.size;
  }

  add(key: string, minute: number, requests: number): void {
    const minutes = this.#byKey.get(key) ?? new Map<number, number>();
    minutes.set(minute, (minutes.get(minute) ?? 0) + requests);
    this.#byKey.set(key, minutes);
  }

  entries(): PackedCount[] {
    return [...this.#byKey].flatMap(([key, minutes]) =>
      [...minutes].map(([minute, requests]): PackedCount => [key, minute, requests]),
    );
  }

  clear(): void {
    this.#byKey.clear();
  }
}

/**
 * What isolates have served. Counts wait in memory and are stored together with the sequences of the
 * reports that brought them: a report that comes again after a crash counts if and only if it was lost.
 */
export class Counts {
  readonly #store: HubStore;
  readonly #isolates: Isolates;
  readonly #split = new Tally();
  /** Of routes without a split: a row each minute, and until then in the packed row. */
  readonly #others = new Tally();
  #isDirty = false;
  #storedAt = Number.NEGATIVE_INFINITY;
  #minute: number;

  constructor(store: HubStore, isolates: Isolates, now: number) {
    this.#store = store;
    this.#isolates = isolates;
    this.#minute = Math.floor(now / MINUTE_MS);
    const text = store.packed();
    if (text === "") return;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but `store` below writes this row
    const packed = JSON.parse(text) as Packed;
    isolates.load(packed.isolates, now);
    for (const [key, minute, requests] of packed.counts) this.#others.add(key, minute, requests);
  }

  add(key: string, splits: boolean, requests: number, now: number): void {
    const tally = splits ? this.#split : this.#others;
    if (requests > 0) tally.add(key, Math.floor(now / MINUTE_MS), requests);
  }

  /** Says that a report was taken; whether it is to be stored at once. */
  taken(now: number): boolean {
    const isFirst = !this.#isDirty;
    this.#isDirty = true;
    return isFirst && Math.abs(now - this.#storedAt) >= STORED_MS;
  }

  /** When what waits in memory is to be stored (ms); `undefined` where nothing waits. */
  dueAt(now: number): number | undefined {
    if (!this.#isDirty) return undefined;
    return Math.min(now, this.#storedAt) + STORED_MS;
  }

  /** Stores what waits in memory, all of it or nothing. */
  store(transaction: (work: () => void) => void, now: number): void {
    if (!this.#isDirty) return;
    const minute = Math.floor(now / MINUTE_MS);
    const isNextMinute = minute !== this.#minute;
    const unpacks = isNextMinute || this.#others.routes > MAX_PACKED_ROUTES;
    transaction(() => {
      const rows = [...this.#split.entries(), ...(unpacks ? this.#others.entries() : [])];
      for (const [key, at, requests] of rows) this.#store.addCount(at, key, requests);
      const packed: Packed = {
        isolates: this.#isolates.packed(),
        counts: unpacks ? [] : this.#others.entries(),
      };
      this.#store.setPacked(JSON.stringify(packed));
      if (isNextMinute) this.#store.forgetCountsBefore(minute - KEPT_MINUTES);
    });
    this.#split.clear();
    if (unpacks) this.#others.clear();
    this.#isDirty = false;
    this.#storedAt = now;
    this.#minute = minute;
  }
}
