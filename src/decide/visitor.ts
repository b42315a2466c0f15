import { murmur3 } from "../lib/hash.ts";

/** Of the cookie's value; a value that begins with another counts as absent. */
export const COOKIE_VERSION = "1";

/** Splits one visitor may be pinned in at once; the oldest go first. */
export const MAX_PINS = 64;

/** Pins that fell out and are still told apart from new ones: as many as fit into the cookie beside the pins. */
export const MAX_FALLEN = 240;

/** Characters of a cookie's value, at most: browsers keep 4 KiB for one cookie, and servers in front of origins often take 8 KiB of fields in all. */
export const MAX_COOKIE_CHARS = 2048;

/** Characters of one mark: 20 bits, so that one new pin in 7 000 is taken for one that fell out. */
const MARK_CHARS = 4;

const VALUE =
  /^1\.([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{5})?\.([0-9a-z]{1,9})\.([0-9a-z]{1,9})(\..+)?$/;

/** What stands behind the times: pins, and marks of those that fell out. */
const REST = /^((?:\.[0-9a-z]{1,7}[-_][0-9a-z]{1,7})*)(?:\.~((?:[0-9a-z]{4})+))?$/;

/** The variant a visitor keeps in one split. */
export interface Pin {
  /** Hash of the split's effective salt: a new epoch is a new split. */
  readonly split: string;
  /** Hash of the variant's name. */
  readonly variant: string;
  /** A rule chose it, no draw: its visits count in no statistics. */
  readonly byRule?: true;
}

/** What the cookie says of a visitor. */
export interface Visitor {
  readonly id: string;
  /** What stands behind the id, good or not (`idCheck`); absent where nothing does. */
  readonly check?: string;
  /** When they were first seen (ms). */
  readonly seenAt: number;
  /** When the cookie was last sent (ms). */
  readonly sentAt: number;
  /** Oldest first. */
  readonly pins: readonly Pin[];
  /** Marks of pins that fell out, oldest first, end to end; absent where none did. */
  readonly fallen?: string;
}

const short = (text: string): string => murmur3(text, 0).toString(36);

/** The pin of a variant in the split with this effective salt, as a draw makes it. */
export function pinOf(salt: string, variant: string): Pin {
  return { split: short(salt), variant: short(variant) };
}

function markOf({ split, variant }: Pin): string {
  return (murmur3(`${split}-${variant}`, 0) % 36 ** MARK_CHARS)
    .toString(36)
    .padStart(MARK_CHARS, "0");
}

function hasMark(fallen: string, mark: string): boolean {
  for (let at = 0; at < fallen.length; at += MARK_CHARS)
    if (fallen.startsWith(mark, at)) return true;
  return false;
}

const isCrowded = (fallen: string): boolean => fallen.length >= MAX_FALLEN * MARK_CHARS;

/**
 * The visitor with this pin as the newest, the oldest gone where there are {@link MAX_PINS} already.
 * `undefined` where the cookie is to stay as it is: the pin is there, or the cookie is full and this
 * very pin fell out of it before. Else a visitor of more splits than fit would get a new cookie with
 * every answer. Where the marks of what fell out fill the cookie too, nothing is added until
 * {@link renewed} makes room.
 */
export function withPin(visitor: Visitor, pin: Pin): Visitor | undefined {
  const { pins, fallen = "" } = visitor;
  const own = pins.find(({ split }) => split === pin.split);
  if (own?.variant === pin.variant && own.byRule === pin.byRule) return undefined;
  const others = own === undefined ? pins : pins.filter((one) => one !== own);
  const [oldest] = others;
  if (oldest === undefined || others.length < MAX_PINS)
    return { ...visitor, pins: [...others, pin] };
  if (isCrowded(fallen) || hasMark(fallen, markOf(pin))) return undefined;
  return { ...visitor, pins: [...others.slice(1), pin], fallen: fallen + markOf(oldest) };
}

/**
 * One visitor of two cookies, which a browser keeps apart by path and domain: of a split that both
 * have a pin of, the one that was sent last counts, and where that has all pins of the other, it
 * stands for both. Else a pin would be out of sight behind an older cookie, and be set again with every answer.
 */
export function joined(one: Visitor, other: Visitor): Visitor {
  const [older, newer] = one.sentAt < other.sentAt ? [one, other] : [other, one];
  const only = older.pins.filter((pin) => newer.pins.every(({ split }) => split !== pin.split));
  return only.length === 0
    ? newer
    : { ...newer, sentAt: older.sentAt, pins: [...only, ...newer.pins].slice(-MAX_PINS) };
}

/** The visitor as a renewed cookie says it: marks of fallen pins that leave no room for more are dropped. */
export function renewed(visitor: Visitor): Visitor {
  if (visitor.fallen === undefined || !isCrowded(visitor.fallen)) return visitor;
  const { fallen: _, ...rest } = visitor;
  return rest;
}

/**
 * The cookie's value: `1.<id><check>.<seen>.<sent>`, `.<split>-<variant>` for each pin that a draw made,
 * `.<split>_<variant>` for each that a rule made, and `.~` with the marks of pins that fell out;
 * times in ms, all numbers in base 36.
 */
export function encodeVisitor({ id, check = "", seenAt, sentAt, pins, fallen }: Visitor): string {
  const parts = [COOKIE_VERSION, id + check, seenAt.toString(36), sentAt.toString(36)];
  for (const { split, variant, byRule } of pins)
    parts.push(`${split}${byRule === true ? "_" : "-"}${variant}`);
  if (fallen !== undefined) parts.push(`~${fallen}`);
  return parts.join(".");
}

/** The visitor a cookie's value names, or `undefined` where it is malformed, too long or of another version. */
export function decodeVisitor(value: string): Visitor | undefined {
  if (value.length > MAX_COOKIE_CHARS) return undefined;
  const [, id, check, seen = "", sent = "", rest] = VALUE.exec(value) ?? [];
  if (id === undefined) return undefined;
  const who = check === undefined ? { id } : { id, check };
  const seenAt = Number.parseInt(seen, 36);
  const sentAt = Number.parseInt(sent, 36);
  // Most cookies end here: only a split that pins writes more.
  if (rest === undefined) return { ...who, seenAt, sentAt, pins: NO_PINS };
  const [, pinned, fallen] = REST.exec(rest) ?? [];
  if (pinned === undefined) return undefined;
  const pins = pinned === "" ? NO_PINS : pinsOf(pinned);
  if (pins.length > MAX_PINS) return undefined;
  if (fallen === undefined) return { ...who, seenAt, sentAt, pins };
  if (fallen.length > MAX_FALLEN * MARK_CHARS) return undefined;
  return { ...who, seenAt, sentAt, pins, fallen };
}

const NO_PINS: readonly Pin[] = [];

function pinsOf(text: string): Pin[] {
  return text
    .slice(1)
    .split(".")
    .map((pair) => {
      const byRule = pair.includes("_");
      const [split = "", variant = ""] = pair.split(byRule ? "_" : "-");
      return byRule ? { split, variant, byRule } : { split, variant };
    });
}
