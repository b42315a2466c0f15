import { shardName, shardOf } from "./shard.ts";
import type { HubForLedgers } from "./wire.ts";

/** Where shards of the hub are made: fixed before the first of them is. */
export interface HubPlace {
  readonly location: DurableObjectLocationHint | undefined;
  readonly jurisdiction: DurableObjectJurisdiction | undefined;
}

/** A shard's object; whoever calls this makes it where there is none yet. */
export function shardStub<T extends Rpc.DurableObjectBranded | undefined>(
  hubs: DurableObjectNamespace<T>,
  { location, jurisdiction }: HubPlace,
  shard: number,
): DurableObjectStub<T> {
  const there = jurisdiction === undefined ? hubs : hubs.jurisdiction(jurisdiction);
  const options = location === undefined ? {} : { locationHint: location };
  return there.getByName(shardName(shard), options);
}

/** The hub as ledgers see it: each call goes to the shard that keeps the key, or that is named. */
export function hubForLedgers<T extends (Rpc.DurableObjectBranded & HubForLedgers) | undefined>(
  hubs: DurableObjectNamespace<T>,
  place: HubPlace,
): HubForLedgers {
  const at = (shard: number): HubForLedgers =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a stub has the methods of its object
    shardStub(hubs, place, shard) as unknown as HubForLedgers;
  const of = (key: string): HubForLedgers => at(shardOf(key));
  return {
    publish: async (publication) => of(publication.key).publish(publication),
    settle: async (settlement) => of(settlement.key).settle(settlement),
    newest: async (key) => of(key).newest(key),
    releases: async (shard) => at(shard).releases(shard),
  };
}
