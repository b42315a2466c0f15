import { USUAL_INTERVAL_MS } from "../../report/wire.ts";

/** Says in how long to ask again (ms), by an answer and when it was new (ms since the epoch, as `now`). */
export type Pace<T> = (value: T, newAt: number, now: number) => number;

/** Where nothing says when there is news: often enough to see an edit soon, and no storm. */
export const POLL_MS = 4_000;

/** For what stands beside figures that move. */
const SELDOM_MS = 12_000;

/** How far behind a report that is due one asks for it (ms): once, and once more for one that is late. */
const BEHIND_MS = [250, 950] as const;

/** A question sooner than this (ms) would only repeat the last one. */
const LEAST_MS = 100;

/** When an answer was made, by the clock of who made it, and when the newest report came that it tells of. */
export interface Reported {
  readonly to: string;
  readonly reportedAt?: string | null;
}

/**
 * Asks just behind the next report. An isolate that serves reports every five seconds: a question between two of its
 * reports finds nothing, and one that comes a while behind it makes old what it shows. Where no report is due, there
 * may be a new one at any time. Only differences of times of one clock are used, so that no two need to agree.
 */
export function behindReports({ to, reportedAt }: Reported, newAt: number, now: number): number {
  if (reportedAt == null) return POLL_MS;
  const dueAt = newAt - (Date.parse(to) - Date.parse(reportedAt)) + USUAL_INTERVAL_MS;
  const next = BEHIND_MS.map((behind) => dueAt + behind - now).find((wait) => wait >= LEAST_MS);
  return next ?? POLL_MS;
}

export const usually = (): number => POLL_MS;

export const seldom = (): number => SELDOM_MS;
