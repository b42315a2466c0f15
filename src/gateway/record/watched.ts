import type { UnlistedVisitors, WatchedVisitor } from "../../report/guard.ts";
import { fits, MAX_WAITING_WATCHED, type Bounds, type Room } from "./bounds.ts";

/** What a report says of those who came in a guard's windows. */
interface Taken {
  readonly watched?: readonly WatchedVisitor[];
  readonly unlisted?: readonly UnlistedVisitors[];
}

/** Who came in the windows of one guard and waits for a report; of those for whom there was no room, how many. */
export class Watched {
  #visitors: WatchedVisitor[] = [];
  readonly #unlisted = new Map<string, UnlistedVisitors>();
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get waiting(): number {
    return this.#visitors.length;
  }

  get isEmpty(): boolean {
    return this.#visitors.length + this.#unlisted.size === 0;
  }

  /** Takes somebody up; whether there was room. Where there is none, a visitor counts who came, and never one that a variant failed for. */
  add(window: number, visitor: WatchedVisitor): boolean {
    if (this.#bounds.watched < MAX_WAITING_WATCHED) {
      this.#bounds.watched += 1;
      this.#visitors.push(visitor);
      return true;
    }
    const { variant, failed } = visitor;
    if (failed !== true) {
      const name = `${window} ${variant}`;
      const count = (this.#unlisted.get(name)?.count ?? 0) + 1;
      this.#unlisted.set(name, { variant, window, count });
    }
    return false;
  }

  /** What a report says of them, as far as there is room: the rest waits. */
  take(room: Room): Taken {
    const most = Math.min(room.watched, Math.ceil(this.waiting * room.watchedShare));
    const watched: WatchedVisitor[] = [];
    for (const visitor of this.#visitors.slice(0, most)) {
      if (!fits(room, visitor)) break;
      watched.push(visitor);
    }
    this.#visitors = this.#visitors.slice(watched.length);
    this.#bounds.watched -= watched.length;
    room.watched -= watched.length;
    const unlisted: UnlistedVisitors[] = [];
    for (const [name, one] of this.#unlisted) {
      if (!fits(room, one)) break;
      unlisted.push(one);
      this.#unlisted.delete(name);
    }
    return {
      ...(watched.length > 0 && { watched }),
      ...(unlisted.length > 0 && { unlisted }),
    };
  }
}
