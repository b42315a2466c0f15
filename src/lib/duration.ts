import { instant } from "./instant.ts";

/** What a text means, or what is wrong with it and what to write instead. */
type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** Longer is a typing error, and the clock's text ends at some time: a hundred years of 365 days (s). */
export const MAX_DURATION_SECONDS = 3_153_600_000;

/** Each unit once, the largest first, as in `1h30m`; a number alone is seconds. */
const DURATION = /^(?:(\d{1,10})d)?(?:(\d{1,10})h)?(?:(\d{1,10})m)?(?:(\d{1,10})s?)?$/;

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const MINUTE_SECONDS = 60;

/** Characters of somebody's text that a message repeats: past this it no longer helps to find it. */
const MAX_QUOTED_CHARS = 60;

const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS - 1)}…` : text);

/**
 * A length of time in whole seconds: `90s`, `5m`, `1h30m`, `2d`, or `90`, which is seconds too. At
 * most {@link MAX_DURATION_SECONDS}. Never throws.
 */
export function parseDuration(text: string): Reading<number> {
  const parts = DURATION.exec(text);
  if (parts === null || text === "")
    return {
      ok: false,
      message: `must be a length of time, not ${quoted(text)}`,
      fix: "write for example 90s, 30m, 1h30m or 2d",
    };
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((digits: string | undefined) => Number(digits ?? 0));
  const value = days * DAY_SECONDS + hours * HOUR_SECONDS + minutes * MINUTE_SECONDS + seconds;
  if (value > MAX_DURATION_SECONDS)
    return {
      ok: false,
      message: `must be at most ${MAX_DURATION_SECONDS / DAY_SECONDS} days, not ${quoted(text)}`,
      fix: "write a shorter time",
    };
  return { ok: true, value };
}

/**
 * An instant in milliseconds since the epoch: an RFC 3339 time with its zone, `now`, or a length of
 * time from `now` (itself milliseconds since the epoch) on, `+5m`, or back, `-2h`. Never throws.
 */
export function parseWhen(text: string, now: number): Reading<number> {
  if (text === "now") return { ok: true, value: now };
  if (/^[+-]/.test(text)) {
    const length = parseDuration(text.slice(1));
    if (!length.ok) return length;
    return { ok: true, value: now + (text.startsWith("-") ? -1000 : 1000) * length.value };
  }
  const value = instant(text);
  if (value !== undefined) return { ok: true, value };
  return {
    ok: false,
    message: `must be a time that exists, with its zone (RFC 3339), not ${quoted(text)}`,
    fix: 'write for example "2026-12-01T09:00:00Z", "now" or "+5m"',
  };
}
