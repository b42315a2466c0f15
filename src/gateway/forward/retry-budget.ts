import { SlidingCount } from "./sliding-count.ts";

/** Retries are held to this share of a route's requests in this isolate, so that a failing origin does not get a multiple of its load. */
export const RETRY_SHARE = 0.2;

/** So many retries a second are allowed, however few requests there are. */
export const MIN_RETRIES_PER_SECOND = 3;

/** Requests and retries are counted over so long (s). */
export const BUDGET_SECONDS = 10;

/** Routes whose retries are counted at once. */
export const MAX_BUDGETS = 1000;

const SLOT_MS = 1000;

interface Budget {
  readonly requests: SlidingCount;
  readonly retries: SlidingCount;
}

/** How many retries each route may still make (as Envoy's retry budget). */
export class RetryBudgets {
  readonly #budgets = new Map<string, Budget>();

  /** Routes counted now. */
  get size(): number {
    return this.#budgets.size;
  }

  /** Counts a request that may come to be retried. */
  request(route: string, now: number): void {
    this.#of(route).requests.add(now);
  }

  /** Whether a retry is within the budget; one that is counts at once. */
  takes(route: string, now: number): boolean {
    const { requests, retries } = this.#of(route);
    const isFree = retries.current(now) < MIN_RETRIES_PER_SECOND;
    if (!isFree && retries.sum(now) >= requests.sum(now) * RETRY_SHARE) return false;
    retries.add(now);
    return true;
  }

  #of(route: string): Budget {
    const known = this.#budgets.get(route);
    if (known !== undefined) return known;
    const budget = {
      requests: new SlidingCount(BUDGET_SECONDS, SLOT_MS),
      retries: new SlidingCount(BUDGET_SECONDS, SLOT_MS),
    };
    this.#budgets.set(route, budget);
    if (this.#budgets.size > MAX_BUDGETS) {
      const [oldest] = this.#budgets.keys();
      if (oldest !== undefined) this.#budgets.delete(oldest);
    }
    return budget;
  }
}
