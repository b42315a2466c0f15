import type { Trail } from "./draft.ts";
import type { Place } from "./place.ts";
import type { ObjectReports } from "./report.ts";

/** The paths that an entry is for: one, all at or below one, or those that a regular expression fits whole. */
export interface PathMatch {
  readonly kind: "exact" | "prefix" | "regex";
  /** In normal form; a prefix without its trailing slash, so that of every path it is empty. */
  readonly value: string;
}

/** What may lead to a policy, and the policy: one line of a key's table. */
export interface Entry extends Target {
  /** The objects that it was made from: it stands and falls with all of them. */
  readonly owners: readonly ObjectReports[];
  /** Where the match stands, and the parts of it by the JSON path of the condition made of them. */
  readonly place: Place;
  readonly matchTrail: Trail;
  /** Where the rules of the object stand. */
  readonly rules: Place;
  /** What a rule made of it would like to be called. */
  readonly name: string;
  readonly path: PathMatch;
  /** What must hold besides the path, as `match` of a policy says it. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** The greater in the first number that differs goes first; of equals the earlier. */
  readonly rank: readonly number[];
}

/** What entries lead to. Several may share one. */
export interface Target {
  readonly policy: unknown;
  readonly trail: Trail;
  /** Characters of the policy as JSON. */
  readonly chars: number;
}

/** A policy that entries may lead to. */
export const targetOf = (policy: unknown, trail: Trail): Target => ({
  policy,
  trail,
  chars: JSON.stringify(policy).length,
});

/** Entries by the key that they are for. */
export type Table = readonly (readonly [key: string, entries: readonly Entry[]])[];

/** Whether every request for its paths is the entry's. */
export const isPure = ({ conditions }: Entry): boolean => Object.keys(conditions).length === 0;

/** Entries by precedence: a stable sort by rank. */
export function byPrecedence(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => {
    const at = a.rank.findIndex((rank, index) => rank !== b.rank[index]);
    return at === -1 ? 0 : (b.rank[at] ?? 0) - (a.rank[at] ?? 0);
  });
}

/** A path and everything above it on segment boundaries: `/a/b`, `/a`, and the empty prefix of every path. */
export function* upwards(path: string): Generator<string> {
  let end = path.length;
  while (end > 0) {
    yield path.slice(0, end);
    end = path.lastIndexOf("/", end - 1);
  }
  yield "";
}
