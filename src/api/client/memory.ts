/** Answers that are remembered: all that a page polls, with the pages of a long list. */
const MAX_ANSWERS = 64;

/** An answer, and the entity tag that it came with. */
export interface Remembered {
  readonly etag: string;
  readonly value: unknown;
}

/** The newest answers by URL, so that what has not changed is neither sent nor read again. */
export class Memory {
  readonly #answers = new Map<string, Remembered>();

  /** The last answer from there. */
  recall(url: string): Remembered | undefined {
    return this.#answers.get(url);
  }

  /** Keeps an answer that has an entity tag, in place of the one that was asked for longest ago. */
  keep(url: string, etag: string | null, value: unknown): void {
    this.#answers.delete(url);
    if (etag === null) return;
    this.#answers.set(url, { etag, value });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
  }
}
