import { murmur3 } from "../lib/hash.ts";

/** Of the cookie's value; a value that begins with another counts as absent. */
export const COOKIE_VERSION = "1";

/** Splits one visitor may be pinned in at once; the oldest go first. */
export const MAX_PINS = 20;

/** Characters of a cookie's value, at most: version, id, two times and all pins. */
export const MAX_COOKIE_CHARS = 400;

const VALUE =
  /^1\.([A-Za-z0-9_-]{22})\.([0-9a-z]{1,9})\.([0-9a-z]{1,9})((?:\.[0-9a-z]{1,7}-[0-9a-z]{1,7})*)$/;

/** The variant a visitor keeps in one split. */
export interface Pin {
  /** Hash of the split's effective salt: a new epoch is a new split. */
  readonly split: string;
  /** Hash of the variant's name. */
  readonly variant: string;
}

/** What the cookie says of a visitor. */
export interface Visitor {
  readonly id: string;
  /** When they were first seen (ms). */
  readonly seenAt: number;
  /** When the cookie was last sent (ms). */
  readonly sentAt: number;
  /** Oldest first. */
  readonly pins: readonly Pin[];
}

const short = (text: string): string => murmur3(text, 0).toString(36);

/** The pin of a variant in the split with this effective salt. */
export function pinOf(salt: string, variant: string): Pin {
  return { split: short(salt), variant: short(variant) };
}

/** The same pins with this one as the newest, within {@link MAX_PINS}. */
export function withPin(pins: readonly Pin[], pin: Pin): Pin[] {
  return [...pins.filter(({ split }) => split !== pin.split), pin].slice(-MAX_PINS);
}

/** The cookie's value: `1.<id>.<seen>.<sent>` and `.<split>-<variant>` per pin; times in ms, base 36. */
export function encodeVisitor({ id, seenAt, sentAt, pins }: Visitor): string {
  const times = `${seenAt.toString(36)}.${sentAt.toString(36)}`;
  return [COOKIE_VERSION, id, times, ...pins.map((pin) => `${pin.split}-${pin.variant}`)].join(".");
}

/** The visitor a cookie's value names, or `undefined` where it is malformed, too long or of another version. */
export function decodeVisitor(value: string): Visitor | undefined {
  if (value.length > MAX_COOKIE_CHARS) return undefined;
  const [, id, seen = "", sent = "", pinned = ""] = VALUE.exec(value) ?? [];
  if (id === undefined) return undefined;
  const pins = pinned === "" ? NO_PINS : pinsOf(pinned);
  if (pins.length > MAX_PINS) return undefined;
  return { id, seenAt: Number.parseInt(seen, 36), sentAt: Number.parseInt(sent, 36), pins };
}

const NO_PINS: readonly Pin[] = [];

function pinsOf(text: string): Pin[] {
  return text
    .slice(1)
    .split(".")
    .map((pair) => {
      const [split = "", variant = ""] = pair.split("-");
      return { split, variant };
    });
}
