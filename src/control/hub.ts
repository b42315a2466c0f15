import type { Hub } from "../hub/hub.ts";
import { inTime } from "../lib/in-time.ts";
import { shardOf } from "../report/shard.ts";
import { shardStub } from "../report/shard-stubs.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";

/** Until a shard of the hub has answered (ms): it asks nobody else, so what takes longer does not come. */
const HUB_TIMEOUT_MS = 4000;

/** What one shard answers, in time or not at all, with its failures told apart from ours. */
export async function withShard<T>(
  { services }: Pick<Call, "services">,
  shard: number,
  question: (hub: DurableObjectStub<Hub>) => Promise<T>,
): Promise<T> {
  const { env, config, log, sleep } = services;
  if (env.HUBS === undefined) throw new ApiError("hub-unavailable", "the binding HUBS is absent");
  try {
    const hub = shardStub(env.HUBS, config.hubPlace, shard);
    return await inTime(question(hub), HUB_TIMEOUT_MS, "the hub", { sleep });
  } catch (error) {
    log("error", "the hub failed", { shard, error: String(error) });
    throw new ApiError("hub-unavailable");
  }
}

/** What the shard that keeps a route answers. */
export async function withHub<T>(
  call: Pick<Call, "services">,
  key: string,
  question: (hub: DurableObjectStub<Hub>) => Promise<T>,
): Promise<T> {
  return withShard(call, shardOf(key), question);
}
