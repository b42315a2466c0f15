import type { Sql } from "../../lib/sql.ts";
import type { Reached } from "./aggregate.ts";

type ReachedRow = { goal: string; count: number; value: number };

/** The rows of what visitors reached. */
export class ReachedGoals {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** All goals of one visitor, by name. */
  of(experiment: number, digest: string): Map<string, Reached> {
    const rows = this.#sql
      .exec<ReachedRow>(
        "SELECT goal, count, value FROM reached WHERE experiment = ? AND digest = ?",
        experiment,
        digest,
      )
      .toArray();
    return new Map(rows.map(({ goal, count, value }) => [goal, { count, value }]));
  }

  set(experiment: number, digest: string, goal: string, { count, value }: Reached): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO reached (experiment, digest, goal, count, value) VALUES (?, ?, ?, ?, ?)",
      experiment,
      digest,
      goal,
      count,
      value,
    );
  }

  delete(experiment: number, digest: string): void {
    this.#sql.exec("DELETE FROM reached WHERE experiment = ? AND digest = ?", experiment, digest);
  }
}
