/**
 * Regular expressions matched by sets of positions (Thompson 1968): what a part leads to from all
 * positions at once is one set, a bit for each position. So choices add up where a backtracking
 * engine multiplies them, and the work is linear in the expression, whatever the value.
 */

/** Positions of a value between its code points, the one before the first as the lowest bit. */
export type Positions = bigint;

/** A part of an expression: the positions that it leads to from others. */
export type Part = (from: Positions, value: Value) => Positions;

/** How often a quantifier repeats, at least and at most; infinite where it has no bound. */
export type Bounds = readonly [low: number, high: number];

/** A value with what has been found out about it. */
export class Value {
  /** Where the value ends. */
  readonly end: Positions;
  readonly #text: string;
  /** The positions before each code point of the value. */
  readonly #places = new Map<string, Positions>();
  readonly #found = new Map<string, Positions>();

  constructor(text: string) {
    this.#text = text;
    let place = 1n;
    for (const point of text) {
      this.#places.set(point, (this.#places.get(point) ?? 0n) | place);
      place <<= 1n;
    }
    this.end = place;
  }

  /** The positions before a code point that a piece of an expression fits. */
  before(piece: string): Positions {
    return this.#once(piece, () => {
      const pattern = new RegExp(`^(?:${piece})$`, "u");
      let all = 0n;
      for (const [point, places] of this.#places) if (pattern.test(point)) all |= places;
      return all;
    });
  }

  /** The positions where an assertion holds. */
  where(assertion: string): Positions {
    return this.#once(assertion, () => {
      const pattern = new RegExp(assertion, "uy");
      let all = 0n;
      let place = 1n;
      for (let index = 0; ;) {
        pattern.lastIndex = index;
        if (pattern.test(this.#text)) all |= place;
        const point = this.#text.codePointAt(index);
        if (point === undefined) return all;
        place <<= 1n;
        index += String.fromCodePoint(point).length;
      }
    });
  }

  #once(piece: string, find: () => Positions): Positions {
    let found = this.#found.get(piece);
    if (found === undefined) {
      // A piece of one code point that is not a sign stands for itself, and most are.
      found = /^[\w -]$/.test(piece) ? (this.#places.get(piece) ?? 0n) : find();
      this.#found.set(piece, found);
    }
    return found;
  }
}

/** One code point that a piece fits. */
export const character =
  (piece: string): Part =>
  (from, value) =>
    (from & value.before(piece)) << 1n;

/** Where an assertion holds. */
export const assertion =
  (piece: string): Part =>
  (from, value) =>
    from & value.where(piece);

/** One part after another. */
export const sequence =
  (parts: readonly Part[]): Part =>
  (from, value) =>
    parts.reduce((here, part) => (here === 0n ? here : part(here, value)), from);

/** Any one of several parts. */
export const either =
  (parts: readonly Part[]): Part =>
  (from, value) =>
    parts.reduce((all, part) => all | part(from, value), 0n);

/**
 * As often as the bounds say. A single `piece` without a bound needs no turns: a carry runs through
 * all that fit in a row as it does through the digits of a sum.
 */
export function repeated(part: Part, [low, high]: Bounds, piece?: string): Part {
  return (from, value) => {
    let here = from;
    for (let count = 0; count < low && here !== 0n; count += 1) here = part(here, value);
    if (piece !== undefined && high === Infinity) {
      const places = value.before(piece);
      return (((here & places) + places) ^ places) | here;
    }
    let all = here;
    for (let count = low; count < high && here !== 0n; count += 1) {
      here = part(here, value) & ~all;
      all |= here;
    }
    return all;
  };
}

/** Values that are remembered, more than one request has under a name that rules ask for. */
const MAX_KNOWN = 64;

/** The values that were looked at last: all rules that one request meets look at the same ones. */
const known = new Map<string, Value>();

/** Whether a value fits an expression whole. */
export function fitsWhole(expression: Part, text: string): boolean {
  let value = known.get(text);
  if (value === undefined) {
    if (known.size === MAX_KNOWN) known.clear();
    value = new Value(text);
    known.set(text, value);
  }
  return (expression(1n, value) & value.end) !== 0n;
}
