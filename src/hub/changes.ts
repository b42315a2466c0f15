/** Routes whose last change is remembered: a few MB. Of any other it is taken to be the newest that was forgotten. */
const MAX_CHANGED = 20_000;

/** Counts what changes in a shard, in memory alone: what was told and has the same count is still so, the clock aside. */
export class Changes {
  readonly #most: number;
  #count = 0;
  /** No route that is not remembered changed after this. */
  #forgotten = 0;
  /** The count of each route's last change, the oldest first. */
  readonly #routes = new Map<string, number>();

  constructor(most = MAX_CHANGED) {
    this.#most = most;
  }

  /** Something else may be told of a route. */
  route(key: string): void {
    this.#count += 1;
    this.#routes.delete(key);
    this.#routes.set(key, this.#count);
    const [oldest] = this.#routes;
    if (this.#routes.size <= this.#most || oldest === undefined) return;
    this.#routes.delete(oldest[0]);
    this.#forgotten = oldest[1];
  }

  /** Something else may be told of the shard, and of no route by itself. */
  shard(): void {
    this.#count += 1;
  }

  /** Something else may be told of any route. */
  all(): void {
    this.#count += 1;
    this.#routes.clear();
    this.#forgotten = this.#count;
  }

  /** The last change of a route, or one after it. */
  of(key: string): number {
    return this.#routes.get(key) ?? this.#forgotten;
  }

  /** The last change of anything. */
  get last(): number {
    return this.#count;
  }
}
