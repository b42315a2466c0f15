import type { Health, PartStatus } from "../../api/health-form.ts";
import { inTime } from "../../lib/in-time.ts";
import type { ShardHealth } from "../../report/answers.ts";
import { SHARDS } from "../../report/shard.ts";
import { shardStub } from "../../report/shard-stubs.ts";
import { iso, type Services } from "../call.ts";

/** What one shard said of itself, or that it said nothing. */
export interface AskedShard {
  readonly shard: number;
  readonly ms: number;
  readonly health: ShardHealth | undefined;
}

/** Asks every shard how it is, all at once, within `ms`; none where there is no hub. */
export async function askShards(
  { env, config, log, now, sleep }: Services,
  ms: number,
): Promise<AskedShard[]> {
  const { HUBS } = env;
  if (HUBS === undefined) return [];
  return Promise.all(
    Array.from({ length: SHARDS }, async (_, shard): Promise<AskedShard> => {
      const begin = now();
      const took = () => Math.max(0, now() - begin);
      try {
        const call = async () => shardStub(HUBS, config.hubPlace, shard).health(shard);
        const health = await inTime(call(), ms, "the hub", { sleep });
        return { shard, ms: took(), health };
      } catch (error) {
        log("error", "a part of the control plane is unhealthy", {
          part: "the hub",
          shard,
          error: String(error),
        });
        return { shard, ms: took(), health: undefined };
      }
    }),
  );
}

function statusOf({ health }: AskedShard): PartStatus {
  if (health === undefined) return "failing";
  return health.spent || !health.filled ? "warn" : "ok";
}

const listed = (shards: readonly AskedShard[]): string =>
  shards.map(({ shard }) => shard).join(", ");

function wordsOf(shards: readonly AskedShard[]): string {
  const silent = shards.filter(({ health }) => health === undefined);
  const spent = shards.filter(({ health }) => health?.spent === true);
  const filling = shards.filter(({ health }) => health?.filled === false);
  const parts = [
    silent.length > 0 && `${silent.length} of ${shards.length} shards do not answer`,
    spent.length > 0 && `the day's budget of reports is spent in shards ${listed(spent)}`,
    filling.length > 0 && `shards ${listed(filling)} have not heard of all their routes yet`,
  ].filter((words) => words !== false);
  return parts.length === 0 ? "every shard answers" : parts.join("; ");
}

/** The hub as a part: `failing` where a shard does not answer, for its routes are then told of by KV alone. */
export function hubPart(shards: readonly AskedShard[], now: number): Health["parts"]["hub"] {
  if (shards.length === 0)
    return {
      status: "off",
      words: "there is no hub: KV alone says what is newest",
      reportedAt: null,
      shards: [],
    };
  const told = (at: number | undefined) => (at === undefined ? null : iso(Math.min(at, now)));
  const each = shards.map((one) => ({ one, status: statusOf(one) }));
  const statuses = each.map(({ status }) => status);
  const heard = shards.flatMap(({ health }) => health?.reportedAt ?? []);
  return {
    status:
      statuses.find((one) => one === "failing") ?? statuses.find((one) => one === "warn") ?? "ok",
    words: wordsOf(shards),
    reportedAt: told(heard.length === 0 ? undefined : Math.max(...heard)),
    shards: each.map(({ one: { shard, ms, health }, status }) => ({
      shard,
      status,
      ms,
      reportedAt: told(health?.reportedAt),
    })),
  };
}
