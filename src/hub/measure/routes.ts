import type { HubStore } from "../store.ts";
import { MINUTE_MS, type Ring } from "./ring.ts";
import { RouteSeries } from "./route-series.ts";

/** Number and key of what is not told apart. */
const OTHER = { id: 0, key: "" } as const;

/** Who was silent for so long (ms) has lost the right to a place: a day. */
const SILENT_MS = 1440 * MINUTE_MS;

/**
 * The routes that are told apart: a bounded number, those that divide visitors first, of the others
 * those that came first. What the rest serves adds up in one series.
 */
export class Routes {
  readonly #store: HubStore;
  readonly #ring: Ring;
  readonly #most: number;
  /** In the order in which they were last reported. */
  readonly #known = new Map<string, RouteSeries>();
  /** Those that lost their place and still wait to be stored. */
  readonly #leaving = new Set<RouteSeries>();
  readonly #other: RouteSeries;

  constructor(store: HubStore, ring: Ring, most: number, now: number) {
    this.#store = store;
    this.#ring = ring;
    this.#most = most;
    this.#other = new RouteSeries(OTHER.id, OTHER.key, ring);
    const found = ring.routes().filter((id) => id !== OTHER.id);
    const stored = found.map((id) => store.headOf(id)).filter((head) => head !== undefined);
    const splitsFirst = stored.toSorted((a, b) => Number(b.head.splits) - Number(a.head.splits));
    for (const { id, head } of splitsFirst.slice(0, most))
      this.#add(new RouteSeries(id, head.key, ring), head.splits).heardAt = now;
  }

  #add(series: RouteSeries, divides: boolean): RouteSeries {
    series.divides = divides;
    this.#known.set(series.key, series);
    return series;
  }

  /** Every series there is: those told apart, those that lost their place, and the one of all others. */
  all(): RouteSeries[] {
    return [...this.#known.values(), ...this.#leaving, this.#other];
  }

  get other(): RouteSeries {
    return this.#other;
  }

  /** A series, where the route is told apart. */
  get(key: string): RouteSeries | undefined {
    return this.#known.get(key);
  }

  /** Whether a series has a place, or is that of all others. */
  has(series: RouteSeries): boolean {
    return series === this.#other || this.#known.get(series.key) === series;
  }

  /** The series of a number, which had a place when it was stored; of one that has none any more, that of all others. */
  byId(id: number, now: number): RouteSeries {
    for (const series of this.#known.values()) if (series.id === id) return series;
    const head = id === OTHER.id ? undefined : this.#store.headOf(id)?.head;
    return head === undefined ? this.#other : this.place(head.key, head.splits, now);
  }

  told(): RouteSeries[] {
    return [...this.#known.values()];
  }

  /** The series that what a route reports is added to: its own where it has a place, or can be given one. */
  place(key: string, divides: boolean, now: number): RouteSeries {
    const known = this.#known.get(key);
    if (known !== undefined) {
      // At the end: it was reported last.
      this.#known.delete(key);
      return this.#heard(this.#add(known, divides), now);
    }
    const id = this.#store.idOf(key);
    if (id === undefined || !this.#makeRoom(divides, now)) return this.#other;
    const left = [...this.#leaving].find((one) => one.key === key);
    if (left !== undefined) this.#leaving.delete(left);
    return this.#heard(this.#add(left ?? new RouteSeries(id, key, this.#ring), divides), now);
  }

  #heard(series: RouteSeries, now: number): RouteSeries {
    series.reportedAt = now;
    series.heardAt = now;
    return series;
  }

  /** A route that divides visitors takes the place of one that does not; of two alike, of one that was silent for long. */
  #makeRoom(divides: boolean, now: number): boolean {
    if (this.#known.size < this.#most) return true;
    for (const [key, series] of this.#known) {
      const isSilent = now - series.heardAt >= SILENT_MS;
      if (!isSilent && (series.divides || !divides)) continue;
      this.#known.delete(key);
      this.#leaving.add(series);
      return true;
    }
    return false;
  }

  /** What lost its place is stored. */
  dropLeaving(): void {
    this.#leaving.clear();
  }
}
