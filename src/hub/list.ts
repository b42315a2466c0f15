import type { HubStore } from "./store.ts";

/** Routes that one search passes over in a shard: a few milliseconds. */
export const SEARCHED_ROUTES = 1000;

/** What a list is narrowed to. */
export interface ListQuery {
  readonly prefix: string;
  /** A text anywhere in the key, in lower case; empty for any. */
  readonly search: string;
  /** Only keys after this one. */
  readonly after: string;
  readonly limit: number;
}

/** A page of a shard's routes. */
export interface ListPage {
  /** Deleted routes are not among them. `null` for a text put by hand. */
  readonly routes: readonly { readonly key: string; readonly version: number | null }[];
  /** Those deleted, with the version that did it: KV may list them still. */
  readonly gone: readonly { readonly key: string; readonly version: number }[];
  /** The last key that was looked at; `undefined` where no more come after. */
  readonly upTo: string | undefined;
  /** Whether the shard has heard of all its routes. */
  readonly filled: boolean;
}

/** A page of what a shard knows: it passes over a bounded number of routes, and may be short, or empty, and go on. */
export function listPage(
  store: HubStore,
  { prefix, search, after, limit }: ListQuery,
): Omit<ListPage, "filled"> {
  const most = search === "" ? limit : SEARCHED_ROUTES;
  const rows = store.rows(prefix, after, most);
  const routes: { key: string; version: number | null }[] = [];
  const gone: { key: string; version: number }[] = [];
  for (const { key, version, isByHand, listed } of rows) {
    if (!key.toLowerCase().includes(search)) continue;
    if (listed) routes.push({ key, version: isByHand ? null : version });
    else gone.push({ key, version });
    if (routes.length >= limit) return { routes, gone, upTo: key };
  }
  return { routes, gone, upTo: rows.length < most ? undefined : rows.at(-1)?.key };
}
