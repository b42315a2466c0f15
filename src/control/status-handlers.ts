import { MAX_STATUSES_PER_PAGE } from "../api/limits.ts";
import { SHARDS } from "../report/shard.ts";
import { ApiError } from "./api-error.ts";
import { mayDo } from "./auth.ts";
import { iso, json, wholeIn, type Call } from "./call.ts";
import { knownTag, notModified, tagged } from "./conditional.ts";
import { openCursor, sealCursor } from "./cursor.ts";
import { mergedPage } from "./merged.ts";
import { cursorIn, textIn } from "./query.ts";
import { narrowed } from "./scope-prefix.ts";
import { sealOf, StatusShards, tagsIn } from "./status-shards.ts";

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
  const seal = await sealOf(call, [asked, after, limit]);
  const shards = new StatusShards(call, { prefix, after, limit: part });
  const known = knownTag(call);
  const tag = await shards.begin(tagsIn(known, seal));
  const told = tag === undefined ? undefined : `${seal}${tag}`;
  if (told !== undefined && told === known) return notModified(told);
  const { items, next, unreachable } = await mergedPage({
    shards: SHARDS,
    ask: async (shard, from) => shards.page(shard, from),
    keyOf: ({ route }) => route,
    isWanted: ({ route }) => mayDo(call.caller, call.operation.role, route),
    after,
    limit,
    rounds: ROUNDS,
  });
  if (unreachable.length === SHARDS) throw new ApiError("hub-unavailable");
  const cursor = next === null ? null : await sealCursor(next, call.admin);
  return tagged(
    { at, routes: items, next: cursor, unreachable },
    unreachable.length === 0 ? told : undefined,
  );
}
