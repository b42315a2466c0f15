import type * as fc from "fast-check";
import { LedgerCore } from "../../../src/ledger/core.ts";
import { LONGEST_RETRY_MS, MIN_PUT_GAP_MS } from "../../../src/ledger/outbox.ts";
import { STALE_READ_MS } from "../../../src/lib/propagation.ts";
import { RULES, edit } from "./edits.ts";
import type { LedgerPlatform, Stored } from "../../../src/ledger/platform.ts";

/** How the next call to KV ends. "lost" is a put that KV took while its answer never came. */
export type Fault = "none" | "fails" | "lost" | "stale";

export const KEY = "shop";

interface Put {
  readonly at: number;
  readonly version: number;
  readonly text: string | null;
}

/** A KV and a clock that do as they are told, round the ledger's real tables. */
export class World {
  now = 1_800_000_000_000;
  alarmAt: number | undefined;
  faults: Fault[] = [];
  stored: Stored = { text: null, version: undefined };
  /** What KV had before, and until when: a cached read may still tell it. */
  #before: { readonly value: Stored; readonly until: number } | undefined;
  readonly puts: Put[] = [];
  /** Values written by hand that a put replaced although the look before it had seen them. */
  readonly trampled: string[] = [];
  #seenByHand: string | undefined;
  core: LedgerCore;
  #generation = 0;
  readonly #storage: DurableObjectStorage;
  readonly #scheduler: fc.Scheduler;

  constructor(storage: DurableObjectStorage, scheduler: fc.Scheduler) {
    this.#storage = storage;
    this.#scheduler = scheduler;
    this.core = this.#start();
  }

  /** All memory is lost; what was on its way to KV has arrived or never will. */
  crash(): void {
    this.#generation += 1;
    this.core = this.#start();
  }

  /** What KV has from now on. */
  store(value: Stored): void {
    this.#before = { value: this.stored, until: this.now + STALE_READ_MS };
    this.stored = value;
  }

  /** Somebody writes to KV past the ledger. */
  writeByHand(text: string): void {
    this.store({ text, version: undefined });
  }

  /** Takes KV's value in, as the API does: from the newest version, with the text as it was looked at. */
  async adopt(): Promise<void> {
    const { drift, latest } = await this.core.status(KEY);
    if (typeof drift?.text !== "string") return;
    const from = latest?.text === null ? "new" : (latest?.version ?? 0);
    await this.core.commit(edit(KEY, from, { kind: "adopt" }), { drift, inTime: true });
  }

  /** Puts the newest version over everything. */
  async republish(): Promise<void> {
    this.#seenByHand = undefined;
    await this.core.republish({
      expects: { want: "any" },
      author: "a",
      note: "",
      override: true,
    });
  }

  /** Lets the alarm go off if it is due. */
  ring(): Promise<void> {
    if (this.alarmAt === undefined || this.alarmAt > this.now) return Promise.resolve();
    this.alarmAt = undefined;
    return this.core.delivery.alarm();
  }

  /** Whether publishing waits for somebody to decide about a drift, and not for the next alarm. */
  isHeld(): boolean {
    const far = this.alarmAt === undefined || this.alarmAt >= this.now + LONGEST_RETRY_MS / 2;
    return far && this.core.store.publication()?.drifted === true;
  }

  #start(): LedgerCore {
    const generation = this.#generation;
    const turn = async (what: string): Promise<Fault> => {
      await this.#scheduler.schedule(Promise.resolve(), what);
      // A dead instance hears nothing any more.
      if (generation !== this.#generation) await new Promise(() => {});
      return this.faults.shift() ?? "none";
    };
    const platform: LedgerPlatform = {
      sql: this.#storage.sql,
      transaction: (work) => this.#storage.transactionSync(work),
      read: async () => {
        const fault = await turn("read");
        if (fault === "fails") throw new Error("KV is down");
        const isCached =
          fault === "stale" && this.#before !== undefined && this.#before.until > this.now;
        const told = isCached && this.#before ? this.#before.value : this.stored;
        const isByHand = told.text !== null && told.version === undefined;
        this.#seenByHand = isByHand ? (told.text ?? undefined) : undefined;
        return told;
      },
      write: async (_key, text, version) => {
        const fault = await turn(`put ${version}`);
        if (fault === "fails") throw new Error("KV is down");
        const forced = this.core.store.publication()?.forced === true;
        const own = this.core.store.version(this.core.store.publication()?.published ?? 0)?.text;
        const isThere = this.stored.version === undefined && this.stored.text === this.#seenByHand;
        if (this.#seenByHand !== undefined && isThere && !forced && this.#seenByHand !== own)
          this.trampled.push(this.#seenByHand);
        this.puts.push({ at: this.now, version, text });
        this.store({ text, version: text === null ? undefined : version });
        if (fault === "lost") throw new Error("no answer");
      },
      hub: undefined,
      setAlarm: (at) => {
        this.alarmAt = at;
      },
      sleep: () => new Promise(() => {}),
      now: () => this.now,
      random: () => 0.5,
      log: () => {},
    };
    return new LedgerCore(platform, RULES);
  }

  /** KV works from now on, and every alarm goes off: where all of it ends. */
  async settle(): Promise<void> {
    this.faults = [];
    for (let rounds = 0; this.alarmAt !== undefined && !this.isHeld(); rounds += 1) {
      if (rounds > 50) throw new Error("the alarms never end");
      this.now = Math.max(this.now, this.alarmAt) + MIN_PUT_GAP_MS;
      const rung = this.ring();
      await this.#scheduler.waitIdle();
      await rung;
    }
  }
}
