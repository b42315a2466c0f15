/** Something that happens at a time; of two at one time the earlier planned goes first. */
interface Event {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** All that awaits a settled promise runs before this resolves. */
const settled = async () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

/** One for all who are told so: an error of its own for each would take longer than the rest of a sleep. */
const NOBODY_WAITS = new Error("nobody waits");

/** A clock that jumps from event to event; between two, everything that can go on without waiting has gone on. */
export class VirtualClock {
  now = 0;
  #order = 0;
  /** A binary heap, the next event first. */
  readonly #events: Event[] = [];

  /** Plans work for a time (ms), or for now where that is past. */
  at(time: number, work: () => void): void {
    const events = this.#events;
    const event = { at: Math.max(this.now, time), order: (this.#order += 1), work };
    let index = events.push(event) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = events[above];
      if (parent === undefined || isBefore(parent, event)) break;
      events[index] = parent;
      index = above;
    }
    events[index] = event;
  }

  #next(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      const left = events[below];
      const right = events[below + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) below += 1;
      const child = events[below];
      if (child === undefined || !isBefore(child, last)) break;
      events[index] = child;
      index = below;
    }
    events[index] = last;
    return first;
  }

  /** Resolves after so long (ms) on this clock; rejects where the signal is given first. */
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(NOBODY_WAITS), { once: true });
      this.at(this.now + ms, resolve);
    });

  /** Runs what is planned until a time (ms). */
  async run(until: number): Promise<void> {
    for (;;) {
      const [first] = this.#events;
      if (first === undefined || first.at > until) break;
      this.now = first.at;
      this.#next()?.work();
      await settled();
    }
    this.now = until;
  }
}
