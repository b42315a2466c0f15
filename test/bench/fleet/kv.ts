import { stampOf } from "../../../src/report/stamp.ts";
import type { VirtualClock } from "./clock.ts";

/** How KV behaves from the change on. "lying": any reader may get the old text again at any time. */
export type KvState = "up" | "lying" | "hanging" | "down";

export interface KvInput {
  readonly state: KvState;
  /** Until a put is in the store that sites fetch from (s). */
  readonly lateSeconds: number;
  readonly cacheTtlSeconds: number;
}

/** A version of the one route, and when KV had it put (ms). */
export interface Put {
  readonly version: number;
  readonly text: string;
  readonly at: number;
}

interface Cached {
  readonly put: Put;
  readonly until: number;
}

/** A round trip to KV (ms), from the site's cache or the store behind it. */
const CACHED_MS = 5;
const STORE_MS = 40;

/** A share of a lying KV's answers is old. */
const LIES = 0.5;

/** One value in Workers KV, and the sites' caches in front of it. */
export class FleetKv {
  readonly #clock: VirtualClock;
  readonly #input: KvInput;
  readonly #random: () => number;
  readonly puts: Put[] = [];
  readonly #sites = new Map<number, Cached>();
  /** From when on it behaves as told (ms). */
  turnsAt = Infinity;
  keysRead = 0;

  constructor(clock: VirtualClock, input: KvInput, random: () => number) {
    this.#clock = clock;
    this.#input = input;
    this.#random = random;
  }

  get #state(): KvState {
    return this.#clock.now >= this.turnsAt ? this.#input.state : "up";
  }

  /** The newest version that has arrived in the store; the first one was always there. */
  #stored(): Put {
    const settled = this.#clock.now - this.#input.lateSeconds * 1000;
    const put = this.puts.findLast(({ at }, index) => index === 0 || at <= settled);
    if (put === undefined) throw new Error("KV has nothing");
    return put;
  }

  /** What a site's readers get, billed by the key. */
  async read(site: number, keys: readonly string[], key: string) {
    this.keysRead += keys.length;
    const { now } = this.#clock;
    const kept = this.#sites.get(site);
    const isKept = kept !== undefined && now < kept.until;
    if (this.#state === "hanging") return new Promise<never>(() => {});
    await this.#clock.sleep(isKept ? CACHED_MS : STORE_MS);
    if (this.#state === "down") throw new Error("KV is down");
    const lies = this.#state === "lying" && this.#random() < LIES;
    const put = lies ? this.puts[0] : isKept ? kept.put : this.#stored();
    if (put === undefined) throw new Error("KV has nothing");
    if (!isKept) this.#sites.set(site, { put, until: now + this.#input.cacheTtlSeconds * 1000 });
    return new Map(
      keys.map((one) => [
        one,
        one === key
          ? { value: put.text, metadata: stampOf(put.text, put.version) }
          : { value: null, metadata: null },
      ]),
    );
  }
}
