import { shardOf, SHARDS } from "../../report/shard.ts";
import { USUAL_INTERVAL_MS, type HubWire } from "../../report/wire.ts";
import type { SipKey } from "../../lib/siphash.ts";
import type { Later, Platform } from "../platform.ts";
import { Measure, type Answered } from "../record/measure.ts";
import type { Copies } from "./copies.ts";
import type { KnownPolicies } from "./known-policies.ts";
import { elapsed, NEVER } from "./kv.ts";
import { Rate } from "./rate.ts";
import { Shard, type Wiring } from "./shard.ts";

/** A timer waits so long at most behind a response (ms): workerd ends what still runs 30 s after it, and the report itself takes time. */
export const MAX_BEHIND_MS = 25_000;

/** A timer that has not ended after so long (ms) was ended with its request, and another one is set. */
export const LOST_TIMER_MS = 30_000;

/** Calls for look-ups in any {@link LOOKUP_STRETCH_MS}, of all requests and to all shards together. */
export const LOOKUPS_PER_STRETCH = 5;

/** That stretch (ms), where the hub asks for reports as often as it ever does; where it asks for fewer, it gets fewer look-ups too. */
export const LOOKUP_STRETCH_MS = 1000;

interface Settings {
  readonly reportIntervalMs: number;
  readonly worker?: string | undefined;
  readonly visitorKey?: SipKey | undefined;
}

/**
 * The isolate's side of the wire: what it served is reported behind responses, and what is newer comes
 * with the answer. Without a binding nothing is counted and nothing asked. No failure reaches a request.
 */
export class Hub {
  readonly #policies: KnownPolicies;
  readonly #platform: Platform;
  readonly #shards: readonly Shard[];
  readonly #measure: Measure;
  readonly #lookups = new Rate(LOOKUPS_PER_STRETCH);
  #failing = 0;

  constructor(
    wire: HubWire | undefined,
    policies: KnownPolicies,
    copies: Copies,
    { reportIntervalMs, visitorKey, worker }: Settings,
    platform: Platform,
  ) {
    this.#policies = policies;
    this.#platform = platform;
    this.#measure = new Measure(visitorKey, platform);
    if (wire === undefined) {
      this.#shards = [];
      return;
    }
    const isolate = platform.randomId();
    const tell = (shard: number, error?: string) => this.#tell(shard, error);
    const wiring: Wiring = {
      wire,
      isolate,
      worker,
      policies,
      copies,
      reportIntervalMs,
      platform,
      bounds: { rows: 0, goals: 0, visitors: 0, watched: 0 },
      settle: () => this.#measure.settle(),
      tell,
    };
    this.#shards = Array.from({ length: SHARDS }, (_, index) => new Shard(index, wiring));
  }

  /** One line when the hub goes away and one when it is back, however many of its shards. */
  #tell(shard: number, error?: string): void {
    const { log } = this.#platform;
    if (error === undefined) {
      this.#failing -= 1;
      if (this.#failing === 0) log("warn", "the hub answers again", { shard });
      return;
    }
    if (this.#failing === 0)
      log("warn", "the hub does not answer; KV alone says what is newest", {
        shard,
        error,
      });
    this.#failing += 1;
  }

  /** Whether there is one, well or not. */
  get exists(): boolean {
    return this.#shards.length > 0;
  }

  #shard(key: string): Shard | undefined {
    return this.exists ? this.#shards[shardOf(key)] : undefined;
  }

  /** Whether the hub answers for a key, as far as is known. */
  isUp(key: string): boolean {
    const shard = this.#shard(key);
    return shard !== undefined && shard.failingSince === undefined;
  }

  /** Whether KV alone speaks for a key: no hub, or one that has said nothing for long. */
  isSilent(key: string): boolean {
    return this.#shard(key)?.isSilent() ?? true;
  }

  /** Since when the hub is being asked about a key (ms); `undefined` where it is not. */
  askedSince(key: string): number | undefined {
    return this.#shard(key)?.askedSince(key);
  }

  /** Whether a report would tell something new of a key now: one is due, and it names the key. */
  mayTell(key: string): boolean {
    const shard = this.#shard(key);
    return this.isUp(key) && shard?.tally.has(key) === true && shard.freeIn() <= 0;
  }

  /** Counts a request, and sets the timer of the next report where there is none. */
  served(key: string, later: Later): void {
    const shard = this.#shard(key);
    if (shard === undefined) return;
    shard.tally.of(key).requests += 1;
    this.#setTimer(shard, later);
  }

  /** Counts what became of a request. */
  count(answered: Answered, later: Later): void {
    const { key } = answered.route;
    const shard = this.#shard(key);
    const tally = shard?.tally.apart(key);
    if (shard === undefined || tally === undefined) return;
    if (this.#measure.count(tally, answered)) later(this.#settle());
    this.#setTimer(shard, later);
  }

  async #settle(): Promise<void> {
    await this.#platform.sleep(0);
    this.#measure.settle();
  }

  /** Sets the timer of the next report where there is none: the one that a request set when it came may be done by its end. */
  #setTimer(shard: Shard, later: Later): void {
    const now = this.#platform.now();
    if (elapsed(now, shard.timerAt) < LOST_TIMER_MS) return;
    later(this.#reportInTime(shard, now + MAX_BEHIND_MS));
  }

  /**
   * Reports when it is time to. Where that is later than a timer can wait, the report goes early, as far as it may.
   */
  async #reportInTime(shard: Shard, end: number): Promise<void> {
    const { now, sleep } = this.#platform;
    do {
      shard.timerAt = now();
      while (shard.freeIn() > 0 && now() < end) await sleep(Math.min(shard.freeIn(), end - now()));
      // What is counted from here on is not in this report, and wants a timer of its own.
      shard.timerAt = NEVER;
      if (shard.freeIn() <= 0 || shard.mayGoEarly) await shard.report();
      // Behind a report that was sent again there may be more, and nobody to see to it.
    } while (shard.timerAt === NEVER && !shard.tally.isEmpty && now() < end);
  }

  /**
   * Asks about keys that were not checked for long, or are not in memory: reports of those that are held,
   * where they are due, and look-ups of the others, as far as there may be some. Keys that no shard knows
   * go to `unknown`. Gives `undefined` where nobody was asked.
   */
  ask(keys: readonly string[], later: Later, unknown: Set<string>): Promise<unknown> | undefined {
    const asked: Promise<void>[] = [];
    for (const key of keys) {
      const shard = this.#shard(key);
      if (shard === undefined) break;
      const isDown = shard.failingSince !== undefined;
      if (isDown || (shard.tally.has(key) && this.#policies.get(key) !== undefined)) {
        if (shard.freeIn() > 0) continue;
        const report = shard.report();
        // Nobody waits for a hub that fails; it is tried behind the response.
        if (isDown) later(report);
        else asked.push(report);
      } else {
        const stretchMs = LOOKUP_STRETCH_MS * Math.max(1, shard.intervalMs / USUAL_INTERVAL_MS);
        if (this.#lookups.take(this.#platform.now(), stretchMs))
          asked.push(shard.lookUp(key, unknown));
      }
    }
    return asked.length === 0 ? undefined : Promise.all(asked);
  }
}
