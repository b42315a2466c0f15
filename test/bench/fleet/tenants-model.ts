import { PolicyCache } from "../../../src/gateway/load/policy-cache.ts";
import type { Platform } from "../../../src/gateway/platform.ts";
import { uniform } from "../draws.ts";

/** What is assumed of a fleet. */
export interface FleetInput {
  readonly tenants: number;
  /** Of Zipf's law: the n-th tenant has 1/n^s of the first one's traffic. */
  readonly zipf: number;
  /** Data centres, each with a KV cache of its own. */
  readonly sites: number;
  readonly isolatesPerSite: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly memoryTtlSeconds: number;
  readonly kvCacheTtlSeconds: number;
  /** Until an edit is in KV's central store for every site to fetch (s). */
  readonly propagationSeconds: number;
  readonly editsPerSecond: number;
  readonly maxRoutes: number;
}

export interface FleetResult {
  readonly requests: number;
  /** Keys read, which is what is billed, and calls, of which one may read several keys. */
  readonly keysRead: number;
  readonly calls: number;
  /** Requests that had to wait for KV. */
  readonly waited: number;
  /** Requests served with a policy older than the newest one; for how long there had been a newer one (s). */
  readonly staleSeconds: number[];
  /** Routes in memory, isolate by isolate, at the end. */
  readonly routes: number[];
}

/** Draws ranks 0, 1, 2 … by Zipf's law. */
export function zipf(count: number, exponent: number, draw: () => number): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += (rank + 1) ** -exponent;
    sums[rank] = sum;
  }
  return () => {
    const wanted = draw() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** A policy of a usual size: an experiment of two, told apart by its edit's number. */
export const policyText = (tenant: number, edit: number) =>
  `{"strategy":"weighted","epoch":${edit},"variants":[{"name":"control","origin":"https://v1.tenant-${tenant}.example.com","weight":90},{"name":"treatment","origin":"https://v2.tenant-${tenant}.example.com","weight":10}]}`;

const keyOf = (tenant: number) => `tenant-${tenant}`;

interface Cached {
  readonly text: string | null;
  readonly until: number;
}

const told = (value: string | null) => ({ value, metadata: null });

/** Workers KV: the texts with their edits, and the sites' caches in front of them. */
class Kv {
  /** Tenant → times of its edits (ms), oldest first. */
  readonly edits = new Map<number, number[]>();
  readonly #input: FleetInput;
  keysRead = 0;
  calls = 0;

  constructor(input: FleetInput) {
    this.#input = input;
  }

  /** How many edits a tenant's policy had had at a time. */
  editsBefore(tenant: number, time: number): number {
    return this.edits.get(tenant)?.filter((at) => at <= time).length ?? 0;
  }

  read(site: Map<string, Cached>, keys: readonly string[], now: number) {
    this.calls += 1;
    this.keysRead += keys.length;
    return new Map(
      keys.map((key) => {
        const kept = site.get(key);
        if (kept !== undefined && now < kept.until) return [key, told(kept.text)];
        const tenant = key === "*" ? undefined : Number(key.slice("tenant-".length));
        const settled = now - this.#input.propagationSeconds * 1000;
        const text =
          tenant === undefined ? null : policyText(tenant, this.editsBefore(tenant, settled));
        site.set(key, { text, until: now + this.#input.kvCacheTtlSeconds * 1000 });
        return [key, told(text)];
      }),
    );
  }
}

/**
 * Runs the fleet on a clock of its own. The isolates are the gateway's `PolicyCache` as they are; modelled is what is
 * around them: which tenant asks which isolate and when, KV with its caches, and edits.
 */
export async function simulate(input: FleetInput): Promise<FleetResult> {
  let now = 0;
  const draw = uniform(1);
  const platform: Platform = {
    now: () => now,
    random: draw,
    randomId: () => "",
    // KV always answers in time here.
    sleep: () => new Promise(() => {}),
    secret: () => undefined,
    pipe: () => new TransformStream(),
    fetch: () => Promise.reject(new Error("nothing is fetched here")),
    log: (_, message) => {
      throw new Error(message);
    },
  };
  const kv = new Kv(input);
  const isolates = Array.from({ length: input.sites }, () => new Map<string, Cached>()).flatMap(
    (site) =>
      Array.from(
        { length: input.isolatesPerSite },
        () =>
          new PolicyCache(
            { read: (keys) => Promise.resolve(kv.read(site, keys, now)) },
            {
              memoryTtlMs: input.memoryTtlSeconds * 1000,
              maxRoutes: input.maxRoutes,
              allowPrivateOrigins: false,
              reportIntervalMs: 5000,
              freshWaitMs: 150,
              coloCopyHost: "",
            },
            platform,
          ),
      ),
  );
  const tenant = zipf(input.tenants, input.zipf, draw);
  const result = { requests: 0, waited: 0, staleSeconds: [] as number[] };
  const count = input.requestsPerSecond * input.seconds;
  for (; result.requests < count; result.requests += 1) {
    now = (result.requests / input.requestsPerSecond) * 1000;
    if (draw() * input.requestsPerSecond < input.editsPerSecond) {
      const edited = tenant();
      kv.edits.set(edited, [...(kv.edits.get(edited) ?? []), now]);
    }
    const asked = tenant();
    const keys = [keyOf(asked), "*"];
    const isolate = isolates[Math.floor(draw() * isolates.length)];
    if (isolate === undefined) throw new Error("a fleet has one isolate at least");
    let behind: Promise<unknown> | undefined;
    let loaded = isolate.peek(keys, (work) => {
      behind = work;
    });
    if (loaded === undefined) {
      result.waited += 1;
      loaded = await isolate.load(keys, () => {});
    }
    const edits = kv.edits.get(asked);
    if (edits !== undefined) {
      if (loaded.found !== "route") throw new Error(`the tenant ${asked} was lost`);
      const { root } = loaded.route.policy;
      const seen = root.kind !== "leaf" ? undefined : /@(\d+)$/.exec(root.salt)?.[1];
      const missed = edits[Number(seen ?? 0)];
      if (missed !== undefined) result.staleSeconds.push((now - missed) / 1000);
    }
    await behind;
  }
  return {
    ...result,
    keysRead: kv.keysRead,
    calls: kv.calls,
    routes: isolates.map(({ size }) => size),
  };
}
