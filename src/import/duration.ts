import type { Place } from "./place.ts";

/** GEP-2257: up to four numbers of at most five digits, each with its unit. */
const DURATION = /^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/;

const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

const isUnit = (text: string): text is keyof typeof UNIT_MS => Object.hasOwn(UNIT_MS, text);

/** A duration of the Gateway API (`1h30m`, `500ms`) in milliseconds, or `undefined` where a text is none. */
function durationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, digits = "0", unit = ""] of text.matchAll(/(\d+)(h|ms|m|s)/g))
    if (isUnit(unit)) sum += Number(digits) * UNIT_MS[unit];
  return sum;
}

/** The milliseconds of a duration at a place, which must hold one. */
export function readDuration(place: Place): number | undefined {
  const text = place.text({ form: DURATION, must: "a duration such as 500ms, 10s or 1h30m" });
  return text === undefined ? undefined : durationMs(text);
}
