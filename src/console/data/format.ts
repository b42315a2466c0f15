const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** Below this share a percentage says less than "< 0.01 %" does. */
const LEAST_SHARE = 0.0001;

/** A whole number, its thousands apart. */
export const count = (value: number): string => COUNT.format(value);

/** How often in a minute: one digit below ten, whole numbers above. */
export const rate = (value: number): string => (value < 10 ? SMALL : COUNT).format(value);

/** A share from 0 to 1 in percent: two digits below ten percent, one above; never 0 for what is not. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  if (share > 0 && share < LEAST_SHARE) return "< 0.01 %";
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  return `${value.toFixed(value < 10 ? 2 : 1)} %`;
}

/** A share in percent with no more digits than it has; tenths at most, but never 0 for what is not. */
const short = (share: number): string =>
  share > 0 && share < 0.001 ? percent(share) : `${Number((share * 100).toFixed(1))} %`;

/** Shares by name, in the order that gives each its colour: an object would put a variant "1" before all others. */
export type Shares = readonly (readonly [name: string, share: number])[];

/** Shares in words: "stable 80 %, canary 20 %". */
export const shareWords = (shares: Shares): string =>
  shares.map(([name, share]) => `${name} ${short(share)}`).join(", ");

/** A change in percent, with its sign: a real minus. */
export function signedPercent(change: number): string {
  const told = percent(Math.abs(change));
  return change === 0 ? told : `${change < 0 ? "−" : "+"}${told}`;
}

/** Milliseconds, as short as they can be read. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value < 10 ? `${SMALL.format(value)} ms` : `${COUNT.format(value)} ms`;
}

/** An instant on this machine's clock. */
export const localTime = (at: number | string): string => LOCAL.format(new Date(at));

/** The hour of an instant on this machine's clock. */
export const localClock = (at: number | string): string => CLOCK.format(new Date(at));

/** An instant in UTC, to the second: of RFC 3339 as `Date` writes it. */
export const utcTime = (iso: string): string => `${iso.slice(0, 19).replace("T", " ")} UTC`;

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How far an instant is from now, on either side of it: "3 minutes ago", "in 2 hours". */
export function relative(at: number, now: number): string {
  const ms = at - now;
  const [unit, size] = UNITS.find(([, one]) => Math.abs(ms) >= one) ?? ["second", 1000];
  return RELATIVE.format(Math.trunc(ms / size), unit);
}

/** How long ago something was that did happen: "now" where this machine's clock has not come to it yet, and never "in 1 second". */
export const since = (at: number, now: number): string => relative(Math.min(at, now), now);
