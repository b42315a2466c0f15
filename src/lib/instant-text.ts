import { instant } from "./instant.ts";

/** A time as RFC 3339 text in UTC, with milliseconds. */
export function formatInstant(ms: number): string {
  // oxlint-disable-next-line no-restricted-globals -- the text of a given number is a pure function of it
  return new Date(ms).toISOString();
}

/** Milliseconds since the epoch of a time that has passed the schema. */
export function millis(text: string): number {
  return instant(text) ?? Number.NaN;
}
