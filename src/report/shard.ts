import { murmur3 } from "../lib/hash.ts";

/**
 * How many objects the hub is made of. A constant, so that no route ever has to move: sixteen take
 * 8 000 reports a second, and few routes still touch few of them.
 */
export const SHARDS = 16;

/** Apart from every seed of a draw (see `lib/hash.ts`): where a route is kept says nothing about who gets what. */
const SHARD_SEED = 5;

/** Which shard keeps a route: a whole number from 0 to {@link SHARDS} − 1, the same for ever. */
export const shardOf = (key: string): number => murmur3(key, SHARD_SEED) % SHARDS;

/** The name of a shard's Durable Object. */
export const shardName = (shard: number): string => `shard-${shard}`;
