import { MAX_STATUSES_PER_PAGE } from "../api/limits.ts";
import { SHARDS } from "../report/shard.ts";
import { ApiError } from "./api-error.ts";
import { mayDo } from "./auth.ts";
import { iso, json, wholeIn, type Call } from "./call.ts";
import { openCursor, sealCursor } from "./cursor.ts";
import { withShard } from "./hub.ts";
import { mergedPage } from "./merged.ts";
import { cursorIn, textIn } from "./query.ts";
import { narrowed } from "./scope-prefix.ts";

/** Routes on a page where the request says nothing. */
const DEFAULT_STATUSES_PER_PAGE = 100;

/** Times that shards are asked for one page: most are full after the first; a scope may leave little of each. */
const ROUNDS = 8;

/** What a shard is asked for beyond its fair part of a page: parts differ, and this is seldom too little. */
const SPARE = 8;

/** All routes of the caller's scope at a glance, in the order of their keys, as far as shards answer. */
export async function status(call: Call): Promise<Response> {
  const limit = wholeIn(call, "limit", 1, MAX_STATUSES_PER_PAGE, DEFAULT_STATUSES_PER_PAGE);
  const asked = textIn(call, "prefix");
  const after = await openCursor(cursorIn(call.url), call.admin);
  const at = iso(call.services.now());
  const prefix = narrowed(asked, call.caller.scope);
  if (prefix === undefined) return json({ at, routes: [], next: null, unreachable: [] });
  const part = Math.ceil(limit / SHARDS) + SPARE;
  const { items, next, unreachable } = await mergedPage({
    shards: SHARDS,
    ask: async (shard, from) => {
      const query = { prefix, after: from, limit: part };
      const page = await withShard(call, shard, async (hub) => hub.statusPage(shard, query));
      return { items: page.routes, upTo: page.upTo };
    },
    keyOf: ({ route }) => route,
    isWanted: ({ route }) => mayDo(call.caller, call.operation.role, route),
    after,
    limit,
    rounds: ROUNDS,
  });
  if (unreachable.length === SHARDS) throw new ApiError("hub-unavailable");
  const cursor = next === null ? null : await sealCursor(next, call.admin);
  return json({ at, routes: items, next: cursor, unreachable });
}
