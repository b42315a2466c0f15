import { elapsed, NEVER } from "./kv.ts";

/** Lets a few things happen in any stretch of time, and refuses the others. */
export class Rate {
  readonly #times: number[];
  #next = 0;

  /** So many within the stretch that {@link take} names. */
  constructor(count: number) {
    this.#times = Array.from({ length: count }, () => NEVER);
  }

  /** Whether one more may happen now, with no more than so many in any `perMs`; it counts if it may. */
  take(now: number, perMs: number): boolean {
    if (elapsed(now, this.#times[this.#next] ?? now) < perMs) return false;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#times.length;
    return true;
  }
}
