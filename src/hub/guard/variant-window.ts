import { LATENCY_BUCKETS } from "../../lib/latency.ts";
import type { WatchedVisitor } from "../../report/guard.ts";
import type { WindowTally } from "../../stats/guard/types.ts";

/** What is remembered of a visitor: their earliest request, and whether any failed. */
interface Seen {
  at: number;
  latency: number | undefined;
  failed: boolean;
  address: string | undefined;
}

/** Visitors of one variant in one window, each once. */
export class VariantWindow {
  readonly #visitors = new Map<string, Seen>();
  #unlisted = 0;
  #tally: WindowTally | undefined;

  /** Visitors that are remembered one by one. */
  get size(): number {
    return this.#visitors.size;
  }

  /** Takes a visitor; one for whom there is no room makes shares smaller, never larger. */
  add(
    { digest, at, latency, failed = false, address }: WatchedVisitor,
    hasRoom: () => boolean,
  ): void {
    const known = this.#visitors.get(digest);
    this.#tally = undefined;
    if (known === undefined) {
      if (hasRoom()) this.#visitors.set(digest, { at, latency, failed, address });
      else this.#unlisted += 1;
      return;
    }
    known.failed ||= failed;
    known.address ??= address;
    if (at < known.at) Object.assign(known, { at, latency });
  }

  addUnlisted(count: number): void {
    this.#unlisted += count;
    this.#tally = undefined;
  }

  tally(): WindowTally {
    this.#tally ??= this.#counted();
    return this.#tally;
  }

  #counted(): WindowTally {
    const latency = Array.from({ length: LATENCY_BUCKETS }, () => 0);
    const networks = Array.from({ length: LATENCY_BUCKETS }, () => 0);
    const slowest = new Map<string, number>();
    const failing = new Set<string>();
    let failed = 0;
    for (const { latency: bucket, failed: hasFailed, address } of this.#visitors.values()) {
      if (hasFailed) failed += 1;
      if (hasFailed && address !== undefined) failing.add(address);
      if (bucket === undefined) continue;
      latency[bucket] = (latency[bucket] ?? 0) + 1;
      if (address !== undefined)
        slowest.set(address, Math.max(bucket, slowest.get(address) ?? bucket));
    }
    for (const bucket of slowest.values()) networks[bucket] = (networks[bucket] ?? 0) + 1;
    const visitors = this.#visitors.size + this.#unlisted;
    return { visitors, failed, failedNetworks: failing.size, latency, networks };
  }
}
