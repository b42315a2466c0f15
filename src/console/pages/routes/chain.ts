import { MAX_STATUSES_PER_PAGE } from "../../../api/limits.ts";
import type { StatusPage } from "../../../api/client/reads.ts";

/** One route at a glance. */
export type RouteStatus = StatusPage["routes"][number];

/** Routes on the first page: what fills a screen, so that it is there at once. */
export const FIRST_ROUTES = 100;

/** Routes on each further page: as many as the API gives. */
export const PAGE_ROUTES = MAX_STATUSES_PER_PAGE;

/** Pages that are asked for in one go: each is a request, and the next go is four seconds later. */
export const PAGES_AT_ONCE = 4;

/** A part of the list, which begins where the cursor `from` stands. */
export interface Link {
  readonly from: string | undefined;
  /** What was known of it last; nothing yet where `at` is undefined. */
  readonly routes: readonly RouteStatus[];
  /** When that was so (ms since the epoch); 0 where it must be asked for anew. */
  readonly at: number | undefined;
  /** Shards of the hub that said nothing. */
  readonly unreachable: readonly number[];
}

/** The whole list, page after page, of which each is asked for by itself. */
export type Chain = readonly Link[];

const unasked = (from: string | undefined): Link => ({
  from,
  routes: [],
  at: undefined,
  unreachable: [],
});

/** Before the first question. */
export const START: Chain = [unasked(undefined)];

/** Whether every page was asked for. */
export const isWhole = (chain: Chain): boolean => chain.every(({ at }) => at !== undefined);

const lastKey = ({ routes }: Pick<Link, "routes">): string => routes.at(-1)?.route ?? "";

/** The chain with the answer to the question for one of its pages. */
export function answered(
  chain: Chain,
  index: number,
  { routes, next, unreachable }: Omit<StatusPage, "at">,
  at: number,
): Chain {
  const before = chain[index];
  const page = { from: before?.from, routes, at, unreachable };
  const head = [...chain.slice(0, index), page];
  if (next === null) return head;
  const follower = chain[index + 1];
  if (follower === undefined) return [...head, unasked(next)];
  // It ends where it ended: a cursor is sealed anew each time, and says the same.
  if (before !== undefined && lastKey(before) === lastKey(page))
    return [...head, ...chain.slice(index + 1)];
  // It ends elsewhere, and so what follows begins elsewhere: what is known of that stays until it is told anew.
  return [...head, { ...follower, from: next, at: 0 }, ...chain.slice(index + 2)];
}

/**
 * The pages to ask for now: until all are known one after the other, then those in view, those known
 * for longest first, and with what is left of the places one of the others.
 */
export function due(chain: Chain, inView: ReadonlySet<number>): readonly number[] {
  const unknown = chain.findIndex(({ at }) => at === undefined);
  if (unknown >= 0) return [unknown];
  const oldestFirst = [...chain.keys()].toSorted(
    (one, other) => (chain[one]?.at ?? 0) - (chain[other]?.at ?? 0),
  );
  const seen = oldestFirst.filter((index) => inView.has(index)).slice(0, PAGES_AT_ONCE);
  const unseen = oldestFirst.filter((index) => !inView.has(index));
  return [...seen, ...unseen.slice(0, Math.min(1, PAGES_AT_ONCE - seen.length))];
}

/** A route of the list, and where that is known from. */
export interface Listed {
  readonly status: RouteStatus;
  readonly page: number;
}

/** Whether each page begins after the one before it ends; so it is unless routes came or went between two answers. */
function isInOrder(chain: Chain): boolean {
  let last = "";
  return chain.every((link) => {
    const [first] = link.routes;
    if (first === undefined) return true;
    const follows = last === "" || last < first.route;
    last = lastKey(link);
    return follows;
  });
}

/** All routes that are known, in the order of their keys, each as it was told last. */
export function listed(chain: Chain): readonly Listed[] {
  // Nothing is sorted that is in order: this runs every few seconds, over all there are.
  if (isInOrder(chain))
    return chain.flatMap(({ routes }, page) => routes.map((status) => ({ status, page })));
  const known = new Map<string, Listed>();
  const told = [...chain.entries()].toSorted(
    ([, one], [, other]) => (one.at ?? 0) - (other.at ?? 0),
  );
  for (const [page, { routes }] of told)
    for (const status of routes) known.set(status.route, { status, page });
  return [...known.values()].toSorted((one, other) =>
    one.status.route < other.status.route ? -1 : 1,
  );
}
