import { migrate as run, type Sql } from "../lib/sql.ts";

/**
 * The ledger's tables, by numbered steps. A step that has run anywhere is never changed: a later
 * need is a new step. `versions` and `audit` only ever grow; `publication` has one row.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE versions (
     version INTEGER PRIMARY KEY,
     text TEXT,
     author TEXT NOT NULL,
     at INTEGER NOT NULL,
     note TEXT NOT NULL,
     deed TEXT NOT NULL
   ) STRICT;
   CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     actor TEXT NOT NULL,
     deed TEXT NOT NULL,
     version INTEGER NOT NULL,
     note TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;
   CREATE TABLE publication (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     key TEXT NOT NULL,
     published INTEGER NOT NULL,
     put_at INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     retry_at INTEGER,
     forced INTEGER NOT NULL,
     drifted INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE idempotency (
     id TEXT PRIMARY KEY,
     fingerprint TEXT NOT NULL,
     version INTEGER NOT NULL,
     at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX idempotency_at ON idempotency (at);`,
  // Fingerprints of the foreign value that KV has, and of the one a republish replaced: its caches may still tell that one.
  `ALTER TABLE publication ADD COLUMN seen TEXT NOT NULL DEFAULT '';
   ALTER TABLE publication ADD COLUMN replaced TEXT NOT NULL DEFAULT '';`,
  // "deed" was a word of our own. It stays readable under that name, for a release that is rolled back to.
  `ALTER TABLE versions RENAME COLUMN deed TO action;
   ALTER TABLE versions ADD COLUMN deed TEXT GENERATED ALWAYS AS (action) VIRTUAL;
   ALTER TABLE audit RENAME COLUMN deed TO action;
   ALTER TABLE audit ADD COLUMN deed TEXT GENERATED ALWAYS AS (action) VIRTUAL;`,
  // The version that KV has with its number beside it; when the newest was last ordered to KV anew;
  // and what the hub was told: a version, by its time, and that KV has it.
  `ALTER TABLE publication ADD COLUMN numbered INTEGER NOT NULL DEFAULT 0;
   UPDATE publication SET numbered = published;
   ALTER TABLE publication ADD COLUMN ordered_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE publication ADD COLUMN hub_version INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE publication ADD COLUMN hub_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE publication ADD COLUMN hub_settled_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE publication ADD COLUMN hub_attempts INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE publication ADD COLUMN hub_retry_at INTEGER;`,
];

/** Runs the steps that have not run yet, in order, up to `last`. Call inside a transaction. */
export function migrate(sql: Sql, last: number = MIGRATIONS.length): void {
  run(sql, MIGRATIONS.slice(0, last));
}
