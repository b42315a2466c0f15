import type { Sql } from "../../lib/sql.ts";
import { spansOf, textOf, type Spans } from "./pack.ts";
import { emptyRoute, type RouteTally } from "./tally.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** Minutes are kept for a day. */
export const KEPT_MINUTES = 1440;

/** Hours are kept for 90 days. */
export const KEPT_HOURS = 2160;

/** A closed hour as it is stored, and what was counted up to its end. */
export interface StoredHour {
  readonly hour: number;
  readonly spans: Spans;
}

export interface StoredMinute {
  readonly minute: number;
  readonly spans: Spans;
}

/** No minute comes after this one. */
const LAST = Number.MAX_SAFE_INTEGER;

/** The first and the last place of a ring between two times; in two parts where it comes round between them. */
function placesOf(
  route: number,
  kept: number,
  from: number,
  to: number,
): readonly (readonly [first: number, last: number])[] {
  const begin = route * kept;
  if (to - from + 1 >= kept) return [[begin, begin + kept - 1]];
  const [first, last] = [begin + (from % kept), begin + (to % kept)];
  return first <= last
    ? [[first, last]]
    : [
        [first, begin + kept - 1],
        [begin, last],
      ];
}

/**
 * Rows of what routes counted, by the minute and the hour (UTC, the hub's clock) in which they were
 * stored. Each has a place that comes round again, so that nothing need be deleted where a route goes on.
 */
export class Ring {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  setMinute(route: number, minute: number, spans: Spans): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO minutes (id, minute, spans) VALUES (?, ?, ?)",
      route * KEPT_MINUTES + (minute % KEPT_MINUTES),
      minute,
      textOf(spans),
    );
  }

  setHour(route: number, { hour, spans }: StoredHour, totals: RouteTally): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO hours (id, hour, spans, totals) VALUES (?, ?, ?, ?)",
      route * KEPT_HOURS + (hour % KEPT_HOURS),
      hour,
      textOf(spans),
      textOf(new Map([[hour, totals]])),
    );
  }

  /** Rows stored in minutes from one to another, in order. */
  minutes(route: number, from: number, to = Number.POSITIVE_INFINITY): StoredMinute[] {
    const query = `SELECT minute, spans FROM minutes
                   WHERE id >= ? AND id <= ? AND minute >= ? AND minute <= ? ORDER BY minute`;
    return placesOf(route, KEPT_MINUTES, from, to).flatMap(([first, last]) =>
      this.#sql
        .exec<{ minute: number; spans: string }>(query, first, last, from, Math.min(to, LAST))
        .toArray()
        .map(({ minute, spans }) => ({ minute, spans: spansOf(spans) })),
    );
  }

  /** Hours that were closed, from one to another, in order. */
  hours(route: number, from: number, to: number): StoredHour[] {
    const query = `SELECT hour, spans FROM hours
                   WHERE id >= ? AND id <= ? AND hour >= ? AND hour <= ? ORDER BY hour`;
    return placesOf(route, KEPT_HOURS, from, to).flatMap(([first, last]) =>
      this.#sql
        .exec<{ hour: number; spans: string }>(query, first, last, from, to)
        .toArray()
        .map(({ hour, spans }) => ({ hour, spans: spansOf(spans) })),
    );
  }

  /** The last hour that was closed, and what was counted up to its end. */
  lastHour(route: number): { readonly hour: number; readonly totals: RouteTally } {
    const query =
      "SELECT hour, totals FROM hours WHERE id >= ? AND id < ? ORDER BY hour DESC LIMIT 1";
    const [row] = this.#sql
      .exec<{ hour: number; totals: string }>(query, route * KEPT_HOURS, (route + 1) * KEPT_HOURS)
      .toArray();
    if (row === undefined) return { hour: -1, totals: emptyRoute() };
    return { hour: row.hour, totals: spansOf(row.totals).get(row.hour) ?? emptyRoute() };
  }

  /** The routes that have minutes, in order. */
  routes(): number[] {
    const routes: number[] = [];
    const query = "SELECT id FROM minutes WHERE id >= ? ORDER BY id LIMIT 1";
    for (let from = 0; ;) {
      const [row] = this.#sql.exec<{ id: number }>(query, from).toArray();
      if (row === undefined) return routes;
      const route = Math.floor(row.id / KEPT_MINUTES);
      routes.push(route);
      from = (route + 1) * KEPT_MINUTES;
    }
  }
}
