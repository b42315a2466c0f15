/** Past its time in memory a machine serves a policy for so long while it asks for a newer one (ms). */
export const STALE_MS = 30_000;

/** Until a value put to KV is read everywhere, caches aside (ms): "60 seconds or more", so half as much again. */
const KV_PROPAGATION_MS = 90_000;

/**
 * A KV read may answer with a value that was replaced so long ago (ms): its cache, and the way round
 * the world. What is read within this time of a put, without a number of its own, says nothing.
 */
export const STALE_READ_MS = 120_000;

/** What a change waits for on its way to every machine. */
export interface Delays {
  /** How long a policy is served from memory before KV is asked again. */
  readonly memoryTtlMs: number;
  /** How long Cloudflare's edge may answer a KV read from its own cache. */
  readonly kvCacheTtlSeconds: number;
}

/** Until every machine serves what is published now (ms), at worst: KV's way, its edge cache, and an isolate's memory. */
export function propagationMs({ memoryTtlMs, kvCacheTtlSeconds }: Delays): number {
  return KV_PROPAGATION_MS + kvCacheTtlSeconds * 1000 + memoryTtlMs + STALE_MS;
}
