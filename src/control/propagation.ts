import type { Config } from "../config.ts";

/** Past its TTL the data plane serves a policy for so long while it refreshes (ms); a test holds it to the gateway's own. */
export const STALE_MS = 30_000;

/** Until a value put to KV is read everywhere, caches aside (ms): "60 seconds or more", so half as much again. */
const KV_PROPAGATION_MS = 90_000;

/** Until every machine serves what is published now (ms), at worst: KV's way, its edge cache, and an isolate's memory. */
export function propagationMs(config: Config): number {
  return KV_PROPAGATION_MS + config.kvCacheTtlSeconds * 1000 + config.memoryTtlMs + STALE_MS;
}
