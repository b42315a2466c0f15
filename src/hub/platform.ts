import type { Sql } from "../lib/sql.ts";
import type { GuardOrder, GuardOutcome } from "../report/guard.ts";
import type { Standing } from "../report/wire.ts";
import type { NotifyPlatform } from "./notify/outbox.ts";

/** A value as KV has it, with what stands beside it. */
export interface InKv {
  readonly text: string | null;
  readonly metadata: unknown;
}

/** A page of what KV lists, in the order of the keys. */
export interface KvPage {
  readonly keys: readonly { readonly name: string; readonly metadata?: unknown }[];
  /** Where the next page begins; `undefined` after the last. */
  readonly cursor: string | undefined;
}

/** Every side effect of a shard by name, so that tests can fail, delay and replay each. */
export interface HubPlatform {
  /** A text that no other object has, nor the same one before it began anew, and that is told to nobody. */
  readonly boot: string;
  readonly sql: Sql;
  /** All or nothing, synchronously. */
  readonly transaction: <T>(work: () => T) => T;
  readonly read: (key: string) => Promise<InKv>;
  readonly list: (cursor: string | undefined) => Promise<KvPage>;
  /** Asks the ledger of a route; `undefined` where it never had a version. */
  readonly ledger: (key: string) => Promise<Standing | undefined>;
  /** Asks the ledger of a route for a guard's edit; rejects where it does not answer. Absent where guards only watch. */
  readonly guard?: (order: GuardOrder) => Promise<GuardOutcome>;
  /** Calls `alarm` at a time (ms), also after a crash; a later call moves it. */
  readonly setAlarm: (at: number) => void;
  /** Reports that the shard takes in a day; any number where it is left out. */
  readonly reportsPerDay?: number;
  /** Whether visitors can be told apart, as there is a key for their digests; they can where it is left out. */
  readonly knowsVisitors?: boolean;
  /** Who hears of what happens to routes, and the way to them; absent where nobody does. */
  readonly notify?: Pick<NotifyPlatform, "receivers" | "send" | "randomId" | "random">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (
    level: "warn" | "error",
    message: string,
    details: Record<string, unknown>,
  ) => void;
}
