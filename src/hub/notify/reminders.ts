import type { NoticeEvent } from "../../lib/notice-events.ts";
import type { Sql } from "../../lib/sql.ts";

/** Something that may have to be told later, unless the route is changed before. */
export interface Reminder {
  readonly event: NoticeEvent;
  /** "" where it is about the whole route. */
  readonly experiment: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** A reminder whose time has come. */
export interface DueReminder extends Reminder {
  readonly route: number;
}

/** Reminders that are looked at in one go. */
const AT_ONCE = 50;

/** What may have to be told of routes later. Every method is synchronous, and those that write are called inside a transaction. */
export class Reminders {
  readonly #sql: Sql;
  #dueAt: number | undefined | "unknown" = "unknown";

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Puts the reminders of a route in place of those that it had. */
  set(route: number, reminders: readonly Reminder[]): void {
    this.#sql.exec("DELETE FROM reminders WHERE route = ?", route);
    for (const { event, experiment, at } of reminders)
      this.#sql.exec(
        "INSERT OR REPLACE INTO reminders (route, event, experiment, at) VALUES (?, ?, ?, ?)",
        route,
        event,
        experiment,
        Math.ceil(at),
      );
    this.#dueAt = "unknown";
  }

  /** Takes one kind of a route's reminders away. */
  drop(route: number, event: NoticeEvent): void {
    this.#sql.exec("DELETE FROM reminders WHERE route = ? AND event = ?", route, event);
    this.#dueAt = "unknown";
  }

  /** When the next one is due (ms); `undefined` where there is none. */
  dueAt(): number | undefined {
    if (this.#dueAt === "unknown") {
      const query = "SELECT min(at) AS due FROM reminders";
      this.#dueAt = this.#sql.exec<{ due: number | null }>(query).toArray()[0]?.due ?? undefined;
    }
    return this.#dueAt;
  }

  /** The reminders that are due, taken out. */
  take(now: number): DueReminder[] {
    const query = "SELECT route, event, experiment, at FROM reminders WHERE at <= ? LIMIT ?";
    const rows = this.#sql
      .exec<{ route: number; event: NoticeEvent; experiment: string; at: number }>(
        query,
        now,
        AT_ONCE,
      )
      .toArray();
    for (const { route, event, experiment } of rows)
      this.#sql.exec(
        "DELETE FROM reminders WHERE route = ? AND event = ? AND experiment = ?",
        route,
        event,
        experiment,
      );
    if (rows.length > 0) this.#dueAt = "unknown";
    return rows;
  }

  /** After a transaction was rolled back. */
  forget(): void {
    this.#dueAt = "unknown";
  }
}
