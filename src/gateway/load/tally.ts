import {
  MAX_REPORT_CHARS,
  MAX_REPORTED_ROUTES,
  OTHER_ROUTES,
  type HeldRoute,
} from "../../report/wire.ts";

/** What is counted of one route. */
export interface Counts {
  requests: number;
}

/** What memory has of a key: its ledger's number, 0 for none, and its text's digest. */
export type Held = Pick<HeldRoute, "version" | "digest" | "seen">;

/** What a report says beside its routes, and their punctuation, takes fewer characters than this. */
const REPORT_FRAME_CHARS = 4096;

/** And a route beside its key and its digest. */
const ROUTE_FRAME_CHARS = 160;

/** What is not in memory. */
const NOTHING: Held = { version: 0, digest: "absent" };

/** The routes of one shard that this isolate serves, and what it counts of each until it has been told. */
export class Tally {
  readonly #routes = new Map<string, Counts>();
  readonly #other: Counts = { requests: 0 };

  has(key: string): boolean {
    return this.#routes.has(key);
  }

  get size(): number {
    return this.#routes.size;
  }

  /** Where a route is counted; those that there is no room for are counted together. */
  of(key: string): Counts {
    return this.#routes.get(key) ?? this.#add(key);
  }

  #add(key: string): Counts {
    if (this.#routes.size >= MAX_REPORTED_ROUTES - 1) {
      // Whoever has served nothing lately makes room.
      for (const [idle, { requests }] of this.#routes) {
        if (requests > 0) continue;
        this.#routes.delete(idle);
        break;
      }
      if (this.#routes.size >= MAX_REPORTED_ROUTES - 1) return this.#other;
    }
    const counts = { requests: 0 };
    this.#routes.set(key, counts);
    return counts;
  }

  /** What there is to report, counted anew from here on. What is gone from memory is told once more, if it served. */
  take(held: (key: string) => Held | undefined): HeldRoute[] {
    const told: HeldRoute[] = [];
    let chars = REPORT_FRAME_CHARS;
    for (const [key, counts] of Array.from(this.#routes)) {
      const now = held(key);
      const { requests } = counts;
      const { digest } = now ?? NOTHING;
      chars += key.length + digest.length + ROUTE_FRAME_CHARS;
      if (chars > MAX_REPORT_CHARS) break;
      // At the end stand those that were told last, so that all of them have their turn.
      this.#routes.delete(key);
      counts.requests = 0;
      if (now !== undefined) this.#routes.set(key, counts);
      if (now !== undefined || requests > 0)
        told.push({ key, ...(now ?? NOTHING), ...(requests > 0 ? { requests } : {}) });
    }
    const { requests } = this.#other;
    if (requests > 0) told.push({ key: OTHER_ROUTES, ...NOTHING, requests });
    this.#other.requests = 0;
    return told;
  }
}
