import type * as v from "valibot";

import { MAX_COMPARED_CHARS } from "../limits.ts";

/** Brings a text into the spelling it is compared in. */
export type Fold = (value: string) => string;

/** A test of one value of a request, ready to run. */
export interface Predicate {
  /** Whether a value fits; `undefined` where the request has none. */
  readonly one: (value: string | undefined) => boolean;
  /** Whether the values of a field fit that may stand several times, or not at all. */
  readonly many: (values: readonly string[]) => boolean;
}

/** A look all through a value, which takes longer than to compare it. */
export interface Search {
  /** The regular expression that is looked for; absent where a text is. */
  readonly regex?: string;
}

/** One way to say what a value must be: `{ "prefix": "a" }` is the one named `prefix`. */
export interface PredicateDefinition<TWritten> {
  /** What stands behind the name; `condition` is the schema of a condition inside this one. */
  schema(condition: v.GenericSchema): v.GenericSchema<TWritten>;
  /** The test; `nested` makes that of a condition inside this one. */
  compile(written: TWritten, fold: Fold, nested: (condition: unknown) => Predicate): Predicate;
  /** Every search that one test runs; `nested` tells those of a condition inside this one. */
  searches(written: TWritten, nested: (condition: unknown) => readonly Search[]): readonly Search[];
}

/** The test of a value that must be there and short enough to be compared: longer ones than {@link MAX_COMPARED_CHARS} never fit. */
export const comparing = (fits: (value: string) => boolean): Predicate =>
  present((value) => value.length <= MAX_COMPARED_CHARS && fits(value));

/** The test of a value that must be there; of repeated values one that fits is enough. */
export function present(fits: (value: string) => boolean): Predicate {
  return {
    one: (value) => value !== undefined && fits(value),
    many: (values) => values.some(fits),
  };
}
