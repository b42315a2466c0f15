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
];

function applied(sql: SqlStorage): number {
  const table = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";
  if (sql.exec(table).toArray().length === 0) return 0;
  const [row] = sql.exec<{ n: number }>("SELECT count(*) AS n FROM migrations").toArray();
  return row?.n ?? 0;
}

/** Whether the object has ever stored anything: reading about a route that never was leaves no trace. */
export function isFounded(sql: SqlStorage): boolean {
  return applied(sql) > 0;
}

/** Runs the steps that have not run yet, in order, up to `last`. Call inside a transaction. */
export function migrate(sql: SqlStorage, last: number = MIGRATIONS.length): void {
  const from = applied(sql);
  if (from === 0)
    sql.exec("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY) STRICT");
  for (const [index, step] of MIGRATIONS.slice(0, last).entries()) {
    if (index < from) continue;
    sql.exec(step);
    sql.exec("INSERT INTO migrations (number) VALUES (?)", index + 1);
  }
}
