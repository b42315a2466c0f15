import type { Destination } from "./journey.ts";

/** Between two looks at who has come (ms). */
export const TICK_MS = 100;

/** Time that a late look makes up for (ms): after a machine has slept, nobody comes for the hours before. */
const MOST_MS = 2 * TICK_MS;

interface Gate {
  readonly to: Destination;
  /** Visitors that have come and were not let in yet, with the part of the next one. */
  due: number;
}

/** Says who comes when: to each destination so many a second, evenly. */
export class Arrivals {
  readonly #gates: readonly Gate[];
  #at: number;

  /** `now` is in milliseconds, of a clock that only goes forward. */
  constructor(destinations: readonly Destination[], now: number) {
    this.#at = now;
    // Not all in the same instant.
    this.#gates = destinations.map((to, index) => ({ to, due: index / destinations.length }));
  }

  /** The destination of each visitor that has come since the last call. */
  until(now: number): readonly Destination[] {
    const seconds = Math.min(now - this.#at, MOST_MS) / 1000;
    this.#at = now;
    return this.#gates.flatMap((gate) => {
      gate.due += seconds * gate.to.visitorsPerSecond;
      const whole = Math.floor(gate.due);
      gate.due -= whole;
      return Array.from({ length: whole }, () => gate.to);
    });
  }
}
