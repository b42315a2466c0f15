import { formatInstant } from "../lib/instant-text.ts";
import { parseDuration, parseWhen } from "../lib/duration.ts";
import { usage } from "./failure.ts";

/** A length of time in seconds, as {@link parseDuration} reads it. Throws a usage failure that names the option. */
export function secondsOf(option: string, text: string): number {
  const read = parseDuration(text);
  if (!read.ok) throw usage(`${option} ${read.message}`, read.fix);
  return read.value;
}

/** An instant as RFC 3339 text in UTC, as {@link parseWhen} reads it. Throws a usage failure that names the option. */
export function whenOf(option: string, text: string, now: number): string {
  const read = parseWhen(text, now);
  if (!read.ok) throw usage(`${option} ${read.message}`, read.fix);
  return formatInstant(read.value);
}

/** A whole number within its bounds. */
export function wholeOf(option: string, text: string, low: number, high: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw usage(
    `${option} must be a whole number from ${low} to ${high}, not "${text}"`,
    `write for example ${Math.min(high, Math.max(low, 50))}`,
  );
}

/** A share in percent. */
export function percentOf(option: string, text: string): number {
  const value = /^\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw usage(`${option} must be a number from 0 to 100, not "${text}"`, "write for example 25");
}

/** A share in percent, with or without its sign, as a share of 1. */
export const shareOf = (option: string, text: string): number =>
  percentOf(option, text.replace(/ ?%$/, "")) / 100;

/** More a minute than any route has. */
const MAX_RATE = 1e9;

/** So many in a minute, above 0. */
export function rateOf(option: string, text: string): number {
  const value = /^\d{1,10}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= MAX_RATE) return value;
  throw usage(
    `${option} must be a number above 0, so many a minute, not "${text}"`,
    "write for example 600",
  );
}
