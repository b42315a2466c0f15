import type { Sql } from "../lib/sql.ts";
import type { HubForLedgers } from "../report/wire.ts";

/** A value as KV has it. */
export interface Stored {
  readonly text: string | null;
  /** The version a ledger put beside it; `undefined` where anybody else wrote it. */
  readonly version: number | undefined;
}

/** Every side effect of a ledger by name, so that tests can fail, delay and replay each. */
export interface LedgerPlatform {
  readonly sql: Sql;
  /** All or nothing, synchronously. */
  readonly transaction: <T>(work: () => T) => T;
  readonly read: (key: string) => Promise<Stored>;
  /** `null` removes. */
  readonly write: (key: string, text: string | null, version: number) => Promise<void>;
  /** The shard of the hub that keeps this route; `undefined` where there is no hub. */
  readonly hub: HubForLedgers | undefined;
  /** Calls `alarm` at a time (ms), also after a crash; a later call moves it. */
  readonly setAlarm: (at: number) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so long (ms), or rejects when the signal says that nobody waits any more. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1): jitter only. */
  readonly random: () => number;
  readonly log: (
    level: "warn" | "error",
    message: string,
    details: Record<string, unknown>,
  ) => void;
}
