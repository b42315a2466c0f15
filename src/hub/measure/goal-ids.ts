import type { Sql } from "../../lib/sql.ts";

/** Generations whose ids are known: the one that grows, and those before it. */
const GENERATIONS = 4;

/**
 * Ids of goals that were counted: each counts once, however often it comes. They are kept in
 * generations of a bounded size, of which the oldest goes when a new one begins.
 */
export class GoalIds {
  readonly #sql: Sql;
  readonly #most: number;
  /** The generation that grows, and how many ids it has; `undefined` where that is to be read. */
  #newest: { generation: number; ids: number } | undefined;

  constructor(sql: Sql, most: number) {
    this.#sql = sql;
    this.#most = most;
  }

  /** Whether there are ids of generations that are over. */
  get hasOver(): boolean {
    const query = "SELECT min(generation) AS n FROM goal_ids";
    const oldest = this.#sql.exec<{ n: number | null }>(query).toArray()[0]?.n ?? undefined;
    return oldest !== undefined && oldest <= this.#load().generation - GENERATIONS;
  }

  #load(): { generation: number; ids: number } {
    this.#newest ??= this.#sql
      .exec<{ generation: number; ids: number }>(
        `SELECT generation, count(*) AS ids FROM goal_ids
         WHERE generation = (SELECT max(generation) FROM goal_ids) GROUP BY generation`,
      )
      .toArray()[0] ?? { generation: GENERATIONS, ids: 0 };
    return this.#newest;
  }

  has(route: number, goal: string, id: string): boolean {
    const { generation } = this.#load();
    const query = `SELECT 1 AS n FROM goal_ids
                   WHERE generation = ? AND route = ? AND goal = ? AND id = ?`;
    for (let age = 0; age < GENERATIONS; age += 1)
      if (this.#sql.exec(query, generation - age, route, goal, id).toArray().length > 0)
        return true;
    return false;
  }

  /** Remembers an id that was not known. Inside a transaction. */
  add(route: number, goal: string, id: string): void {
    const newest = this.#load();
    if (newest.ids >= this.#most) {
      newest.generation += 1;
      newest.ids = 0;
    }
    newest.ids += 1;
    this.#sql.exec(
      "INSERT OR IGNORE INTO goal_ids (generation, route, goal, id) VALUES (?, ?, ?, ?)",
      newest.generation,
      route,
      goal,
      id,
    );
  }

  /** Deletes ids of generations that are over; whether there may be more. */
  sweep(most: number): boolean {
    const over = this.#load().generation - GENERATIONS;
    const query = `DELETE FROM goal_ids WHERE (generation, route, goal, id) IN
                   (SELECT generation, route, goal, id FROM goal_ids WHERE generation <= ? LIMIT ?)
                   RETURNING 1 AS n`;
    return this.#sql.exec(query, over, most).toArray().length >= most;
  }

  /** A transaction was rolled back. */
  forget(): void {
    this.#newest = undefined;
  }
}
