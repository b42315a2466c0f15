import { MAX_IDEMPOTENCY_KEYS } from "../api/limits.ts";
import { isFounded, type Sql, type SqlValue } from "../lib/sql.ts";
import { migrate } from "./migrations.ts";
import { TakenBack } from "./taken-back.ts";
import type {
  AuditEntry,
  Idempotency,
  Page,
  Pair,
  Recalled,
  Version,
  VersionText,
  WantedPair,
} from "./types.ts";

/** A repeated request is recognised for so long (ms). */
export const IDEMPOTENCY_MS = 86_400_000;

/** How far KV is behind, and why. */
export interface Publication {
  readonly key: string;
  readonly published: number;
  /** When KV was last written to (ms); 0 for never. */
  readonly putAt: number;
  readonly attempts: number;
  readonly retryAt: number | null;
  /** Whether the next put is to replace even what somebody else wrote. */
  readonly forced: boolean;
  readonly drifted: boolean;
  /** Digest of the foreign value that was found last; empty for none. */
  readonly seen: string;
  /** Digest of the foreign value that was replaced last; empty for none. */
  readonly replaced: string;
  /** The version that KV has with its number beside it: an adopted text has none there at first. */
  readonly numbered: number;
  /** When the newest version was last ordered to KV anew (ms); 0 for never. */
  readonly orderedAt: number;
  /** The version that the hub was told last, and the time that went with it; 0 for none. */
  readonly hubVersion: number;
  readonly hubAt: number;
  /** The time of the version of which the hub was told that KV has it. */
  readonly hubSettledAt: number;
  readonly hubAttempts: number;
  readonly hubRetryAt: number | null;
}

/** A row as SQLite gives it: the columns bear the names of the fields, and only this file writes them. */
type Row<T> = { [TField in keyof T]: T[TField] };

type PublicationRow = {
  key: string;
  published: number;
  put_at: number;
  attempts: number;
  retry_at: number | null;
  forced: number;
  drifted: number;
  seen: string;
  replaced: string;
  numbered: number;
  ordered_at: number;
  hub_version: number;
  hub_at: number;
  hub_settled_at: number;
  hub_attempts: number;
  hub_retry_at: number | null;
};

const VERSION = "version, text, author, at, note, action";

function page<T>(rows: T[], limit: number, cursorOf: (row: T) => number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : undefined };
}

/** The tables of one ledger. Every method is synchronous, so a sequence of them is one transaction. */
export class Store {
  readonly #sql: Sql;
  #founded: boolean;
  /** What was taken back, by people and by guards. */
  readonly takenBack: TakenBack;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#founded = isFounded(sql);
    if (this.#founded) migrate(sql);
    this.takenBack = new TakenBack((query, ...values) => this.#rows(query, ...values));
  }

  /** Makes the tables on the first edit. */
  found(key: string): void {
    if (this.#founded) return;
    migrate(this.#sql);
    this.#sql.exec(
      "INSERT INTO publication (id, key, published, put_at, attempts, forced, drifted) VALUES (1, ?, 0, 0, 0, 0, 0)",
      key,
    );
    this.#founded = true;
  }

  /** After a transaction was rolled back, what it founded is gone again. */
  refresh(): void {
    this.#founded = isFounded(this.#sql);
  }

  #rows<T extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]): T[] {
    return this.#founded ? this.#sql.exec<T>(query, ...values).toArray() : [];
  }

  latest(): Version | undefined {
    return this.#rows<Row<Version>>(
      `SELECT ${VERSION} FROM versions ORDER BY version DESC LIMIT 1`,
    )[0];
  }

  version(version: number): Version | undefined {
    return this.#rows<Row<Version>>(
      `SELECT ${VERSION} FROM versions WHERE version = ?`,
      version,
    )[0];
  }

  /** Two versions to compare; version 0 has no policy. */
  pair({ from, to }: WantedPair): Pair | undefined {
    const newest = this.latest()?.version;
    if (newest === undefined) return undefined;
    const textAt = (version: number): VersionText => ({
      version,
      text: version === 0 ? null : this.version(version)?.text,
    });
    const later = to ?? newest;
    return { from: textAt(from ?? later - 1), to: textAt(later) };
  }

  /** The newest versions with their texts, newest first. */
  newest(limit: number): Version[] {
    const query = `SELECT ${VERSION} FROM versions ORDER BY version DESC LIMIT ?`;
    return this.#rows<Row<Version>>(query, limit);
  }

  /** Whether a text was taken in from KV: no version stands beside it there. */
  isAdopted(text: string): boolean {
    const query = "SELECT version FROM versions WHERE action = 'adopt' AND text = ? LIMIT 1";
    return this.#rows(query, text).length > 0;
  }

  /** Whether an edit after this version deleted the route. */
  isDeletedSince(version: number): boolean {
    const query = "SELECT version FROM versions WHERE version > ? AND text IS NULL LIMIT 1";
    return this.#rows(query, version).length > 0;
  }

  addVersion({ version, text, author, at, note, action }: Version): void {
    this.#sql.exec(
      `INSERT INTO versions (${VERSION}) VALUES (?, ?, ?, ?, ?, ?)`,
      version,
      text,
      author,
      at,
      note,
      action,
    );
  }

  /** Versions below `before`, newest first, without their texts: a page of them could fill the memory. */
  versions(before: number, limit: number): Page<Version> {
    const query = `SELECT version, CASE WHEN text IS NULL THEN NULL ELSE '' END AS text, author, at, note, action
                   FROM versions WHERE version < ? ORDER BY version DESC LIMIT ?`;
    const rows = this.#rows<Row<Version>>(query, before, limit + 1);
    return page<Version>(rows, limit, (row) => row.version);
  }

  addAudit({ at, actor, action, version, note, detail }: Omit<AuditEntry, "id">): void {
    this.#sql.exec(
      "INSERT INTO audit (at, actor, action, version, note, detail) VALUES (?, ?, ?, ?, ?, ?)",
      at,
      actor,
      action,
      version,
      note,
      detail,
    );
  }

  /** Entries below `before`, newest first. */
  audit(before: number, limit: number): Page<AuditEntry> {
    const query = `SELECT id, at, actor, action, version, note, detail FROM audit
                   WHERE id < ? ORDER BY id DESC LIMIT ?`;
    const rows = this.#rows<Row<AuditEntry>>(query, before, limit + 1);
    return page<AuditEntry>(rows, limit, (row) => row.id);
  }

  publication(): Publication | undefined {
    const [row] = this.#rows<PublicationRow>("SELECT * FROM publication");
    return (
      row && {
        key: row.key,
        published: row.published,
        putAt: row.put_at,
        attempts: row.attempts,
        retryAt: row.retry_at,
        forced: row.forced === 1,
        drifted: row.drifted === 1,
        seen: row.seen,
        replaced: row.replaced,
        numbered: row.numbered,
        orderedAt: row.ordered_at,
        hubVersion: row.hub_version,
        hubAt: row.hub_at,
        hubSettledAt: row.hub_settled_at,
        hubAttempts: row.hub_attempts,
        hubRetryAt: row.hub_retry_at,
      }
    );
  }

  setPublication(change: Partial<Omit<Publication, "key">>): void {
    const old = this.publication();
    if (old === undefined) return;
    const next = { ...old, ...change };
    this.#sql.exec(
      `UPDATE publication SET published = ?, put_at = ?, attempts = ?, retry_at = ?, forced = ?, drifted = ?,
         seen = ?, replaced = ?, numbered = ?, ordered_at = ?, hub_version = ?, hub_at = ?,
         hub_settled_at = ?, hub_attempts = ?, hub_retry_at = ?`,
      next.published,
      next.putAt,
      next.attempts,
      next.retryAt,
      Number(next.forced),
      Number(next.drifted),
      next.seen,
      next.replaced,
      next.numbered,
      next.orderedAt,
      next.hubVersion,
      next.hubAt,
      next.hubSettledAt,
      next.hubAttempts,
      next.hubRetryAt,
    );
  }

  recall({ id, fingerprint }: Idempotency, now: number): Recalled {
    const query = "SELECT fingerprint, version FROM idempotency WHERE id = ? AND at > ?";
    const [row] = this.#rows<{ fingerprint: string; version: number }>(
      query,
      id,
      now - IDEMPOTENCY_MS,
    );
    if (row === undefined) return { seen: false };
    return {
      seen: true,
      same: row.fingerprint === fingerprint,
      version: row.version,
    };
  }

  remember({ id, fingerprint }: Idempotency, version: number, now: number): void {
    const sql = this.#sql;
    sql.exec("DELETE FROM idempotency WHERE at <= ?", now - IDEMPOTENCY_MS);
    sql.exec(
      "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)",
      id,
      fingerprint,
      version,
      now,
    );
    sql.exec(
      `DELETE FROM idempotency WHERE id IN
         (SELECT id FROM idempotency ORDER BY at DESC LIMIT -1 OFFSET ?)`,
      MAX_IDEMPOTENCY_KEYS,
    );
  }
}
