import { RELEASE } from "../../lib/release.ts";
import type { ShardTotals } from "../../report/answers.ts";
import { SHARDS } from "../../report/shard.ts";
import { ApiError, COMMON_HEADERS } from "../api-error.ts";
import { mayDo, type Caller } from "../auth.ts";
import type { Services } from "../call.ts";
import { withShard } from "../hub.ts";
import { familiesOf } from "./families.ts";
import { FORMATS, formatFor, metricsText } from "./text.ts";

/** Where Prometheus looks by itself. */
export const METRICS_PATH = "/metrics";

/** What a shard has of the caller's routes; nothing where it does not answer, which the log then tells. */
async function totalsOf(
  shard: number,
  { scope }: Caller,
  services: Services,
): Promise<ShardTotals | undefined> {
  try {
    return await withShard({ services }, shard, async (hub) => hub.totals(shard, scope));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/**
 * Answers a scrape with what the hub counted of the routes in the caller's scope. A shard that does
 * not answer is left out and told as such; where none does, the scrape fails, and no series seems to end.
 */
export async function scrape(
  request: Request,
  caller: Caller,
  services: Services,
): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new ApiError("method-not-allowed", undefined, { allow: "GET, HEAD" });
  if (!mayDo(caller, "read", undefined)) throw new ApiError("forbidden");
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, async (_, shard) => totalsOf(shard, caller, services)),
  );
  if (shards.every((shard) => shard === undefined)) throw new ApiError("hub-unavailable");
  const format = formatFor(request.headers.get("accept"));
  const families = familiesOf(shards, RELEASE, services.now());
  return new Response(metricsText(families, format), {
    headers: { ...COMMON_HEADERS, "content-type": FORMATS[format] },
  });
}
