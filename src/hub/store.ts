import { migrate, type Sql, type SqlValue } from "../lib/sql.ts";
import { MAX_CREATED } from "../report/wire.ts";
import type { Head } from "./head.ts";
import { MIGRATIONS } from "./migrations.ts";
import { Recent } from "./recent.ts";

/** Routes whose heads are kept in memory: a few MB. Reports ask for the same ones again and again. */
const MAX_HEADS = 20_000;

type HeadRow = {
  id: number;
  key: string;
  version: number;
  digest: string;
  at: number;
  listed: number;
  pending: number;
  put_at: number;
  by_hand: string | null;
  beaten: string;
  beaten_at: number;
  splits: number;
  guarded: number;
  silent: number;
};

/** How far a walk through KV's list has come. */
export interface Walk {
  /** When a walk first came to the end (ms); `undefined` where none has. */
  readonly filledAt: number | undefined;
  /** When the last walk ended (ms); 0 for never. */
  readonly walkedAt: number;
  /** KV's cursor within a walk. */
  readonly cursor: string | undefined;
  /** The last key that this walk has passed. */
  readonly after: string;
}

/** A row of a list. */
export interface ListRow {
  readonly key: string;
  readonly version: number;
  readonly isByHand: boolean;
  readonly listed: boolean;
}

/** The tables of one shard. Every method is synchronous. */
export class HubStore {
  readonly #sql: Sql;
  readonly #heads = new Recent<{ readonly id: number; readonly head: Head | undefined }>(MAX_HEADS);

  constructor(sql: Sql, transaction: (work: () => void) => void) {
    this.#sql = sql;
    transaction(() => migrate(sql, MIGRATIONS));
  }

  #rows<TRow extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]): TRow[] {
    return this.#sql.exec<TRow>(query, ...values).toArray();
  }

  /** The shard that this object is, or becomes. */
  shard(): number | undefined {
    return this.#rows<{ shard: number }>("SELECT shard FROM state")[0]?.shard;
  }

  found(shard: number, now: number): void {
    this.#sql.exec(
      "INSERT INTO state (id, shard, founded_at, walked_at, after, packed) VALUES (1, ?, ?, 0, '', '')",
      shard,
      now,
    );
  }

  walk(): Walk {
    const [row] = this.#rows<{
      filled_at: number | null;
      walked_at: number;
      cursor: string | null;
      after: string;
    }>("SELECT filled_at, walked_at, cursor, after FROM state");
    return {
      filledAt: row?.filled_at ?? undefined,
      walkedAt: row?.walked_at ?? 0,
      cursor: row?.cursor ?? undefined,
      after: row?.after ?? "",
    };
  }

  setWalk({ filledAt, walkedAt, cursor, after }: Walk): void {
    this.#sql.exec(
      "UPDATE state SET filled_at = ?, walked_at = ?, cursor = ?, after = ?",
      filledAt ?? null,
      walkedAt,
      cursor ?? null,
      after,
    );
  }

  #known(key: string): { readonly id: number; readonly head: Head | undefined } {
    const kept = this.#heads.get(key);
    if (kept !== undefined) return kept;
    const [row] = this.#rows<HeadRow>("SELECT * FROM routes WHERE key = ?", key);
    const known =
      row === undefined
        ? { id: 0, head: undefined }
        : {
            id: row.id,
            head: {
              key,
              version: row.version,
              digest: row.digest,
              at: row.at,
              listed: row.listed === 1,
              pending: row.pending === 1,
              putAt: row.put_at,
              byHand: row.by_hand ?? undefined,
              beaten: row.beaten === "" ? [] : row.beaten.split(" "),
              beatenAt: row.beaten_at,
              splits: row.splits === 1,
              guarded: row.guarded === 1,
              silent: row.silent === 1,
            },
          };
    this.#heads.set(key, known);
    return known;
  }

  head(key: string): Head | undefined {
    return this.#known(key).head;
  }

  /** The ledger's newest text, or the one put by hand that rules over it; `null` where the route is deleted. */
  text(key: string, isByHand: boolean): string | null {
    const table = isByHand ? "texts_by_hand" : "texts";
    const query = `SELECT text FROM ${table} WHERE route = ?`;
    return this.#rows<{ text: string }>(query, this.#known(key).id)[0]?.text ?? null;
  }

  /** Writes what is known of a route; a text that is left out stays. Inside a transaction. */
  set(head: Head, texts: { text?: string | null; byHand?: string | null }): void {
    const { key } = head;
    this.#heads.delete(key);
    const columns = [
      head.version,
      head.digest,
      head.at,
      Number(head.listed),
      Number(head.pending),
      head.putAt,
      head.byHand ?? null,
      head.beaten.join(" "),
      head.beatenAt,
      Number(head.splits),
      Number(head.guarded),
      Number(head.silent),
    ];
    const [row] = this.#rows<{ id: number }>(
      `INSERT INTO routes (key, version, digest, at, listed, pending, put_at, by_hand, beaten, beaten_at, splits,
         guarded, silent)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET version = excluded.version, digest = excluded.digest,
         at = excluded.at, listed = excluded.listed, pending = excluded.pending,
         put_at = excluded.put_at, by_hand = excluded.by_hand, beaten = excluded.beaten,
         beaten_at = excluded.beaten_at, splits = excluded.splits,
         guarded = excluded.guarded, silent = excluded.silent
       RETURNING id`,
      key,
      ...columns,
    );
    if (row === undefined) return;
    if (texts.text !== undefined) this.#setText("texts", row.id, texts.text);
    if (texts.byHand !== undefined) this.#setText("texts_by_hand", row.id, texts.byHand);
  }

  #setText(table: "texts" | "texts_by_hand", route: number, text: string | null): void {
    if (text === null) this.#sql.exec(`DELETE FROM ${table} WHERE route = ?`, route);
    else this.#sql.exec(`INSERT OR REPLACE INTO ${table} (route, text) VALUES (?, ?)`, route, text);
  }

  /** After a transaction was rolled back, what it had made known is not. */
  forget(key: string): void {
    this.#heads.delete(key);
  }

  /** Says that a key came into being. Inside a transaction. */
  addCreated(key: string): void {
    const number = this.cursor() + 1;
    this.#sql.exec("INSERT INTO created (number, key) VALUES (?, ?)", number, key);
    this.#sql.exec("DELETE FROM created WHERE number <= ?", number - MAX_CREATED);
  }

  /** The number of the key that was created last. A shard that was lost begins above all that it ever gave. */
  cursor(): number {
    const query =
      "SELECT coalesce((SELECT max(number) FROM created), (SELECT founded_at FROM state), 0) AS n";
    return this.#rows<{ n: number }>(query)[0]?.n ?? 0;
  }

  /** The keys created after `since`; `undefined` where some of them are not known any more. */
  createdSince(since: number): string[] | undefined {
    const cursor = this.cursor();
    if (since === cursor) return [];
    const query = "SELECT number, key FROM created WHERE number > ? ORDER BY number";
    const rows = this.#rows<{ number: number; key: string }>(query, since);
    return rows[0]?.number === since + 1 ? rows.map(({ key }) => key) : undefined;
  }

  /** Routes after a key and within a prefix, deleted ones too, in the order of their keys. */
  rows(prefix: string, after: string, limit: number): ListRow[] {
    // One lower bound: of two, SQLite seeks by the first and passes over all between them.
    const begins = after < prefix ? "key >= ?" : "key > ?";
    const query = `SELECT key, version, by_hand, listed FROM routes
                   WHERE ${begins} AND key < ? ORDER BY key LIMIT ?`;
    return this.#rows<Pick<HeadRow, "key" | "version" | "by_hand" | "listed">>(
      query,
      after < prefix ? prefix : after,
      `${prefix}\uFFFF`,
      limit,
    ).map(({ key, version, by_hand, listed }) => ({
      key,
      version,
      isByHand: by_hand !== null,
      listed: listed === 1,
    }));
  }

  /** The listed keys after one, up to another. */
  keysBetween(after: string, last: string): string[] {
    const query = "SELECT key FROM routes WHERE key > ? AND key <= ? AND listed = 1";
    return this.#rows<{ key: string }>(query, after, last).map(({ key }) => key);
  }

  /** Reports that a day's budget has been charged with. */
  budgetUsed(day: number): number {
    const query = "SELECT used FROM budget WHERE day = ?";
    return this.#rows<{ used: number }>(query, day)[0]?.used ?? 0;
  }

  /** The row of the day before goes. */
  setBudgetUsed(day: number, used: number): void {
    this.#sql.exec(
      `INSERT INTO budget (id, day, used) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET day = excluded.day, used = excluded.used`,
      day,
      used,
    );
  }

  packed(): string {
    return this.#rows<{ packed: string }>("SELECT packed FROM state")[0]?.packed ?? "";
  }

  setPacked(text: string): void {
    this.#sql.exec("UPDATE state SET packed = ?", text);
  }

  /** The number of a key in the tables; `undefined` for one that was never heard of. */
  idOf(key: string): number | undefined {
    const { id, head } = this.#known(key);
    return head === undefined ? undefined : id;
  }

  /** The routes that a guard watches. */
  guarded(): string[] {
    return this.#rows<{ key: string }>("SELECT key FROM routes WHERE guarded = 1").map(
      ({ key }) => key,
    );
  }

  /** What is known of the route of a number. */
  headOf(id: number): { readonly id: number; readonly head: Head } | undefined {
    const [row] = this.#rows<{ key: string }>("SELECT key FROM routes WHERE id = ?", id);
    const head = row && this.head(row.key);
    return head && { id, head };
  }
}
