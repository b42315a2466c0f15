import { join } from "../../../lib/issue.ts";

/** Who changed a place of a policy since the version that both began with. */
export type Who = "mine" | "theirs" | "both" | "clash";

/** Whose value stands in a place. */
export type Side = "mine" | "theirs";

/** Where one of the three has nothing. */
export const ABSENT = Symbol("absent");

/** A place in which the three differ. */
export interface Difference {
  /** A JSON path; items with names stand under those. */
  readonly path: string;
  readonly who: Who;
  /** Each is {@link ABSENT} where there is nothing. */
  readonly base: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
}

/** What comes of two edits of one policy. */
export interface Merged {
  readonly value: unknown;
  /** In the order of the policy; those of `clash` are for a person to decide. */
  readonly differences: readonly Difference[];
}

type Fields = ReadonlyMap<string, unknown>;
type Three<T> = readonly [base: T, theirs: T, mine: T];

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsOf = (value: object): Fields => new Map<string, unknown>(Object.entries(value));

/** A list as fields, where each item has a name of its own. */
function namedOf(value: unknown): Fields | undefined {
  if (!Array.isArray(value)) return undefined;
  const named = new Map<string, unknown>();
  for (const item of value) {
    const name: unknown = isObject(item) ? Reflect.get(item, "name") : undefined;
    if (typeof name !== "string" || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

const isEqual = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const [one, other] = [fieldsOf(a), fieldsOf(b)];
  return (
    one.size === other.size &&
    [...one].every(([name, value]) => other.has(name) && isEqual(value, other.get(name)))
  );
};

const order = (of: Fields, within: Fields): string =>
  JSON.stringify([...of.keys()].filter((name) => within.has(name)));

const isSameOrder = (a: Fields, b: Fields): boolean => order(a, b) === order(b, a);

/** Lists whose order only one of both changed, and only by what it added or took away: the order of rules and variants means something. */
function mergeable([base, theirs, mine]: Three<Fields>): boolean {
  if (!isSameOrder(base, theirs) || !isSameOrder(base, mine) || !isSameOrder(theirs, mine))
    return false;
  const adds = (side: Fields) => [...side.keys()].some((name) => !base.has(name));
  return !(adds(theirs) && adds(mine));
}

/** Every name of the three, where each side has it. */
function namesOf([base, theirs, mine]: Three<Fields>): string[] {
  const adds = [...theirs.keys()].some((name) => !mine.has(name));
  const [first, second] =
    adds && ![...mine.keys()].some((name) => !theirs.has(name)) ? [theirs, mine] : [mine, theirs];
  const names = [...first.keys()];
  for (const side of [second, base]) {
    let before = -1;
    for (const name of side.keys()) {
      const at = names.indexOf(name);
      if (at === -1) names.splice(before + 1, 0, name);
      before = at === -1 ? before + 1 : at;
    }
  }
  return names;
}

const at = (of: Fields, name: string): unknown => (of.has(name) ? of.get(name) : ABSENT);

/** Walks the three at once; what it is told of each place in which they differ, it takes for its value. */
class Walk {
  readonly #choices: ReadonlyMap<string, Side>;
  readonly differences: Difference[] = [];

  constructor(choices: ReadonlyMap<string, Side>) {
    this.#choices = choices;
  }

  merge(three: Three<unknown>, path: string): unknown {
    const [base, theirs, mine] = three;
    const inside = this.#inside(three, path);
    if (inside !== undefined) return inside;
    if (isEqual(theirs, mine)) {
      if (!isEqual(base, mine)) this.#tell({ path, who: "both", base, theirs, mine });
      return mine;
    }
    const who = isEqual(base, theirs) ? "mine" : isEqual(base, mine) ? "theirs" : "clash";
    return this.#tell({ path, who, base, theirs, mine });
  }

  #tell(one: Difference): unknown {
    this.differences.push(one);
    const side = this.#choices.get(one.path) ?? (one.who === "theirs" ? "theirs" : "mine");
    return one[side];
  }

  /** The fields merged one by one, where both sides have some; `undefined` where that is not so. */
  #inside([base, theirs, mine]: Three<unknown>, path: string): unknown {
    if (isObject(theirs) && isObject(mine) && (isObject(base) || base === ABSENT)) {
      const before = isObject(base) ? fieldsOf(base) : new Map<string, unknown>();
      const entries = this.#entries([before, fieldsOf(theirs), fieldsOf(mine)], path);
      return Object.fromEntries(entries);
    }
    const lists: Three<Fields | undefined> = [namedOf(base), namedOf(theirs), namedOf(mine)];
    const [before, other, own] = lists;
    if (before === undefined || other === undefined || own === undefined) return undefined;
    if (!mergeable([before, other, own])) return undefined;
    return this.#entries([before, other, own], path).map(([, item]) => item);
  }

  #entries(three: Three<Fields>, path: string): [string, unknown][] {
    const [base, theirs, mine] = three;
    return namesOf(three).flatMap((name): [string, unknown][] => {
      const sides = [at(base, name), at(theirs, name), at(mine, name)] as const;
      const value = this.merge(sides, join(path, name));
      return value === ABSENT ? [] : [[name, value]];
    });
  }
}

/**
 * Two edits of one policy brought together, as JSON: what only one of both touched is taken from that one, and
 * `choices`, by path, decide otherwise. Where both touched the same, mine stands until somebody has chosen.
 * Pure.
 */
export function merge(
  base: unknown,
  theirs: unknown,
  mine: unknown,
  choices: ReadonlyMap<string, Side> = new Map(),
): Merged {
  const walk = new Walk(choices);
  const value = walk.merge([base, theirs, mine], "$");
  return { value, differences: walk.differences };
}
