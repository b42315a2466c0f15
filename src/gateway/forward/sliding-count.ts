/** How often something happened in the last while: whole slots of time, so that a count costs an addition. */
export class SlidingCount {
  readonly #slotMs: number;
  readonly #counts: number[];
  /** The slot of each count; older ones count no more. */
  readonly #slots: number[];

  /** Looks back over `slots` slots of `slotMs` each, the current one included. */
  constructor(slots: number, slotMs: number) {
    this.#slotMs = slotMs;
    this.#counts = Array.from({ length: slots }, () => 0);
    this.#slots = Array.from({ length: slots }, () => -1);
  }

  /** Counts one at a time (ms). */
  add(now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    const index = slot % this.#counts.length;
    if (this.#slots[index] === slot) {
      this.#counts[index] = (this.#counts[index] ?? 0) + 1;
      return;
    }
    this.#slots[index] = slot;
    this.#counts[index] = 1;
  }

  /** How many there were in the slots up to a time (ms). */
  sum(now: number): number {
    const slot = Math.floor(now / this.#slotMs);
    let sum = 0;
    for (let index = 0; index < this.#counts.length; index += 1) {
      const age = slot - (this.#slots[index] ?? -1);
      if (age >= 0 && age < this.#counts.length) sum += this.#counts[index] ?? 0;
    }
    return sum;
  }

  /** How many there were in the slot of a time (ms). */
  current(now: number): number {
    const slot = Math.floor(now / this.#slotMs);
    const index = slot % this.#counts.length;
    return this.#slots[index] === slot ? (this.#counts[index] ?? 0) : 0;
  }
}
