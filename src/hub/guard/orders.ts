import type { Sql } from "../../lib/sql.ts";
import type { EarlierOrder, GuardOrder } from "../../report/guard.ts";

/** An order that no ledger has answered is sent again after so long (ms), then after twice as long, */
export const FIRST_RETRY_MS = 1000;

/** and never after longer than this (ms). */
export const LONGEST_RETRY_MS = 60_000;

/** What a guard has decided, and what was found. */
export interface Decided {
  readonly order: GuardOrder;
  /** The checks that were breached; none where a step is granted. */
  readonly checks: readonly string[];
}

/** An order that waits for a ledger. */
export interface Waiting extends Decided {
  readonly route: number;
  readonly experiment: string;
  /** How often it was sent. */
  readonly attempts: number;
}

type OrderRow = {
  route: number;
  experiment: string;
  made: string;
  attempts: number;
};

function waitingOf({ route, experiment, made, attempts }: OrderRow): Waiting {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but this class writes these rows
  return { ...(JSON.parse(made) as Decided), route, experiment, attempts };
}

/** What guards want of ledgers: one order a split, stored before it is sent. Every method is synchronous. */
export class Orders {
  readonly #sql: Sql;
  /** When the next one is to be sent (ms); `undefined` where nobody has looked. */
  #dueAt: number | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** When the next one is to be sent (ms); never, where there is none. */
  dueAt(): number {
    this.#dueAt ??=
      this.#sql
        .exec<{ at: number | null }>("SELECT min(retry_at) AS at FROM guard_orders")
        .toArray()[0]?.at ?? Number.POSITIVE_INFINITY;
    return this.#dueAt;
  }

  of(route: number, experiment: string): Waiting | undefined {
    const [row] = this.#sql
      .exec<OrderRow>(
        "SELECT * FROM guard_orders WHERE route = ? AND experiment = ?",
        route,
        experiment,
      )
      .toArray();
    return row && waitingOf(row);
  }

  /** The orders that are to be sent. */
  due(now: number): Waiting[] {
    return this.#sql
      .exec<OrderRow>("SELECT * FROM guard_orders WHERE retry_at <= ?", now)
      .toArray()
      .map(waitingOf);
  }

  /** Puts an order in the place of one that the split may have. Inside a transaction. */
  put(route: number, experiment: string, { order, checks }: Decided, now: number): void {
    this.forget();
    // Ledgers of the release before, and one that is gone back to, know the action as "deed".
    const named: Pick<EarlierOrder, "deed"> = { deed: order.action };
    const stored: Decided = { order: { ...order, ...named }, checks };
    this.#sql.exec(
      `INSERT OR REPLACE INTO guard_orders (route, experiment, made, attempts, retry_at)
       VALUES (?, ?, ?, 0, ?)`,
      route,
      experiment,
      JSON.stringify(stored),
      now,
    );
  }

  /** Says that an order is about to be sent, and when it is sent again should there be no answer. Inside a transaction. */
  sends({ route, experiment, attempts }: Waiting, now: number): void {
    this.forget();
    this.#sql.exec(
      "UPDATE guard_orders SET attempts = ?, retry_at = ? WHERE route = ? AND experiment = ?",
      attempts + 1,
      now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts),
      route,
      experiment,
    );
  }

  /** Inside a transaction. */
  delete({ route, experiment }: Pick<Waiting, "route" | "experiment">): void {
    this.forget();
    this.#sql.exec(
      "DELETE FROM guard_orders WHERE route = ? AND experiment = ?",
      route,
      experiment,
    );
  }

  /** After a transaction was rolled back, what it had made known is not. */
  forget(): void {
    this.#dueAt = undefined;
  }
}
