import { usage } from "./failure.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time in seconds: `90`, `90s`, `30m`, `2h`, `7d`. Throws a usage failure for anything else. */
export function secondsOf(option: string, text: string): number {
  const [, count, unit = "s"] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (count === undefined)
    throw usage(
      `${option} must be a length of time, not "${text}"`,
      "write for example 30m, 2h or 7d",
    );
  return Number(count) * (UNITS[unit] ?? 1);
}

/** A whole number within its bounds. */
export function wholeOf(option: string, text: string, low: number, high: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw usage(`${option} must be a whole number from ${low} to ${high}, not "${text}"`, "mend it");
}

/** A share in percent. */
export function percentOf(option: string, text: string): number {
  const value = /^\d{1,3}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 100) return value;
  throw usage(`${option} must be a number from 0 to 100, not "${text}"`, "write for example 25");
}
