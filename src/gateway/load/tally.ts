import { MAX_REPORTED_WATCHED } from "../../report/guard.ts";
import {
  MAX_REPORTED_GOALS,
  MAX_REPORTED_VISITORS,
  type SampleRate,
} from "../../report/measured.ts";
import {
  MAX_REPORT_CHARS,
  MAX_REPORTED_ROUTES,
  OTHER_ROUTES,
  type HeldRoute,
} from "../../report/wire.ts";
import { fits, type Bounds, type Room } from "../record/bounds.ts";
import { RouteTally, type Sent } from "../record/route-tally.ts";

/** What memory has of a key: its ledger's number, 0 for none, and its text's digest. */
export type Held = Pick<HeldRoute, "version" | "digest" | "seen">;

/** A route as it is told. */
export type SentRoute = Omit<HeldRoute, keyof Sent> & Sent;

/** What a report says beside its routes, and their punctuation, takes fewer characters than this. */
const REPORT_FRAME_CHARS = 512;

/** What a route is told as that nothing is held of. */
const NOTHING: Held = { version: 0, digest: "absent" };

/** The routes of one shard that this isolate serves, and what it counts of each until it has been told. */
export class Tally {
  readonly #routes = new Map<string, RouteTally>();
  readonly #other: RouteTally;
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.#other = new RouteTally(OTHER_ROUTES, bounds);
  }

  has(key: string): boolean {
    return this.#routes.has(key);
  }

  get size(): number {
    return this.#routes.size;
  }

  /** Whether there is nothing to report. */
  get isEmpty(): boolean {
    const isEmpty = (route: RouteTally) => route.isEmpty;
    return this.#other.requests === 0 && Array.from(this.#routes.values()).every(isEmpty);
  }

  /** Where a route is counted; those that there is no room for are counted together. */
  of(key: string): RouteTally {
    return this.#routes.get(key) ?? this.#add(key);
  }

  /** Where a route's splits are counted; nothing for one that is counted together with others. */
  apart(key: string): RouteTally | undefined {
    const route = this.of(key);
    return route === this.#other ? undefined : route;
  }

  #add(key: string): RouteTally {
    if (this.#routes.size >= MAX_REPORTED_ROUTES - 1) {
      // Whoever has served nothing lately makes room.
      for (const [idle, route] of this.#routes) {
        if (!route.isEmpty) continue;
        this.#routes.delete(idle);
        break;
      }
      if (this.#routes.size >= MAX_REPORTED_ROUTES - 1) return this.#other;
    }
    const route = new RouteTally(key, this.#bounds);
    this.#routes.set(key, route);
    return route;
  }

  /** Takes up which visitors of these routes the hub wants to hear of: of all, where `samples` says nothing. */
  sample(keys: readonly string[], samples: readonly SampleRate[]): void {
    for (const key of keys) this.#routes.get(key)?.halvings.clear();
    for (const { key, experiment, halvings } of samples)
      this.#routes.get(key)?.halvings.set(experiment, halvings);
  }

  /**
   * What there is to report, counted anew from here on. First which routes are held, since news depends on that,
   * then what was measured of each, as far as there is room; the rest waits. What is gone from memory
   * is told once more, if it served.
   */
  take(held: (key: string) => Held | undefined): SentRoute[] {
    const room: Room = {
      chars: MAX_REPORT_CHARS - REPORT_FRAME_CHARS,
      visitors: MAX_REPORTED_VISITORS,
      goals: MAX_REPORTED_GOALS,
      watched: MAX_REPORTED_WATCHED,
      share: MAX_REPORTED_VISITORS / Math.max(this.#waiting("waiting"), MAX_REPORTED_VISITORS),
      watchedShare: MAX_REPORTED_WATCHED / Math.max(this.#waiting("watched"), MAX_REPORTED_WATCHED),
    };
    const told: [route: RouteTally, entry: HeldRoute][] = [];
    for (const [key, route] of Array.from(this.#routes)) {
      const now = held(key);
      if (now === undefined && route.isEmpty) {
        this.#routes.delete(key);
        continue;
      }
      const entry = entryOf(route, now);
      if (!fits(room, entry)) break;
      told.push([route, entry]);
      route.requests = 0;
      this.#isTold(key, route);
    }
    const routes = told.map(([route, entry]): SentRoute => {
      const measured = route.take(room);
      // At the end stand those that were told last, so that all of them have their turn.
      if (route.isEmpty) this.#isTold(route.key, route);
      return { ...entry, ...measured };
    });
    if (this.#other.requests > 0) routes.push(entryOf(this.#other, undefined));
    this.#other.requests = 0;
    return routes;
  }

  #isTold(key: string, route: RouteTally): void {
    this.#routes.delete(key);
    this.#routes.set(key, route);
  }

  /** Visitors of its routes who wait for a report, of one kind. */
  #waiting(kind: "waiting" | "watched"): number {
    let waiting = 0;
    for (const route of this.#routes.values()) waiting += route.waiting(kind);
    return waiting;
  }
}

function entryOf({ key, requests }: RouteTally, now: Held = NOTHING): HeldRoute {
  return { key, ...now, ...(requests > 0 ? { requests } : {}) };
}
