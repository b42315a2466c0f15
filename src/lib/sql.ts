/** What a cell of a table may hold. */
export type SqlValue = ArrayBuffer | string | number | null;

/** The part of a Durable Object's SQLite that our stores use. */
export interface Sql {
  readonly exec: <TRow extends Record<string, SqlValue>>(
    query: string,
    ...values: SqlValue[]
  ) => { readonly toArray: () => TRow[] };
}

function applied(sql: Sql): number {
  const table = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";
  if (sql.exec(table).toArray().length === 0) return 0;
  const [row] = sql.exec<{ n: number }>("SELECT count(*) AS n FROM migrations").toArray();
  return row?.n ?? 0;
}

/** Whether an object has ever stored anything. */
export function isFounded(sql: Sql): boolean {
  return applied(sql) > 0;
}

/**
 * Runs the numbered steps that have not run yet, in order. A step that has run anywhere is never
 * changed: a later need is a new step. Call inside a transaction.
 */
export function migrate(sql: Sql, steps: readonly string[]): void {
  const from = applied(sql);
  if (from === 0)
    sql.exec("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY) STRICT");
  for (const [index, step] of steps.entries()) {
    if (index < from) continue;
    sql.exec(step);
    sql.exec("INSERT INTO migrations (number) VALUES (?)", index + 1);
  }
}
