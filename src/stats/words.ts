/** Digits of an interval's width that are told: one more than it is sure of. */
const WIDTH_DIGITS = 2;
const MAX_DECIMALS = 6;
const PERCENT = 100;

/** How many decimals tell a number that is known as closely as `width`. */
function decimalsFor(width: number): number {
  if (!(width > 0)) return WIDTH_DIGITS;
  const decimals = WIDTH_DIGITS - 1 - Math.floor(Math.log10(width));
  return Math.min(MAX_DECIMALS, Math.max(0, decimals));
}

/** A whole number in groups of three digits: 12 345. */
export const whole = (value: number): string =>
  Math.round(value)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, " ");

/** A number with its sign, a real minus and no -0. */
function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** A share of 1 in percent. */
export function percent(share: number): string {
  const value = share * PERCENT;
  return `${value.toFixed(value < 10 ? 2 : 1)} %`;
}

/** A difference and its interval: `+0.80 points (0.20 to 1.40)`; of shares in percentage points. */
export function differenceInWords(
  { difference, low, high }: Readonly<Record<"difference" | "low" | "high", number>>,
  unit: "points" | "value",
): string {
  const scale = unit === "points" ? PERCENT : 1;
  const decimals = decimalsFor((high - low) * scale);
  const bound = (value: number) => signed(value * scale, decimals).replace("+", "");
  const told = signed(difference * scale, decimals);
  return `${told}${unit === "points" ? " points" : ""} (${bound(low)} to ${bound(high)})`;
}

/** A probability: never 0, which nothing is. */
export const chance = (p: number): string =>
  p < 0.0001 ? "p < 0.0001" : `p = ${p.toPrecision(2)}`;

/** Names in a row: `a`, `a and b`, `a, b and c`. */
export const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
