import { signal } from "@preact/signals";

import { routeMetrics } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { hourOf, HOUR, type Hour } from "./hour.ts";

/** What was asked for is good for so long (ms): a step of it is five minutes. */
const KEPT_MS = 60_000;

/** Who scrolls by asks for nothing: rows must have been in view for so long (ms). */
const SETTLED_MS = 250;

/** Routes asked for at a time. */
const AT_ONCE = 3;

/** Routes whose hour is kept: some screens of them. */
const MAX_KEPT = 300;

/** The hours of the routes in view, as they come in. */
export class Hours {
  /** By key. */
  readonly known = signal<ReadonlyMap<string, Hour>>(new Map());
  readonly #askedAt = new Map<string, number>();
  #wanted: readonly string[] = [];
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says which routes are in view. */
  want(keys: readonly string[]): void {
    this.#wanted = keys;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#go(), SETTLED_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = [];
  }

  #go(): void {
    if (document.hidden) return;
    while (this.#running < AT_ONCE) {
      const isDue = (key: string) => Date.now() - (this.#askedAt.get(key) ?? 0) >= KEPT_MS;
      const key = this.#wanted.find(isDue);
      if (key === undefined) return;
      this.#askedAt.set(key, Date.now());
      this.#running += 1;
      void this.#ask(key);
    }
  }

  async #ask(key: string): Promise<void> {
    try {
      this.#keep(key, hourOf(await routeMetrics(client, key, HOUR)));
    } catch {
      // A line that is not drawn says nothing wrong: the figures beside it tell of what does not answer.
    } finally {
      this.#running -= 1;
      this.#go();
    }
  }

  #keep(key: string, hour: Hour): void {
    const known = new Map(this.known.value);
    known.delete(key);
    known.set(key, hour);
    const [oldest] = known.keys();
    if (known.size > MAX_KEPT && oldest !== undefined) {
      known.delete(oldest);
      this.#askedAt.delete(oldest);
    }
    this.known.value = known;
  }
}
