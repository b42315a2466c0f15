/** Rows of numbers that an isolate counts in, 0.8 KB each: a variant needs one for every minute that waits for a report. */
export const MAX_ROWS = 1280;

/** Visitors that wait for a report, and goals. Above it new ones are dropped. */
export const MAX_WAITING_VISITORS = 1024;
export const MAX_WAITING_GOALS = 512;

/** Visitors of guarded splits that wait for a report; of those beyond it their number is told. */
export const MAX_WAITING_WATCHED = 512;

/** What all routes of an isolate have taken together, so that its memory is bounded however many there are. */
export interface Bounds {
  rows: number;
  goals: number;
  visitors: number;
  watched: number;
}

/** Left of a report. */
export interface Room {
  chars: number;
  visitors: number;
  goals: number;
  watched: number;
  /** Which part of the waiting visitors finds room, so that no split takes it all; of those of guards, {@link watchedShare}. */
  readonly share: number;
  readonly watchedShare: number;
}

/** Whether something still finds room in a report; then it is taken for it. */
export function fits(room: Room, value: unknown): boolean {
  // With a comma, or the name and the brackets of the list that it is in.
  const chars = JSON.stringify(value).length + 1;
  if (chars > room.chars) return false;
  room.chars -= chars;
  return true;
}
