/** A receiver that failed so often in a row is left alone. */
export const FAILURES_TO_OPEN = 5;

/** For so long at first (ms), each time twice as long, and never longer than the last. */
export const FIRST_PAUSE_MS = 60_000;
export const LONGEST_PAUSE_MS = 1_800_000;

interface Standing {
  failures: number;
  /** Until when nothing is sent (ms). */
  until: number;
}

/**
 * Which receivers are left alone since they have failed again and again: what waits for one goes on
 * waiting, and after each pause one notice tries. In memory: a shard that begins anew tries once more.
 */
export class Circuit {
  readonly #standings = new Map<string, Standing>();

  /** When something may next be sent to a receiver (ms); `now` where it may at once. */
  openUntil(receiver: string, now: number): number {
    return Math.max(now, this.#standings.get(receiver)?.until ?? now);
  }

  /** Whether one notice at a time is to be tried, as the last ones failed. */
  isProbing(receiver: string): boolean {
    return (this.#standings.get(receiver)?.failures ?? 0) >= FAILURES_TO_OPEN;
  }

  succeeded(receiver: string): void {
    this.#standings.delete(receiver);
  }

  failed(receiver: string, now: number): void {
    const failures = (this.#standings.get(receiver)?.failures ?? 0) + 1;
    const pauses = failures - FAILURES_TO_OPEN;
    const pause = pauses < 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses);
    this.#standings.set(receiver, { failures, until: now + pause });
  }
}
