import { inTime } from "../lib/in-time.ts";
import { shardStub, type HubPlace } from "../report/shard-stubs.ts";
import { SHARDS } from "../report/shard.ts";
import type { ListPage, ListQuery } from "../hub/list.ts";
import type { Hub } from "../hub/hub.ts";
import type { Services } from "./call.ts";
import type { Piece } from "./piece.ts";

/** A list waits so long (ms) for the hub's shards, all of which have to answer. */
const HUB_LIST_MS = 2000;

/** A shard that was just made has filled itself from a few thousand routes by the last of so many looks, with so long (ms) between them. */
const FILL_LOOKS = 5;
const FILL_LOOK_MS = 100;

/** What the hub knows of a key. */
export interface OfHub {
  readonly key: string;
  /** `null` for a text put by hand. */
  readonly version: number | null;
  /** Whether this version deleted the route. */
  readonly isGone: boolean;
}

/** Keys are spread by a hash, so a shard has a sixteenth of a page, some more or less; where it has more than this, the page is shorter. */
const shareOf = (limit: number) => 2 * Math.ceil(limit / SHARDS) + 4;

/** In the order of the keys. */
const byKey = (a: OfHub, b: OfHub) => (a.key < b.key ? -1 : 1);

function ofPage({ routes, gone, upTo }: ListPage): Piece<OfHub> {
  const known = [
    ...routes.map((route) => ({ ...route, isGone: false })),
    ...gone.map((route) => ({ ...route, isGone: true })),
  ];
  return { entries: known.toSorted(byKey), upTo };
}

/** Pieces of one order, made one: as far as the shortest of them goes. */
function merged(pieces: readonly Piece<OfHub>[]): Piece<OfHub> {
  const ends = pieces.flatMap(({ upTo }) => upTo ?? []);
  const upTo = ends.length === 0 ? undefined : ends.reduce((a, b) => (a < b ? a : b));
  const entries = pieces
    .flatMap((piece) => piece.entries)
    .filter(({ key }) => upTo === undefined || key <= upTo)
    .toSorted(byKey);
  return { entries, upTo };
}

/**
 * What all shards together know of a stretch of keys, some `limit` of them, deleted ones included.
 * Rejects where one of them does not answer in time, or has not heard of all its routes yet.
 */
export async function hubPiece(
  hubs: DurableObjectNamespace<Hub>,
  place: HubPlace,
  query: ListQuery,
  { sleep }: Pick<Services, "sleep">,
): Promise<Piece<OfHub>> {
  const gone = new AbortController();
  const asked = { ...query, limit: shareOf(query.limit) };
  const shards = Array.from({ length: SHARDS }, async (_, shard) => {
    for (let look = 1; ; look += 1) {
      const page = await shardStub(hubs, place, shard).list(shard, asked);
      if (page.filled) return ofPage(page);
      if (look === FILL_LOOKS)
        throw new Error(`shard ${shard} has not heard of all its routes yet`);
      await sleep(FILL_LOOK_MS, gone.signal);
    }
  });
  try {
    return merged(await inTime(Promise.all(shards), HUB_LIST_MS, "the hub", { sleep }));
  } finally {
    gone.abort();
  }
}
