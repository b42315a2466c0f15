import type { StatusPage } from "../../../api/client/reads.ts";
import { request } from "../../../api/client/request.ts";
import { client } from "../../data/client.ts";
import { seen, type Seen } from "./attention.ts";
import {
  answered,
  due,
  FIRST_ROUTES,
  isWhole,
  listed,
  PAGE_ROUTES,
  START,
  type Chain,
  type Listed,
} from "./chain.ts";

/** All that is known of all routes. */
export interface AllRoutes {
  readonly routes: readonly Seen[];
  /** Whether that is all of them. */
  readonly isWhole: boolean;
  /** Shards of the hub that said nothing: their routes are missing. */
  readonly unreachable: number;
}

/** What is seen of a route is made once for as long as nothing new is told of it. */
const SEEN = new WeakMap<Listed["status"], Seen>();

function seenOnce(route: Listed): Seen {
  const before = SEEN.get(route.status);
  if (before?.page === route.page) return before;
  const made = seen(route);
  SEEN.set(route.status, made);
  return made;
}

async function pageOf(cursor: string | undefined, signal: AbortSignal): Promise<StatusPage> {
  const limit = cursor === undefined ? FIRST_ROUTES : PAGE_ROUTES;
  return request(client, "status", { query: { cursor, limit }, signal });
}

/** Keeps all routes known: the first screen at once, the others as fast as they come, and then a few pages at a time, those in view before the others. */
export class Feed {
  #chain: Chain = START;
  #inView: ReadonlySet<number> = new Set();

  /** Asks for what is due, and tells all that is known then. */
  async read(signal: AbortSignal): Promise<AllRoutes> {
    for (const index of due(this.#chain, this.#inView)) {
      const page = await pageOf(this.#chain[index]?.from, signal);
      this.#chain = answered(this.#chain, index, page, Date.now());
    }
    return {
      routes: listed(this.#chain).map(seenOnce),
      isWhole: isWhole(this.#chain),
      unreachable: new Set(this.#chain.flatMap(({ unreachable }) => unreachable)).size,
    };
  }

  /** Says which routes are in view. */
  lookAt(routes: readonly Seen[]): void {
    this.#inView = new Set(routes.map(({ page }) => page));
  }

  /** When the oldest of the figures in view was so (ms since the epoch). */
  asOf(): number | undefined {
    const times = [...this.#inView].flatMap((page) => this.#chain[page]?.at ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}
