/** A route is judged so often (ms) and no more. */
export const JUDGED_MS = 1000;

/** Which routes are to be judged, and when. In memory alone: a shard that begins anew judges all of them. */
export class Schedule {
  readonly #dueAt = new Map<string, number>();
  readonly #judgedAt = new Map<string, number>();
  #next = Number.POSITIVE_INFINITY;

  /** Asks for a judgement at a time (ms), or as soon after it as may be. */
  want(key: string, at: number): void {
    const judgedAt = this.#judgedAt.get(key) ?? Number.NEGATIVE_INFINITY;
    // A clock that went back keeps nobody waiting.
    const earliest = Math.max(at, Math.min(at, judgedAt) + JUDGED_MS);
    const due = Math.min(earliest, this.#dueAt.get(key) ?? earliest);
    this.#dueAt.set(key, due);
    this.#next = Math.min(this.#next, due);
  }

  /** When the next one is due (ms); never, where none is. */
  dueAt(): number {
    return this.#next;
  }

  /** The routes that are due, a bounded number: they are judged now. */
  take(now: number, most: number): string[] {
    if (now < this.#next) return [];
    const due: string[] = [];
    this.#next = Number.POSITIVE_INFINITY;
    for (const [key, at] of this.#dueAt) {
      if (at > now || due.length >= most) {
        this.#next = Math.min(this.#next, at);
        continue;
      }
      due.push(key);
      this.#dueAt.delete(key);
      this.#judgedAt.set(key, now);
    }
    return due;
  }

  /** There is nothing to judge any more. */
  forget(key: string): void {
    this.#dueAt.delete(key);
    this.#judgedAt.delete(key);
  }
}
