import { SHARDS } from "../report/shard.ts";
import { EMERGENCY_KV_MS } from "./emergency.ts";
import { HubOutbox } from "./hub-outbox.ts";
import { Outbox } from "./outbox.ts";
import type { LedgerPlatform } from "./platform.ts";
import type { Store } from "./store.ts";

/** The hub is told of a version before KV, for so long (ms) at most; then KV is, whether or not the hub has answered. */
export const HUB_FIRST_MS = 250;

/** The ways of a version to hub and KV, and the one alarm of both. */
export class Delivery {
  readonly outbox: Outbox;
  readonly hubOutbox: HubOutbox;
  readonly #store: Store;
  readonly #platform: LedgerPlatform;

  constructor(store: Store, platform: LedgerPlatform) {
    this.#store = store;
    this.#platform = platform;
    const wake = (): void => this.wake();
    this.outbox = new Outbox(store, platform, wake);
    this.hubOutbox = new HubOutbox(store, platform, wake);
  }

  /** Sees to it that the alarm goes off when the next thing is due. */
  wake(): void {
    const due = [this.outbox.dueAt(), this.hubOutbox.dueAt()].filter((at) => at !== undefined);
    if (due.length > 0) this.#platform.setAlarm(Math.min(...due));
  }

  /** Tells the hub, then KV. Done when KV is: the hub hears behind it that KV has the version. Never rejects. */
  async run(): Promise<void> {
    const told = this.hubOutbox.run();
    if (this.#platform.hub !== undefined) await this.#inTime(HUB_FIRST_MS, told, undefined);
    await this.outbox.run();
    void told.then(async () => this.#settle());
  }

  /** Does what is due. Never rejects. */
  async alarm(): Promise<void> {
    const now = this.#platform.now();
    const isDue = (at: number | undefined): boolean => at !== undefined && at <= now;
    const told = isDue(this.hubOutbox.dueAt()) ? this.hubOutbox.run() : undefined;
    if (isDue(this.outbox.dueAt())) await this.outbox.run();
    await told;
    await this.#settle();
    this.wake();
  }

  /** Tells the hub what KV has by now, unless the hub has just failed. */
  async #settle(): Promise<void> {
    if (this.#store.publication()?.hubRetryAt === null) await this.hubOutbox.run();
  }

  /** The newest version of a route that the hub has heard of; 0 where it does not say in time. */
  async heardByHub(key: string): Promise<number> {
    const { hub, log } = this.#platform;
    if (hub === undefined) return 0;
    const heard = hub.newest(key).then(
      ({ version }) => version,
      (error: unknown) => {
        log("warn", "the hub does not say what it has heard of a new route", {
          route: key,
          error: String(error),
        });
        return 0;
      },
    );
    return this.#inTime(EMERGENCY_KV_MS, heard, 0);
  }

  /**
   * The releases of the gateways that any shard has heard of lately: gateways report where they have routes, and this
   * one may be new to them. Of a shard that does not say so within so long (ms) nothing is known.
   */
  async gateways(ms: number): Promise<readonly string[]> {
    const { hub, log } = this.#platform;
    if (hub === undefined) return [];
    const heard = new Set<string>();
    let silent = SHARDS;
    let error = `no answer in ${Math.max(0, ms)} ms`;
    const ask = async (shard: number): Promise<void> => {
      try {
        for (const release of await hub.releases(shard)) heard.add(release);
        silent -= 1;
      } catch (reason) {
        error = String(reason);
      }
    };
    const all = async () => Promise.all(Array.from({ length: SHARDS }, async (_, n) => ask(n)));
    if (ms > 0) await this.#inTime<unknown>(ms, all(), undefined);
    // What is published now may be known to nobody who serves: whoever looks for why must find this.
    if (silent > 0)
      log("warn", "the hub does not say which gateways there are", { shards: silent, error });
    return [...heard];
  }

  /** What was asked for, or `otherwise` where it takes longer. */
  async #inTime<T>(ms: number, asked: Promise<T>, otherwise: T): Promise<T> {
    const answered = new AbortController();
    const late = this.#platform.sleep(ms, answered.signal).then(
      () => otherwise,
      () => otherwise,
    );
    const first = await Promise.race([asked, late]);
    answered.abort();
    return first;
  }
}
