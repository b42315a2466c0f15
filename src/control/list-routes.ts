import { MAX_LISTS_PER_PAGE, MAX_ROUTES_PER_PAGE } from "../api/limits.ts";
import { ApiError } from "./api-error.ts";
import { mayDo } from "./auth.ts";
import { json, withKv, wholeIn, type Call } from "./call.ts";
import { hubPiece, type OfHub } from "./hub-list.ts";
import { kvPiece, type KvPiece, type OfKv } from "./kv-list.ts";
import { cursorOf, placeOf, type ListPlace } from "./list-cursor.ts";
import { END, type Piece } from "./piece.ts";
import { cursorIn, textIn } from "./query.ts";

/** Who is asked: both, or one of them. */
type Wanted = "hub" | "kv" | undefined;

interface Query {
  readonly prefix: string;
  readonly search: string;
  readonly limit: number;
}

interface Route {
  readonly key: string;
  readonly version: number | null;
}

function wantedIn({ searchParams }: URL): Wanted {
  const source = searchParams.get("source");
  if (source === null) return undefined;
  if (source === "hub" || source === "kv") return source;
  throw new ApiError("query-invalid", '"source" is hub or kv, or is left out for both');
}

/**
 * The version of a key that is listed; `undefined` where it is not. The hub's word goes, but for what
 * it cannot know yet: a newer number, and a text that was put by hand where the route is deleted.
 */
function versionOf(inKv: OfKv | undefined, ofHub: OfHub | undefined): number | null | undefined {
  if (ofHub === undefined) return inKv?.version;
  const isNewer = inKv?.version != null && inKv.version > (ofHub.version ?? Infinity);
  if (isNewer) return inKv.version;
  if (!ofHub.isGone) return ofHub.version;
  return inKv?.version === null ? null : undefined;
}

/** Walks along KV's list and the hub's together, in the order of the keys. */
class Walk {
  readonly #call: Call;
  readonly #query: Query;
  #at: string;
  #kvFrom: string | undefined;
  #kv: KvPiece | undefined;
  #hub: Piece<OfHub> | undefined;
  #readsKv: boolean;
  #readsHub: boolean;

  constructor(call: Call, query: Query, place: ListPlace, wanted: Wanted) {
    this.#call = call;
    this.#query = query;
    this.#at = place.after;
    this.#kvFrom = place.kv;
    this.#readsHub = wanted !== "kv";
    this.#readsKv = wanted !== "hub";
  }

  /** Whether the hub had its say in all of it. */
  get isOfHub(): boolean {
    return this.#readsHub;
  }

  /** Where it has come to; `undefined` at the end. */
  get place(): ListPlace | undefined {
    if (this.#at === END) return undefined;
    const isPast = this.#kv?.upTo !== undefined && this.#at >= this.#kv.upTo;
    return { after: this.#at, kv: isPast ? this.#kv?.next : (this.#kv?.from ?? this.#kvFrom) };
  }

  #isOver(piece: Piece<unknown> | undefined): boolean {
    return piece === undefined || (piece.upTo !== undefined && this.#at >= piece.upTo);
  }

  async #readHub(): Promise<void> {
    const { env, config, log, sleep } = this.#call.services;
    try {
      if (env.HUBS === undefined) throw new Error("there is no hub");
      const query = { ...this.#query, after: this.#at };
      this.#hub = await hubPiece(env.HUBS, config.hubPlace, query, { sleep });
    } catch (error) {
      if (env.HUBS !== undefined)
        log("warn", "the hub cannot be listed; KV is", { error: String(error) });
      this.#hub = undefined;
      this.#readsHub = false;
      this.#readsKv = true;
    }
  }

  async #readKv(limit: number): Promise<void> {
    const from = this.#kv === undefined ? this.#kvFrom : this.#kv.next;
    const query = { ...this.#query, limit };
    try {
      this.#kv = await withKv(this.#call, async (kv) => kvPiece(kv, query, from, this.#at));
    } catch (error) {
      const isAway = error instanceof ApiError && error.code === "kv-unavailable";
      if (!isAway || !this.#readsHub) throw error;
      this.#kvFrom = from;
      this.#kv = undefined;
      this.#readsKv = false;
    }
  }

  /** The next routes, `limit` at most, as far as one look at either list goes. */
  async next(limit: number): Promise<Route[]> {
    if (this.#readsHub && this.#isOver(this.#hub)) await this.#readHub();
    if (this.#readsKv && this.#isOver(this.#kv)) await this.#readKv(limit);
    const horizon = [this.#hub?.upTo ?? END, this.#kv?.upTo ?? END].reduce((a, b) =>
      a < b ? a : b,
    );
    const known = new Map((this.#hub?.entries ?? []).map((one) => [one.key, one]));
    const inKv = new Map((this.#kv?.entries ?? []).map((one) => [one.key, one]));
    const keys = [...new Set([...known.keys(), ...inKv.keys()])]
      .filter((key) => key > this.#at && key <= horizon)
      .toSorted();
    const routes: Route[] = [];
    for (const key of keys) {
      const version = versionOf(inKv.get(key), known.get(key));
      if (version === undefined || !mayDo(this.#call.caller, "read", key)) continue;
      routes.push({ key, version });
      if (routes.length < limit) continue;
      this.#at = key;
      return routes;
    }
    if (horizon > this.#at) this.#at = horizon;
    return routes;
  }
}

/**
 * The routes there are, in the order of their keys: the hub's, and of KV what it cannot know yet. Until
 * the hub has heard of all routes, and while it is down, the list is KV's and says so; while KV is
 * down, it is the hub's. KV lists by prefix, so a prefix costs what it finds, a search what it passes
 * over: one page may be short, or empty, and still have a next one.
 */
export async function listRoutes(call: Call): Promise<Response> {
  const limit = wholeIn(call, "limit", 1, MAX_ROUTES_PER_PAGE, 100);
  const query = {
    prefix: textIn(call, "prefix"),
    search: textIn(call, "q").toLowerCase(),
    limit,
  };
  const place = await placeOf(cursorIn(call.url), call.admin);
  const walk = new Walk(call, query, place, wantedIn(call.url));
  const routes: Route[] = [];
  for (let lists = 0; lists < MAX_LISTS_PER_PAGE; lists += 1) {
    routes.push(...(await walk.next(limit - routes.length)));
    if (walk.place === undefined || routes.length >= limit) break;
  }
  const cursor = walk.place === undefined ? null : await cursorOf(walk.place, call.admin);
  return json({ routes, cursor, source: walk.isOfHub ? "hub" : "kv" });
}
