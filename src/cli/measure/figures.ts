import { millis } from "../../lib/instant-text.ts";
import { shorten } from "../../lib/shorten.ts";
import type { Io } from "../io.ts";
import { grouped, percent } from "../text/bars.ts";
import { plain } from "../text/plain.ts";
import { style } from "../text/style.ts";

/** Columns that the output fits into: those of the smallest terminal that anybody has. */
export const WIDTH = 80;

/** Stands for a figure that there is none of. */
export const NONE = "–";

/** A name of somebody's, in so many characters at most. */
export const shortName = (name: string, most: number): string => shorten(plain(name), most);

/** A share of 1 as percent, or a dash. */
export const percentOr = (share: number | null | undefined): string =>
  share == null ? NONE : percent(share);

/** A share of failures, red where there are some. */
export function failed(io: Io, share: number | null | undefined): string {
  const text = percentOr(share);
  return share != null && share > 0 ? style(io, "red", text) : text;
}

/** A latency, or a dash. */
export const milliseconds = (ms: number | null | undefined): string =>
  ms == null ? NONE : `${grouped(Math.round(ms))} ms`;

const SECOND_MS = 1000;
const UNITS = [
  { unit: "s", ms: SECOND_MS },
  { unit: "min", ms: 60 * SECOND_MS },
  { unit: "h", ms: 3600 * SECOND_MS },
  { unit: "d", ms: 86_400 * SECOND_MS },
] as const;

/** How long ago an instant was, in the largest unit that it fills; a dash for none. */
export function ageOf(at: string | null, now: number): string {
  if (at === null) return NONE;
  const ms = Math.max(0, now - millis(at));
  const { unit, ms: one } = UNITS.findLast((each) => ms >= each.ms) ?? UNITS[0];
  return Number.isNaN(ms) ? NONE : `${Math.floor(ms / one)} ${unit}`;
}

const COLOURS = { ok: "green", warn: "yellow", alert: "red" } as const;

/** What the test of the sample ratio says. */
export const splitWord = (io: Io, verdict: "ok" | "warn" | "alert"): string =>
  style(io, COLOURS[verdict], verdict);

const GUARD_COLOURS = {
  healthy: "green",
  watching: "cyan",
  alerted: "yellow",
  acted: "red",
} as const;

/** What a guard says; a dash where there is none. */
export const guardWord = (io: Io, verdict: keyof typeof GUARD_COLOURS | null | undefined): string =>
  verdict == null ? NONE : style(io, GUARD_COLOURS[verdict], verdict);
