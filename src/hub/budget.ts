import { dayOf } from "../report/day.ts";
import type { HubStore } from "./store.ts";

/** Reports that are claimed at once at most: so many, and no more, are lost to the day with an object. */
const MAX_CLAIM = 64;

/**
 * How many reports a shard takes in a day, where that is limited. Those taken are stored before they
 * are, a claim at a time, each twice as large as the one before: an object that often ends writes a row
 * for each report, a busy one for every 64th, and never more are taken than the budget allows.
 */
export class Budget {
  readonly #store: HubStore;
  readonly #perDay: number;
  #day = 0;
  #left = 0;
  #claim = 1;

  constructor(store: HubStore, perDay: number) {
    this.#store = store;
    this.#perDay = Math.floor(perDay);
  }

  /** Whether one more may be taken today; it counts if it may. */
  take(now: number): boolean {
    if (this.#perDay === Infinity) return true;
    const day = dayOf(now);
    if (day !== this.#day || this.#left === 0) this.#fill(day);
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  /** Whether no more is taken today. Takes nothing. */
  isSpent(now: number): boolean {
    if (this.#perDay === Infinity) return false;
    const day = dayOf(now);
    const hasClaim = day === this.#day && this.#left > 0;
    return !hasClaim && this.#store.budgetUsed(day) >= this.#perDay;
  }

  #fill(day: number): void {
    const used = this.#store.budgetUsed(day);
    this.#day = day;
    this.#left = Math.max(0, Math.min(this.#claim, this.#perDay - used));
    if (this.#left > 0) this.#store.setBudgetUsed(day, used + this.#left);
    this.#claim = Math.min(MAX_CLAIM, this.#claim * 2);
  }
}
