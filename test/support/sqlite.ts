import { DatabaseSync } from "node:sqlite";

import type { Sql, SqlValue } from "../../src/lib/sql.ts";

/** A database in memory with the interface of a Durable Object's, for tests that need thousands of them. */
export class Sqlite implements Sql {
  readonly #database = new DatabaseSync(":memory:");
  readonly #prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  /** Called before each statement: a test may throw here, as a crash would. */
  before: (query: string) => void = () => {};

  exec<TRow extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]) {
    this.before(query);
    if (values.length === 0 && query.trimEnd().endsWith(";")) {
      this.#database.exec(query);
      return { toArray: (): TRow[] => [] };
    }
    const statement = this.#prepared.get(query) ?? this.#database.prepare(query);
    this.#prepared.set(query, statement);
    const rows = statement.all(...(values as (string | number | null)[])) as unknown as TRow[];
    return { toArray: () => rows };
  }

  /** All or nothing. */
  transaction<T>(work: () => T): T {
    this.#database.exec("BEGIN");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
