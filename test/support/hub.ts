import { HubCore } from "../../src/hub/core.ts";
import { LIMITS, type MeasureLimits } from "../../src/hub/measure/limits.ts";
import { spansOf } from "../../src/hub/measure/pack.ts";
import { KEPT_MINUTES } from "../../src/hub/measure/ring.ts";
import { emptyRoute, mergeRoute, type RouteTally } from "../../src/hub/measure/tally.ts";
import type { Notice } from "../../src/hub/notify/notice.ts";
import type { HubPlatform, InKv } from "../../src/hub/platform.ts";
import type { Sql } from "../../src/lib/sql.ts";
import { readNews } from "../../src/report/decode.ts";
import type { GuardOrder, GuardOutcome } from "../../src/report/guard.ts";
import { textDigest } from "../../src/report/digest.ts";
import { shardOf } from "../../src/report/shard.ts";
import { stampOf } from "../../src/report/stamp.ts";
import type { HeldRoute, News, Report, Standing } from "../../src/report/wire.ts";
import { Sqlite } from "./sqlite.ts";

/** Keys that one shard keeps, as many as are asked for. */
export function keysOf(shard: number, count: number): string[] {
  const keys: string[] = [];
  for (let i = 0; keys.length < count; i += 1) {
    const key = `tenant-${i}`;
    if (shardOf(key) === shard) keys.push(key);
  }
  return keys;
}

/** Rows of what a route counted in minutes; of all that have no place of their own under the key "". */
export function storedMinutes(sql: Sql, key: string): RouteTally {
  const [row] = sql.exec<{ id: number }>("SELECT id FROM routes WHERE key = ?", key).toArray();
  const together = emptyRoute();
  if (row === undefined && key !== "") return together;
  const id = row?.id ?? 0;
  const query = "SELECT spans FROM minutes WHERE id >= ? AND id < ?";
  const rows = sql.exec<{ spans: string }>(query, id * KEPT_MINUTES, (id + 1) * KEPT_MINUTES);
  for (const { spans } of rows.toArray())
    for (const route of spansOf(spans).values()) mergeRoute(together, route);
  return together;
}

/** Requests of a route in all minutes that are stored. */
export const storedRequests = (sql: Sql, key: string): number => storedMinutes(sql, key).requests;

/** One shard, round it a KV, ledgers and a clock that do as they are told. */
export class HubWorld {
  readonly shard: number;
  now = 1_800_000_000_000;
  alarmAt: number | undefined;
  readonly sql: Sqlite;
  readonly kv = new Map<string, InKv>();
  readonly ledgers = new Map<string, Standing>();
  /** What KV and the ledgers were asked, and what was logged. */
  readonly asked: string[] = [];
  readonly logged: string[] = [];
  /** What receivers were told, and which. */
  readonly noticed: (Notice & { readonly receivers: readonly string[] })[] = [];
  isKvDown = false;
  #boots = 0;
  core: HubCore;

  readonly limits: MeasureLimits;

  constructor(shard = 0, limits: Partial<MeasureLimits> = {}, sql = new Sqlite()) {
    this.sql = sql;
    this.shard = shard;
    this.limits = { ...LIMITS, ...limits };
    this.core = this.#begun();
  }

  #begun(): HubCore {
    const add = (notice: Notice, receivers: readonly string[]) =>
      void this.noticed.push({ ...notice, receivers });
    return new HubCore(this.platform(), this.limits, { add });
  }

  /** What a guard's order comes to. */
  async guard(_order: GuardOrder): Promise<GuardOutcome> {
    throw new Error("there is no ledger");
  }

  platform(): HubPlatform {
    this.#boots += 1;
    return {
      boot: `${this.#boots}`,
      sql: this.sql,
      transaction: (work) => {
        const { length } = this.noticed;
        try {
          return this.sql.transaction(work);
        } catch (error) {
          this.noticed.length = length;
          throw error;
        }
      },
      read: async (key) => {
        this.asked.push(`read ${key}`);
        if (this.isKvDown) throw new Error("KV is down");
        return this.kv.get(key) ?? { text: null, metadata: null };
      },
      list: async (cursor) => {
        this.asked.push(`list ${cursor ?? ""}`);
        if (this.isKvDown) throw new Error("KV is down");
        const from = Number(cursor ?? 0);
        const names = [...this.kv.keys()].toSorted();
        const keys = names
          .slice(from, from + 1000)
          .map((name) => ({ name, metadata: this.kv.get(name)?.metadata }));
        const next = from + 1000;
        return { keys, cursor: next < names.length ? String(next) : undefined };
      },
      ledger: async (key) => {
        this.asked.push(`ledger ${key}`);
        return this.ledgers.get(key);
      },
      guard: async (order) => this.guard(order),
      setAlarm: (at) => {
        this.alarmAt = at;
      },
      now: () => this.now,
      log: (_level, message) => void this.logged.push(message),
    };
  }

  /** All memory is lost. */
  crash(): void {
    this.core = this.#begun();
  }

  /** A value that a ledger put. */
  put(key: string, version: number, text: string): void {
    this.kv.set(key, { text, metadata: stampOf(text, version) });
  }

  /** A ledger that has a version, in KV or not yet. */
  keep(key: string, version: number, text: string | null, isInKv: boolean): void {
    this.ledgers.set(key, { key, version, text, at: 5, isInKv, putAt: isInKv ? 6 : 0 });
  }

  /** Lets time pass; every alarm goes off that is due meanwhile. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.alarmAt !== undefined && this.alarmAt <= end) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = undefined;
      await this.core.alarm();
    }
    this.now = end;
  }

  report(report: Partial<Report>): News {
    const text = JSON.stringify({
      v: 1,
      isolate: "i",
      sequence: 1,
      routes: [],
      lookups: [],
      since: 0,
      ...report,
    });
    const news = readNews(this.core.report(this.shard, text));
    if (news === undefined) throw new Error("not news");
    return news;
  }

  /** Requests of a route in all minutes that are stored. */
  stored(key: string): number {
    return storedRequests(this.sql, key);
  }
}

/** What an isolate holds of a text; version 0 for one without a number. */
export const holding = (
  key: string,
  version: number,
  text: string | null,
  requests = 0,
): HeldRoute => ({ key, version, digest: textDigest(text), requests });
