import { meet, type Around } from "./meet.ts";
import { Recent } from "./recent.ts";

/** KV is read for so many routes at once, */
export const LOOKS_AT_ONCE = 20;

/** and so often (ms). Whoever reports routes that were made up costs two reads a second and shard. */
export const LOOKS_EVERY_MS = 10_000;

/** Routes that wait to be looked at; more are told of again by the next reports. */
export const MAX_WAITING = 1000;

/** What a look found stands for so long (ms). */
export const LOOK_STANDS_MS = 30_000;

/** Whoever holds a text that may have been put by hand is told nothing else for so long (ms), until KV was looked at. */
export const HELD_BACK_MS = 20_000;

/** Routes of which it is remembered when they were looked at. */
const MAX_REMEMBERED = 5000;

/**
 * Reads of KV, to find out what somebody put there past the ledgers. By and by, a few at a time,
 * whatever reports say.
 */
export class Looks {
  readonly #waiting = new Map<string, { readonly since: number }>();
  readonly #lookedAt = new Recent<number>(MAX_REMEMBERED);
  #ranAt = Number.NEGATIVE_INFINITY;

  /** Asks for a look at a route; whether its result is still to come, and to be waited for. */
  want(key: string, now: number): boolean {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return now - waiting.since < HELD_BACK_MS;
    const lookedAt = this.#lookedAt.get(key);
    if (lookedAt !== undefined && now - lookedAt < LOOK_STANDS_MS) return false;
    if (this.#waiting.size >= MAX_WAITING) return false;
    this.#waiting.set(key, { since: now });
    return true;
  }

  /** When the next looks are due (ms); `undefined` where nothing waits. */
  dueAt(now: number): number | undefined {
    if (this.#waiting.size === 0) return undefined;
    return Math.max(now, Math.min(now, this.#ranAt) + LOOKS_EVERY_MS);
  }

  /** Looks at what waits longest. Never rejects: what cannot be read goes on waiting. */
  async run(around: Around): Promise<void> {
    const startedAt = around.platform.now();
    if ((this.dueAt(startedAt) ?? Number.POSITIVE_INFINITY) > startedAt) return;
    this.#ranAt = startedAt;
    const keys = [...this.#waiting.keys()].slice(0, LOOKS_AT_ONCE);
    await Promise.all(keys.map(async (key) => this.#look(key, around)));
  }

  async #look(key: string, around: Around): Promise<void> {
    const { now, log } = around.platform;
    try {
      await meet(key, around);
      this.#waiting.delete(key);
      this.#lookedAt.set(key, now());
    } catch (error) {
      log("warn", "KV cannot be looked at for a text put by hand; trying again", {
        route: key,
        error: String(error),
      });
      // Behind the others.
      const waiting = this.#waiting.get(key);
      this.#waiting.delete(key);
      if (waiting !== undefined) this.#waiting.set(key, waiting);
    }
  }
}
